import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  type ScriptedServer,
  type ScriptedServerOptions,
  startScriptedServer,
} from '@skilllite/scripted-openai'
import { afterEach, describe, expect, test } from 'vitest'
import { type CommandOptions, dialogue, skilllite } from './support/command.js'
import { inputSchema, temporaryDirectory, writeSkill } from './support/skills.js'

const bundled = fileURLToPath(new URL('../../../skills/', import.meta.url))
const root = temporaryDirectory()
const own = join(root, 'skills')
const risky = 'import base64\nexec(base64.b64decode("cHJpbnQoJ2RlY29kZWQnKQ=="))\n'
writeSkill(own, 'risky', { 'scripts/main.py': risky }, { frontMatter: inputSchema({}) })
const noisy = 'for number in range(20): print("line", number)\nprint("\\x1b[2J")\n'
writeSkill(own, 'noisy', { 'scripts/main.py': noisy }, { frontMatter: inputSchema({}) })
const sleeper = 'import time\ntime.sleep(60)\n'
writeSkill(own, 'sleeper', { 'scripts/main.py': sleeper }, { frontMatter: inputSchema({}) })

const servers: ScriptedServer[] = []
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())))

/** A server, and the options of a command that asks it. */
async function serve(
  turns: ScriptedServerOptions['turns'],
): Promise<{ server: ScriptedServer; asking: CommandOptions }> {
  const server = await startScriptedServer({ turns })
  servers.push(server)
  const cwd = mkdtempSync(join(root, 'project-'))
  const env = { BASE_URL: server.baseURL, API_KEY: 'k', MODEL: 'm' }
  return { server, asking: { cwd, env } }
}

const multiply = { name: 'calculator', arguments: '{"operation":"multiply","a":15,"b":27}' }
const calculation = [{ text: 'Let me see.', toolCalls: [multiply] }, { text: 'It is 405.' }]
const chat = (...args: string[]) => ['chat', '--skills-dir', bundled, ...args]

