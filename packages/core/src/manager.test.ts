import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SkillManager } from './manager.js'
import type { RunOptions } from './sandbox/run-options.js'
import type { CompletedRun } from './sandbox/run-result.js'

const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'manager-')))

/** Writes a skill with these files; front matter lines may follow the description. */
function writeSkill(name: string, files: Readonly<Record<string, string>>, extra = ''): string {
  const directory = path.join(root, 'skills', name)
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(directory, file)), { recursive: true })
    writeFileSync(path.join(directory, file), text)
  }
  writeFileSync(
    path.join(directory, 'SKILL.md'),
    `---\nname: ${name}\ndescription: Does ${name}.\n${extra}---\n`,
  )
  return directory
}

/** A front matter line: the script takes any JSON object. */
const anyInput = 'input_schema: {type: object}\n'

const actions = `
import json, os, subprocess, sys, time
args = json.load(sys.stdin)
def action(do, value=None):
    if do == 'sleep': print('started', flush=True); time.sleep(60)
    if do == 'spin':
        while True: pass
    if do == 'flood':
        while True: print('y' * 1000)
    if do == 'allocate': return len(bytearray(1 << 30))
    if do == 'exit': sys.exit(value)
    if do == 'read': return open(value).read()
    if do == 'write': return open(value, 'w').write('new')
    if do == 'list': return sorted(os.listdir(value))
    if do == 'environment': return dict(os.environ)
    if do == 'bytes': sys.stdout.buffer.write(bytes(value)); sys.exit()
    if do == 'start': return subprocess.run(value, capture_output=True, text=True).stdout
    if do == 'plant':
        os.makedirs(os.environ['SKILL_OUTPUT_DIR'] + '/.skilllite')
        for name in value: open(os.environ['SKILL_OUTPUT_DIR'] + '/' + name, 'w').write('x')
    if do == 'leave':
        os.mkdir(os.environ['SKILL_OUTPUT_DIR'] + '/d')
        open(os.environ['SKILL_OUTPUT_DIR'] + '/d/report.txt', 'w').write('kept')
        os.symlink('/etc/passwd', os.environ['SKILL_OUTPUT_DIR'] + '/link')
    return args
print(json.dumps(action(**args)))
`

let manager: SkillManager
beforeAll(async () => {
  // Of its own, so that what a run leaves behind can be told from what other processes do.
  process.env.TMPDIR = path.join(root, 'tmp')
  mkdirSync(process.env.TMPDIR)
  writeSkill('act', { 'main.py': actions }, anyInput)
  writeSkill(
    'greet',
    {
      'scripts/main.mjs':
        "import fs from 'node:fs'\nconsole.log(JSON.parse(fs.readFileSync(0, 'utf8')).name)\n",
    },
    anyInput,
  )
  writeSkill('pdf', {
    'scripts/fill_form.py': 'print("fill")\n',
    'scripts/merge.sh': '#!/bin/sh\necho merge\n',
  })
  writeSkill('notes', { 'notes.txt': '' })
  writeSkill(
    'odd',
    { 'main.py': 'print(1)\n' },
    'input_schema:\n  type: object\n  properties:\n    a: { type: strng }\n',
  )
  writeSkill('shell', { 'main.sh': '#!/bin/sh\ncat | tr a-z A-Z | awk \'{print $0 "!"}\'\n' }, anyInput)
  writeSkill('needy', { 'main.py': 'import pandas9\nprint(pandas9)\n', 'requirements.txt': 'pandas9>=2\n' })
  manager = await SkillManager.load({ skillsDir: path.join(root, 'skills') })
})
afterAll(() => rmSync(root, { recursive: true }))

async function act(args: object, options: RunOptions = {}): Promise<CompletedRun> {
  const result = await manager.run('act', args as Record<string, unknown>, options)
  if (result.status !== 'completed') throw new Error(result.status)
  return result
}

