import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { type CommandOptions, type CommandResult, skilllite } from './support/command.js'
import { temporaryDirectory, writeSkill } from './support/skills.js'

const SECRET = 'sk-live-0123456789abcdef'
const root = temporaryDirectory()
const project = join(root, 'project')
const home = join(root, 'home')
const temporary = join(root, 'tmp')

/** Prints what it was given in several ways, and fails without the key. */
const script = `import json, os, subprocess, sys
print(json.dumps(dict(os.environ)))
key = os.environ['API_KEY']
sys.stdout.write(key[:7]); sys.stdout.flush(); print(key[7:])
print(key.encode().hex(), file=sys.stderr)
open(os.environ['SKILL_OUTPUT_DIR'] + '/' + key + '.txt', 'w').write('x')
open(os.environ['SKILL_OUTPUT_DIR'] + '/table.csv', 'w').write('a,b')
try: subprocess.run(['/bin/' + key])
except OSError: pass
sys.exit(key)
`

beforeAll(() => {
  for (const directory of [join(project, '.git'), home, temporary]) mkdirSync(directory, { recursive: true })
  const asks = 'metadata: {"openclaw": {"requires": {"env": ["API_KEY"], "bins": ["jq"]}}}\n'
  writeSkill(join(project, 'skills'), 'weather', { 'scripts/main.py': script }, { frontMatter: asks })
  writeSkill(join(project, 'skills'), 'other', { 'scripts/main.py': 'import os\nprint(dict(os.environ))\n' })
  writeSkill(join(project, 'skills'), 'reader', {
    'scripts/main.py': 'import sys\npath = sys.argv[1]\nprint(path, open(path).read())\n',
  })
})

/** The command in the project, in a home and with a temporary directory of its own. */
function inProject(
  args: readonly string[],
  { env, ...options }: CommandOptions = {},
): Promise<CommandResult> {
  return skilllite(args, { cwd: project, ...options, env: { HOME: home, TMPDIR: temporary, ...env } })
}

/** Every file below the directories in which the command may write, with its name, that holds the secret. */
function filesWithSecret(directory = root): readonly string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name)
    const named = entry.name.includes(SECRET) ? [path] : []
    if (entry.isDirectory()) return [...named, ...filesWithSecret(path)]
    return entry.isFile() && readFileSync(path, 'latin1').includes(SECRET) ? [...named, path] : named
  })
}

const config = (text: unknown): void =>
  writeFileSync(join(project, 'skilllite.config.json'), JSON.stringify(text))

describe('a secret', () => {
  test('that is granted to one skill is in no output and no file of ours, whatever command is used', async () => {
    config({ skills: { weather: { env: ['API_KEY'] } } })
    const env = { API_KEY: SECRET }
    const commands: readonly (readonly string[])[] = [
      ['run', 'weather'],
      ['run', 'weather', '--format', 'json'],
      ['run', 'weather', '--level', '2', '--output-dir', 'out'],
      ['run', 'weather', '--level', '1', '--format', 'json'],
      ['run', 'weather', '--backend', 'landlock'],
      ['run', 'weather', '--memory', '1', '--format', 'json'],
      ['run', 'other'],
      ['exec', 'weather', '--', 'python3', '-c', 'import os; print(os.environ)'],
      ['exec', 'other', '--', 'python3', '-c', 'import os; print(os.environ)'],
      ...['policy', 'show', 'tools', 'prompt', 'validate', 'scan'].map((name) => [
        name,
        ['validate', 'scan'].includes(name) ? 'skills/weather' : 'weather',
      ]),
      ['policy', 'weather', '--format', 'json'],
      ['list', '--format', 'json'],
      ['doctor', '--format', 'json'],
      ['run', 'weather', `--env`, `API KEY=${SECRET}`],
      ['run', 'weather', `--env`, `LD_PRELOAD=${SECRET}`],
    ]
    const results = await Promise.all(commands.map((args) => inProject(args, { env })))
    const [first, asJson] = results
    // The control: it was there to be printed.
    expect(first?.stdout).toMatch(/"API_KEY": "\[API_KEY\]"[\s\S]*\n\[API_KEY\]\n/)
    expect(first?.stderr).toContain('refused: the script tried to start /bin/[API_KEY]')
    expect(JSON.parse(asJson?.stdout ?? '')).toMatchObject({
      status: 'completed',
      artifacts: [{ name: 'table.csv', bytes: 3, mediaType: 'text/csv' }],
      leftOut: [{ path: '[API_KEY].txt', reason: 'its name holds the value of a secret' }],
    })
    const hex = Buffer.from(SECRET).toString('hex')
    const telling = results.filter(({ stdout, stderr }) =>
      [SECRET, hex].some((form) => (stdout + stderr).includes(form)),
    )
    expect(telling).toEqual([])
    expect(filesWithSecret()).toEqual([])
    // The control: the search would find it.
    writeFileSync(join(temporary, 'planted'), SECRET)
    expect(filesWithSecret()).toEqual([join(temporary, 'planted')])
  })

  test('that a skill asks for is shown, and missed in words', async () => {
    config({})
    const shown = await inProject(['show', 'weather'])
    expect(shown.stdout).toContain('environment: API_KEY\n  programs: jq\n')
    const run = await inProject(['run', 'weather'])
    expect(run.stderr).toContain('skilllite: hint: weather asks for API_KEY; grant it with --env API_KEY.\n')
    const unset = await inProject(['run', 'weather', '--env', 'API_KEY'])
    expect([unset.status, unset.stderr]).toEqual([
      125,
      expect.stringContaining('API_KEY on, but it is not set'),
    ])
  })

  test('stays where the user says so, and may come from .env beside the configuration', async () => {
    config({ skills: { weather: { env: ['API_KEY'] } } })
    writeFileSync(join(project, '.env'), `API_KEY=${SECRET}\n`)
    const kept = await inProject(['run', 'weather', '--no-redact'])
    expect(kept.stdout).toContain(SECRET)
    writeFileSync(join(project, '.env'), '')
  })
})