describe('without a terminal', () => {
  test('one message in, the answer out', async () => {
    const { server, asking } = await serve(calculation)
    const result = await skilllite(chat('What is 15 * 27?'), asking)
    expect(result).toMatchObject({ status: 0, stdout: 'It is 405.\n', stderr: '' })
    expect(server.requests[0]?.body.messages[1]).toEqual({ role: 'user', content: 'What is 15 * 27?' })
    expect(server.requests[1]?.body.messages.at(-1).content).toContain('405')
  })

  test('the message may stand on stdin, and the endpoint in .env and on the command line', async () => {
    const { server, asking } = await serve([{ text: 'Hello!' }])
    writeFileSync(join(asking.cwd ?? '', '.env'), `BASE_URL=${server.baseURL}\nAPI_KEY=file\nMODEL=file\n`)
    const options = { ...asking, env: {}, input: 'Hi,\nthere\n' }
    expect(await skilllite(chat('--model', 'other'), options)).toMatchObject({
      status: 0,
      stdout: 'Hello!\n',
    })
    expect(server.requests[0]?.body).toMatchObject({
      model: 'other',
      messages: [{}, { content: 'Hi,\nthere' }],
    })
    expect(server.requests[0]?.headers.authorization).toBe('Bearer file')
  })

  test('--json prints every event on a line, and the result last', async () => {
    const { asking } = await serve([{ text: 'A\u009b31m', toolCalls: [multiply] }, { text: 'It is 405.' }])
    const { status, stdout, stderr } = await skilllite(chat('--json', 'Go'), asking)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).not.toContain('\u009b')
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    const types = events.map(({ type }) => type).filter((type) => type !== 'text')
    expect(types).toEqual(['request', 'usage', 'tool-call', 'tool-result', 'request', 'usage', 'done'])
    expect(events.find(({ type }) => type === 'text').text).toBe('A\u009b31m')
    expect(events.at(-1).result).toMatchObject({ stop: 'done', text: 'It is 405.' })
  })

  test('what needs approval stops it, and --yes gives it', async () => {
    const turns = [{ toolCalls: [{ name: 'risky' }] }, { text: 'Done.' }]
    const first = await serve(turns)
    const args = ['chat', '--skills-dir', own, 'Go']
    const stopped = await skilllite(args, first.asking)
    expect(stopped).toMatchObject({ status: 126, stdout: '' })
    expect(stopped.stderr).toMatch(/LOOK BEFORE YOU RUN IT.*approval needed: --yes gives it\./s)
    expect(first.server.requests).toHaveLength(1)
    const second = await serve(turns)
    expect(await skilllite([...args, '--yes'], second.asking)).toMatchObject({ status: 0, stdout: 'Done.\n' })
    expect(second.server.requests[1]?.body.messages.at(-1).content).toBe('decoded')
  })

  test('a project cannot approve for its user', async () => {
    const { server, asking } = await serve([{ toolCalls: [{ name: 'risky' }] }])
    writeFileSync(join(asking.cwd ?? '', '.env'), 'SKILLBOX_AUTO_APPROVE=true\nSKILLBOX_SANDBOX_LEVEL=1\n')
    expect((await skilllite(['chat', '--skills-dir', own, 'Go'], asking)).status).toBe(126)
    expect(server.requests).toHaveLength(1)
  })

  test.each([
    [['--max-iterations', '1'], 'stopped after the most requests; --max-iterations raises it'],
    [['--max-tokens', '10'], 'stopped by the limit of --max-tokens'],
  ])('%j stops it', async (flags, reason) => {
    const { asking } = await serve(calculation)
    const { status, stderr } = await skilllite(chat(...flags, 'Go'), asking)
    expect({ status, stderr }).toEqual({ status: 1, stderr: `skilllite: ${reason}.\n` })
  })

  test('what is missing or fails is told in a sentence, with --json as an event', async () => {
    const cwd = mkdtempSync(join(root, 'project-'))
    const missing = await skilllite(chat('Go'), { cwd, env: { BASE_URL: 'http://127.0.0.1:9/v1' } })
    expect(missing).toMatchObject({ status: 125, stdout: '' })
    expect(missing.stderr).toMatch(/^skilllite: MODEL is not set, so .*\n {2}Set BASE_URL, API_KEY and MODEL/)
    const { asking } = await serve([{ status: 401, message: 'No such key' }])
    const failed = await skilllite(chat('--json', 'Go'), asking)
    expect(failed.status).toBe(125)
    expect(JSON.parse(failed.stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
      type: 'failed',
      code: 'ENDPOINT_FAILED',
      message: expect.stringContaining('No such key'),
    })
    expect(failed.stderr).not.toMatch(/^ +at /m)
  })

  test('without a message it says so', async () => {
    const { asking } = await serve([])
    expect(await skilllite(chat(), asking)).toMatchObject({ status: 2, stdout: '' })
    expect(await skilllite(chat('--max-tokens', 'all', 'Go'), asking)).toMatchObject({ status: 2 })
  })

  test('a signal ends it, and what runs', async () => {
    const { asking } = await serve([{ toolCalls: [{ name: 'sleeper' }] }])
    const { status, signal } = await skilllite(['chat', '--skills-dir', own, '--json', 'Go'], {
      ...asking,
      // biome-ignore lint/suspicious/noThenProperty: nothing awaits it
      when: { stdout: '"type":"tool-call"', then: (pid) => process.kill(pid, 'SIGTERM') },
    })
    expect({ status, signal }).toEqual({ status: 143, signal: null })
  })
})