describe('SkillManager.load()', () => {
  test('offers a tool for each runnable script and a diagnostic for a schema that cannot be used', () => {
    expect(manager.tools().map(({ name, script }) => [name, script])).toEqual([
      ['act', 'main.py'],
      ['greet', 'scripts/main.mjs'],
      ['needy', 'main.py'],
      ['pdf_fill_form', 'scripts/fill_form.py'],
      ['pdf_merge', 'scripts/merge.sh'],
      ['shell', 'main.sh'],
    ])
    expect(manager.diagnostics).toContainEqual(
      expect.objectContaining({
        code: 'SKILL_SCHEMA_INVALID',
        message: expect.stringMatching(/odd in .*SKILL\.md.*\/properties\/a\/type/),
      }),
    )
  })

  test('takes the directory of one skill, relative to cwd', async () => {
    const one = await SkillManager.load({ skillsDir: './skills/greet', cwd: root })
    expect(one.skills.map(({ name }) => name)).toEqual(['greet'])
  })

  test('does not throw for a directory that is not there', async () => {
    const none = await SkillManager.load({ skillsDir: path.join(root, 'nowhere') })
    expect(none.skills).toEqual([])
    expect(none.diagnostics).toHaveLength(1)
  })
})

describe('names', () => {
  const lookups: [() => unknown, string, string][] = [
    [() => manager.tool('gret'), 'TOOL_UNKNOWN', 'greet'],
    [() => manager.tool('pdf'), 'TOOL_UNKNOWN', 'Name one'],
    [() => manager.tool('notes'), 'TOOL_UNKNOWN', 'instructions'],
    [() => manager.tool('odd'), 'SKILL_SCHEMA_INVALID', 'input_schema'],
    [() => manager.tool('pdf', 'scripts/merg.sh'), 'SCRIPT_UNKNOWN', 'scripts/merge.sh'],
    [() => manager.skill('gret'), 'SKILL_NOT_FOUND', 'greet'],
  ]
  test.each(lookups)('%s fails with %s and a way on', (lookup, code, hint) => {
    expect(lookup).toThrow(expect.objectContaining({ code, hint: expect.stringContaining(hint) }))
  })

  test('of tools lead back to exactly those', () => {
    expect(manager.tools().map(({ name }) => manager.tool(name))).toEqual(manager.tools())
  })

  test('lead to a script by tool, by skill and path, and by definition', async () => {
    const definition = manager.tool('pdf_merge')
    const runs = [
      manager.run('pdf_merge'),
      manager.run('pdf', {}, { script: './scripts/merge.sh' }),
      manager.run(manager.skill('pdf'), {}, { script: 'scripts/merge.sh' }),
      manager.run(definition),
    ]
    expect((await Promise.all(runs)).map((run) => run.status === 'completed' && run.output)).toEqual(
      Array(4).fill('merge'),
    )
  })
})

