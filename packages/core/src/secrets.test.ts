import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type LoadOptions, SkillManager } from './manager.js'
import { explainPolicy } from './policy/explain-policy.js'
import type { RunOptions } from './sandbox/run-options.js'
import type { CompletedRun } from './sandbox/run-result.js'

const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'secrets-')))
const SECRET = 'sk-live-0123456789abcdef'

/** Prints its environment, and leaves it in a file; fails where it is told to need a variable that it has not got. */
const script = `
import json, os, sys, time
args = json.load(sys.stdin)
open(os.environ['SKILL_OUTPUT_DIR'] + '/environment.json', 'w').write(json.dumps(dict(os.environ)))
print(json.dumps(dict(os.environ)), flush=True)
print(os.environ.get('API_KEY'), file=sys.stderr)
if args.get('say'): print(args['say'])
if args.get('wait'): time.sleep(1.5)
if args.get('need') and args['need'] not in os.environ: sys.exit(args['need'] + ' is missing')
`
const skill = (name: string, asks: string): Record<string, string> => ({
  [`${name}/SKILL.md`]: `---\nname: ${name}\ndescription: Test.\n${asks}input_schema: {type: object}\n---\n`,
  [`${name}/main.py`]: script,
})

beforeAll(() => {
  const files = {
    ...skill('weather', 'metadata: {openclaw: {requires: {env: [API_KEY, REGION, LD_PRELOAD]}}}\n'),
    ...skill('other', 'env: [API_KEY]\n'),
  }
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, 'skills', file)), { recursive: true })
    writeFileSync(path.join(root, 'skills', file), text)
  }
})
afterAll(() => rmSync(root, { recursive: true }))
beforeEach(() => {
  process.env.API_KEY = SECRET
})
afterEach(() => {
  delete process.env.API_KEY
})

const load = (options: LoadOptions): Promise<SkillManager> =>
  SkillManager.load({ skillsDir: path.join(root, 'skills'), sandboxLevel: 2, ...options })

async function run(
  manager: SkillManager,
  name: string,
  args: Record<string, unknown> = {},
  options: RunOptions = {},
): Promise<CompletedRun> {
  const result = await manager.run(name, args, options)
  if (result.status !== 'completed') throw new Error(result.status)
  return result
}

/** What the script really had, by the file that it left. */
function had({ artifacts }: CompletedRun): Record<string, string> {
  return JSON.parse(readFileSync(artifacts[0]?.path ?? '', 'utf8'))
}

const ways: readonly (readonly [string, LoadOptions['secrets']])[] = [
  ['a name', { weather: ['API_KEY'] }],
  ['a value', { weather: { API_KEY: SECRET } }],
  ["the host's own value", { weather: { API_KEY: true } }],
  [
    'a function',
    async (name, variable) => (name === 'weather' && variable === 'API_KEY' ? SECRET : undefined),
  ],
]
test.each(ways)(
  'gives a secret by %s to its skill alone, and shows the value nowhere',
  async (_, secrets) => {
    const manager = await load({ secrets })
    const heard: Uint8Array[] = []
    const mine = await run(manager, 'weather', {}, { onStdout: (chunk) => heard.push(chunk) })
    const others = await run(manager, 'other')
    expect([had(mine).API_KEY, had(others).API_KEY]).toEqual([SECRET, undefined])
    expect(mine.output).toMatchObject({ API_KEY: '[API_KEY]' })
    expect(mine.stderr).toBe('[API_KEY]\n')
    const told = [mine, others, Buffer.concat(heard).toString(), manager.policy('weather'), manager.tools()]
    expect(JSON.stringify([...told, explainPolicy(manager.policy('weather'))])).not.toContain(SECRET)
    expect(manager.policy('weather').environment).toContain('API_KEY')
  },
)

test('asks the function for what a skill declares and may have, and for nothing that is given already', async () => {
  const asked: string[] = []
  const manager = await load({
    secrets: async (name, variable) => {
      asked.push(`${name} ${variable}`)
      return undefined
    },
  })
  await run(manager, 'weather', {}, { env: { REGION: 'north' } })
  expect(asked).toEqual(['weather API_KEY'])
  expect(manager.policyOrigins('weather')).toMatchObject({ 'env.API_KEY': 'the provider of secrets' })
})

test('says that the function failed without what it said', async () => {
  const manager = await load({
    secrets: async () => {
      throw new Error(SECRET)
    },
  })
  const error: unknown = await run(manager, 'weather').catch((caught: unknown) => caught)
  expect(error).toMatchObject({
    code: 'OPTION_INVALID',
    message: expect.stringContaining('API_KEY of weather'),
  })
  expect(error).not.toHaveProperty('cause')
})

test('is missed before anything runs, where it is granted by name and not set', async () => {
  delete process.env.API_KEY
  const manager = await load({ secrets: { weather: ['API_KEY'] } })
  await expect(run(manager, 'weather')).rejects.toMatchObject({ message: expect.stringContaining('API_KEY') })
  await expect(run(manager, 'other')).resolves.toBeDefined()
})

test.each([[{ weather: 'API_KEY' }], [{ weather: [1] }], ['API_KEY']])(
  'refuses secrets %j',
  async (secrets) => {
    const manager = await load({ secrets: secrets as never })
    await expect(run(manager, 'weather')).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  },
)

test('is not shown by the message about a name that is none', async () => {
  const manager = await load({ secrets: { weather: [`API_KEY=${SECRET}`] } })
  const error = await run(manager, 'weather').catch((caught: unknown) => caught)
  expect(error).toMatchObject({ code: 'OPTION_INVALID' })
  expect(String(error)).not.toContain(SECRET)
})

test('stays in the output where the host says so', async () => {
  const manager = await load({ secrets: { weather: ['API_KEY'] } })
  const { output } = await run(manager, 'weather', {}, { redact: false })
  expect(output).toMatchObject({ API_KEY: SECRET })
})

test('a skill that asks for a variable and has not got it says so, and how to grant it', async () => {
  const manager = await load({})
  const sentence = 'weather asks for API_KEY, REGION; grant it with --env API_KEY --env REGION.'
  expect((await run(manager, 'weather', { need: 'X' })).hint).toBe(sentence)
  expect((await run(manager, 'weather', { say: 'set API_KEY' })).hint).toBe(
    'weather asks for API_KEY; grant it with --env API_KEY.',
  )
  const granted = { env: { API_KEY: true, REGION: 'x' } } as const
  expect((await run(manager, 'weather', { need: 'X' }, granted)).hint).toBeUndefined()
  expect((await run(manager, 'weather')).hint).toBeUndefined()
})

test.runIf(process.platform === 'linux')(
  'is in no command line, and in no environment but those of the run and of the host',
  async () => {
    // Not of this process, which the host's own environment would be.
    delete process.env.API_KEY
    const manager = await load({ secrets: { weather: { API_KEY: SECRET } } })
    let seen: readonly string[] = []
    await run(manager, 'weather', { wait: true }, { onStdout: () => (seen = holders()) })
    // The control: it is found where it must be, in the script.
    expect(seen.filter((entry) => entry.startsWith('environ '))).not.toEqual([])
    expect(seen.filter((entry) => !/^environ .*python/.test(entry))).toEqual([])
    expect(holders()).toEqual([])
  },
)

/** Every process in whose command line or environment the secret is. */
function holders(): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) =>
      ['cmdline', 'environ'].flatMap((file) =>
        text(`/proc/${pid}/${file}`).includes(SECRET) ? [`${file} ${text(`/proc/${pid}/cmdline`)}`] : [],
      ),
    )
}

function text(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}