describe('on a terminal', () => {
  const plain = { NO_COLOR: '1', TERM: 'xterm' }
  const talk = ['chat', '--skills-dir', own]

  test('it is a conversation, with commands and a history', async () => {
    const { server, asking } = await serve([{ text: 'Hello, you.' }, { text: 'Bye.' }])
    const env = { ...asking.env, ...plain }
    const { status, stdout } = await dialogue(
      talk,
      [
        ['> ', '/skills\r'],
        ['> ', '/sklls\r'],
        ['> ', 'Hello\r'],
        ['tokens in', ''],
        // two lines up
        ['> ', '\u001b[A\u001b[A\u001b[A\r'],
        ['noisy', ''],
        ['> ', 'First\\\r'],
        ['… ', 'second\r'],
        ['tokens in', ''],
        ['> ', '/quit\r'],
      ],
      { ...asking, env },
    )
    expect(status).toBe(0)
    expect(stdout).toContain('3 skills. /help lists what else you can write.')
    expect(stdout).toContain('There is no /sklls. Did you mean /skills?')
    expect(stdout.match(/noisy +Test skill noisy\./g)).toHaveLength(2)
    expect(stdout).toContain('Hello, you.\r\n(1 request, 10 tokens in, 5 out,')
    expect(server.requests[1]?.body.messages.slice(1)).toEqual([
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'Hello, you.' },
      { role: 'user', content: 'First\nsecond' },
    ])
  })

  test('calls are shown, long results folded, and nothing that comes from outside is obeyed', async () => {
    const { asking } = await serve([
      { text: 'I call \u001b[31mit.', toolCalls: [{ name: 'noisy', arguments: '{}' }] },
      { text: 'So.' },
    ])
    const env = { ...asking.env, ...plain }
    const { status, stdout } = await dialogue([...talk, 'Go'], [], { ...asking, env })
    expect(status).toBe(0)
    const shown = ['I call \\x1b[31mit.', '* noisy {}', '  | line 0', '  | line 1']
    expect(stdout.startsWith(`${shown.join('\r\n')}\r\n`)).toBe(true)
    expect(stdout).toContain('  | line 5\r\n  | … 15 more lines\r\nSo.\r\n')
    expect(stdout).not.toContain('\u001b[2J')
    expect(stdout).not.toContain('\u001b[31m')
  })

  test.each([
    ['y', 'decoded'],
    ['n', 'was not approved'],
    ['', 'was not approved'],
  ])('approval is asked for with the report: %j', async (answer, told) => {
    const { server, asking } = await serve([{ toolCalls: [{ name: 'risky' }] }, { text: 'End.' }])
    const env = { ...asking.env, ...plain }
    const steps = [['[N]o: ', `${answer}\r`]] as const
    const { status, stdout } = await dialogue([...talk, 'Go'], steps, { ...asking, env })
    expect(status).toBe(0)
    expect(stdout).toMatch(/risky: LOOK BEFORE YOU RUN IT.*Run it\?/s)
    expect(server.requests[1]?.body.messages.at(-1).content).toContain(told)
  })

  test('/approve all asks no more, and still shows the report', async () => {
    const turns = [{ toolCalls: [{ name: 'risky' }] }, { text: 'End.' }]
    const { server, asking } = await serve(turns)
    const env = { ...asking.env, ...plain }
    const { stdout } = await dialogue(
      talk,
      [
        ['> ', '/approve all\r'],
        ['> ', 'Go\r'],
        ['tokens in', ''],
        ['> ', '\u0004'],
      ],
      { ...asking, env },
    )
    expect(stdout).toContain('LOOK BEFORE YOU RUN IT')
    expect(stdout).not.toContain('Run it?')
    expect(server.requests[1]?.body.messages.at(-1).content).toBe('decoded')
  })

  test('Ctrl-C ends what is running, and the conversation goes on', async () => {
    const { server, asking } = await serve([{ toolCalls: [{ name: 'sleeper' }] }, { text: 'Still here.' }])
    const env = { ...asking.env, ...plain }
    const { status, stdout } = await dialogue(
      talk,
      [
        ['> ', 'Go\r'],
        ['* sleeper', '\u0003'],
        ['(cancelled)', ''],
        ['> ', 'Hello?\r'],
        ['tokens in', ''],
        ['> ', '\u0004'],
      ],
      { ...asking, env },
    )
    expect(status).toBe(0)
    expect(stdout).toContain('Still here.')
    expect(server.requests[1]?.body.messages.slice(1)).toEqual([{ role: 'user', content: 'Hello?' }])
  })
})