describe.each([1, 2] as const)('run() at level %i', (level) => {
  test('gives arguments on stdin and parses JSON from stdout', async () => {
    const run = await act({ do: 'echo', value: 'ü' }, { level })
    expect(run).toMatchObject({
      exitCode: 0,
      end: { kind: 'exited', code: 0 },
      output: { do: 'echo', value: 'ü' },
      stderr: '',
    })
    expect(run.isolation.level).toBe(level)
  })

  test('runs Node and shell scripts', async () => {
    expect(await manager.run('greet', { name: 'World' }, { level })).toMatchObject({
      output: 'World',
      exitCode: 0,
    })
    expect(await manager.run('shell', { a: 1 }, { level })).toMatchObject({
      output: '{"A":1}!',
      violations: [],
    })
  })

  test('passes the exit code on and names a missing module', async () => {
    expect(await act({ do: 'exit', value: 3 }, { level })).toMatchObject({ exitCode: 3 })
    expect(await manager.run('needy', {}, { level })).toMatchObject({
      exitCode: 1,
      hint: expect.stringContaining('module pandas9 (declared in requirements.txt)'),
    })
  })

  test('ends a script at its time limit', async () => {
    const run = await act({ do: 'sleep' }, { level, timeoutMs: 1_500 })
    expect(run).toMatchObject({ exitCode: 124, end: { kind: 'time', limitMs: 1_500 } })
  })

  test('ends a script that prints too much and keeps the first bytes', async () => {
    const run = await act({ do: 'flood' }, { level, limits: { stdoutBytes: 5_000 } })
    expect(run).toMatchObject({ exitCode: 137, end: { kind: 'output', stream: 'stdout', limitBytes: 5_000 } })
    expect([run.stdout.length, run.truncated]).toEqual([5_000, { stdout: true, stderr: false }])
  })

  test('ends a script when its signal fires, and does not start one after', async () => {
    const stop = new AbortController()
    const run = await act({ do: 'sleep' }, { level, signal: stop.signal, onStdout: () => stop.abort() })
    expect(run).toMatchObject({ exitCode: 143, end: { kind: 'cancelled' }, stdout: 'started\n' })
    expect(await act({ do: 'sleep' }, { level, signal: stop.signal })).toMatchObject({
      end: { kind: 'cancelled' },
      stdout: '',
    })
  })

  test('survives bytes that are not UTF-8', async () => {
    expect((await act({ do: 'bytes', value: [0xff, 0x7b] }, { level })).output).toBe('\ufffd{')
  })

  test('rejects with what an output listener threw', async () => {
    const onStdout = () => {
      throw new Error('listener')
    }
    await expect(act({ do: 'echo' }, { level, onStdout })).rejects.toThrow('listener')
  })

  test('keeps no file that would decide what later runs are granted', async () => {
    const outputDir = path.join(root, `planted-${level}`)
    const deciding = ['.env', '.skilllite/approvals.json', 'skilllite.config.mjs']
    const run = await act({ do: 'plant', value: [...deciding, 'config.mjs'] }, { level, outputDir })
    expect(run.artifacts.map(({ name }) => name)).toEqual(['config.mjs'])
    expect(run.leftOut.map(({ path: left }) => left).sort()).toEqual(deciding)
    expect(deciding.filter((name) => existsSync(path.join(outputDir, name)))).toEqual([])
  })

  test('collects regular files of the output directory and nothing else', async () => {
    const run = await act({ do: 'leave' }, { level })
    expect(run.artifacts).toEqual([
      { name: 'd/report.txt', path: expect.any(String), bytes: 4, mediaType: 'text/plain' },
    ])
    expect(run.leftOut).toEqual([{ path: 'link', reason: expect.any(String) }])
    const [artifact] = run.artifacts
    expect(readFileSync(artifact?.path ?? '', 'utf8')).toBe('kept')
    rmSync(path.resolve(artifact?.path ?? root, '../..'), { recursive: true })
  })

  test('keeps artifacts where the host says, and makes no directory that stays empty', async () => {
    const outputDir = path.join(root, `out-${level}`)
    await act({ do: 'echo' }, { level, outputDir })
    expect(existsSync(outputDir)).toBe(false)
    await act({ do: 'leave' }, { level, outputDir })
    expect(readdirSync(path.join(outputDir, 'd'))).toEqual(['report.txt'])
  })

  test('keeps artifacts where a link of the host leads, and leads out of there for no script', async () => {
    const [real, link, elsewhere] = ['real', 'link', 'elsewhere'].map((name) =>
      path.join(root, `${name}-${level}`),
    ) as [string, string, string]
    for (const directory of [real, elsewhere]) mkdirSync(directory)
    symlinkSync(real, link)
    const run = await act({ do: 'leave' }, { level, outputDir: link })
    expect(run.artifacts).toEqual([
      { name: 'd/report.txt', path: path.join(link, 'd/report.txt'), bytes: 4, mediaType: 'text/plain' },
    ])
    rmSync(path.join(real, 'd'), { recursive: true })
    symlinkSync(elsewhere, path.join(real, 'd'))
    const blocked = await act({ do: 'leave' }, { level, outputDir: link })
    expect(blocked.artifacts).toEqual([])
    expect(blocked.leftOut).toContainEqual({ path: 'd/report.txt', reason: 'cannot be copied' })
    expect(readdirSync(elsewhere)).toEqual([])
  })

  test('gives no variable of the host but those that it names', async () => {
    process.env.PLANTED_SECRET = 'planted'
    process.env.NAMED_SECRET = 'named'
    const { output } = await act({ do: 'environment' }, { level, env: { NAMED_SECRET: true, MODE: 'x' } })
    expect(Object.keys(output as object).sort()).toEqual(
      'HOME LANG MODE NAMED_SECRET PATH SKILL_DIR SKILL_NAME SKILL_OUTPUT_DIR TMPDIR TZ'.split(' '),
    )
    expect(output).toMatchObject({ NAMED_SECRET: 'named', SKILL_DIR: path.join(root, 'skills/act') })
  })

  test('refuses arguments before anything runs', async () => {
    await expect(manager.run('act', [] as never, { level })).rejects.toMatchObject({
      code: 'ARGUMENTS_INVALID',
    })
  })
})