describe('a configuration', () => {
  test('is read by every command, and by none with --no-config', async () => {
    config({ skillsDir: 'nowhere' })
    const [plain, without, named] = await Promise.all([
      inProject(['list', '--format', 'json']),
      inProject(['list', '--format', 'json', '--no-config']),
      inProject(['list', '--config', 'skilllite.config.json', '--no-config']),
    ])
    const names = ({ stdout }: CommandResult) =>
      JSON.parse(stdout).skills.map((skill: { name: string }) => skill.name)
    expect(names(plain)).toEqual([])
    expect(names(without)).toEqual(['other', 'reader', 'weather'])
    expect([named.status, named.stderr]).toEqual([2, expect.stringContaining('exclude each other')])
  })

  test('of code is not run when a shell completes a name', async () => {
    const file = join(project, 'skilllite.config.ts')
    writeFileSync(
      file,
      `import { writeFileSync } from 'node:fs'\nwriteFileSync(${JSON.stringify(join(root, 'ran'))}, '')\nexport default {}\n`,
    )
    const ran = () => statSync(join(root, 'ran'), { throwIfNoEntry: false }) !== undefined
    expect((await inProject(['completion', 'names'])).stdout).toContain('weather\n')
    expect(ran()).toBe(false)
    await inProject(['list'])
    expect(ran()).toBe(true)
    writeFileSync(file, 'export default {}')
  })

  test('is seen in the policy, with flags, variables and defaults beside it', async () => {
    config({
      defaults: { memoryMb: 99 },
      skills: { weather: { allowHosts: ['api.example.org'], timeoutMs: 5000 } },
    })
    const args = [
      'policy',
      'weather',
      '--config',
      'skilllite.config.json',
      '--timeout',
      '7',
      '--env',
      'MODE=x',
    ]
    const { stdout } = await inProject([...args, '--format', 'json'], { env: { SKILLLITE_LEVEL: '2' } })
    const { lines, config: file } = JSON.parse(stdout) as {
      lines: { text: string; origin?: string }[]
      config: string
    }
    const origin = (start: string) => lines.find(({ text }) => text.startsWith(start))?.origin
    expect(file).toBe(join(project, 'skilllite.config.json'))
    expect({
      level: origin('2: sandbox'),
      host: origin('connect to api.example.org'),
      time: origin('wallMs 7000'),
      memory: origin('memoryBytes 103809024'),
      variable: origin('MODE=…'),
      pids: origin('pids'),
    }).toEqual({
      level: 'SKILLLITE_LEVEL in the environment',
      host: `${file}#skills.weather.allowHosts`,
      time: '--timeout',
      memory: `${file}#defaults.memoryMb`,
      variable: '--env',
      pids: 'default',
    })
    const text = await inProject(args)
    expect(text.stdout).toMatch(/wallMs 7000 .*--timeout\n/)
  })

  test('in the directory of a skill is not looked at', async () => {
    writeFileSync(join(project, 'skills/weather/skilllite.config.json'), 'not even JSON')
    const { status, stderr } = await inProject(['policy', '.', '--format', 'json'], {
      cwd: join(project, 'skills/weather'),
    })
    expect([status, stderr]).toEqual([0, ''])
  })
})

describe('--files arguments', () => {
  test('lets a script read the file that an argument names, at a path that the user knows', async () => {
    config({})
    writeFileSync(join(project, 'data.csv'), 'a,b')
    symlinkSync('/etc/shadow', join(project, 'link.csv'))
    const read = (path: string, ...more: string[]) => inProject(['run', 'reader', `path=${path}`, ...more])
    const [granted, listed, secret] = await Promise.all([
      read('data.csv', '--files', 'arguments'),
      read('data.csv'),
      read('link.csv', '--files', 'arguments'),
    ])
    expect(granted).toMatchObject({ status: 0, stdout: `${join(project, 'data.csv')} a,b\n` })
    expect([listed.status, secret.status]).toEqual([1, 1])
    expect(secret.stderr).toContain('"link.csv" is not granted to the run: it belongs to the system')
  })

  test('keeps what the run leaves where --output-dir says, with its type', async () => {
    const { stderr } = await inProject(['run', 'weather', '--env', 'API_KEY=x-1', '--output-dir', 'kept'])
    expect(stderr).toContain(`kept: ${join(project, 'kept', 'table.csv')} (3 bytes, text/csv)\n`)
    expect(readFileSync(join(project, 'kept', 'table.csv'), 'utf8')).toBe('a,b')
  })
})