describe('a sandboxed run', () => {
  const file = path.join(root, 'host', 'file')
  beforeAll(() => {
    mkdirSync(path.dirname(file))
    writeFileSync(file, 'old')
    chmodSync(file, 0o600)
  })

  test("sees none of the host's files until one is granted", async () => {
    expect(await act({ do: 'read', value: file })).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('FileNotFound'),
    })
    expect(await act({ do: 'read', value: file }, { allowRead: [file] })).toMatchObject({ output: 'old' })
  })

  test('changes a file of the host only where writing is granted', async () => {
    expect(await act({ do: 'write', value: file }, { allowRead: [file] })).toMatchObject({ exitCode: 1 })
    expect(readFileSync(file, 'utf8')).toBe('old')
    expect(await act({ do: 'write', value: file }, { allowWrite: [file] })).toMatchObject({ exitCode: 0 })
    expect(readFileSync(file, 'utf8')).toBe('new')
  })

  test('cannot write beside itself, even where the directory above is granted', async () => {
    const value = path.join(root, 'skills/act/planted')
    expect(await act({ do: 'write', value }, { allowWrite: [root] })).toMatchObject({ exitCode: 1 })
    expect(existsSync(value)).toBe(false)
  })

  test('starts only programs that are granted', async () => {
    const refused = await act({ do: 'start', value: ['/bin/sh', '-c', 'id'] })
    expect(refused.violations).toEqual([
      {
        kind: 'exec',
        what: '/bin/sh',
        count: 1,
        message: 'the script tried to start /bin/sh; this skill may not start programs',
      },
    ])
    const granted = await act({ do: 'start', value: ['cat', '/etc/passwd'] }, { allowPrograms: ['cat'] })
    expect(granted).toMatchObject({ output: 'skill:x:1000:1000:skill:/home/skill:/bin/sh\n', violations: [] })
  })

  test('ends at its memory and processor limits', async () => {
    expect(await act({ do: 'allocate' })).toMatchObject({
      exitCode: 137,
      end: { kind: 'memory', limitBytes: 268435456 },
    })
    const spun = await act({ do: 'spin' }, { limits: { cpuMs: 300 } })
    expect(spun).toMatchObject({ exitCode: 124, end: { kind: 'cpu', limitMs: 300 } })
  })

  test('leaves no directory behind', async () => {
    const before = readdirSync(tmpdir())
    await act({ do: 'echo' })
    await act({ do: 'echo' }, { level: 1 })
    expect(readdirSync(tmpdir())).toEqual(before)
  })

  test('waits its turn, and all get one', async () => {
    const narrow = await SkillManager.load({ skillsDir: path.join(root, 'skills/shell'), concurrency: 2 })
    const queued: number[] = []
    const onProgress: RunOptions['onProgress'] = (progress) => {
      if (progress.kind === 'run-queued') queued.push(progress.ahead)
    }
    const runs = await Promise.all(
      Array.from({ length: 12 }, (_, n) => narrow.run('shell', { n }, { onProgress })),
    )
    expect(runs.map((run) => run.status === 'completed' && run.output)).toEqual(
      runs.map((_, n) => `{"N":${n}}!`),
    )
    expect(queued).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })
})

describe('exec()', () => {
  test.each([
    [['ls'], 'main.py'],
    [['sh', '-c', 'ls | wc -l'], '2'],
    [['python3', '-c', 'print(6 * 7)'], '42'],
  ])("runs %j in the skill's sandbox", async (command, printed) => {
    const run = await manager.exec('act', command)
    expect(run).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(printed), violations: [] })
  })

  test.each([[['no-such-program']], [['./main.py']], [[]], [['ls', 'a\0b']]])(
    'refuses %j',
    async (command) => {
      await expect(manager.exec('act', command)).rejects.toMatchObject({ code: 'OPTION_INVALID' })
    },
  )
})
