import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { type ModelAnswer, SkillManager } from '@skilllite/core'
import { type ScriptedServer, startScriptedServer, type TurnSource } from '@skilllite/scripted-openai'
import OpenAI from 'openai'
import OldestOpenAI from 'openai-6-oldest'
import NextOpenAI from 'openai-7'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { getShellTool, getTools, handleToolCalls, runnableTools } from '../src/index.js'
import { toolSkills } from './support/tool-skills.js'

const root = toolSkills()
let manager: SkillManager
beforeAll(async () => {
  manager = await SkillManager.load({ skillsDir: root })
})

let server: ScriptedServer | undefined
afterEach(() => server?.close())

async function scripted(...turns: TurnSource[]): Promise<ScriptedServer> {
  server = await startScriptedServer({ turns })
  return server
}

const model = 'scripted'
const question = { role: 'user', content: 'What is 2 + 3?' } as const

// The newer ones have the oldest's surface; what they differ in is on the wire and in their types.
const sdks = [
  ['6.0.0', OldestOpenAI],
  ['6.49.0', OpenAI as unknown as typeof OldestOpenAI],
  ['7.57.0', NextOpenAI as unknown as typeof OldestOpenAI],
] as const

describe.each(sdks)('with openai %s', (version, Client) => {
  const connect = ({ baseURL }: ScriptedServer) => new Client({ baseURL, apiKey: 'none', maxRetries: 0 })

  test('is the version that it says', () => {
    const client = new Client({ baseURL: 'http://127.0.0.1:1', apiKey: 'none' })
    expect(
      String(
        Reflect.get(client, 'userAgent') ?? (client as unknown as { getUserAgent(): string }).getUserAgent(),
      ),
    ).toContain(version)
  })

  test('Chat Completions: tools go out, results come back, each under its id', async () => {
    const calls = [
      { name: 'adder', arguments: '{"a": 2, "b": 3}', id: 'call_sum' },
      { name: 'failing', arguments: '{"reason": "out of paper"}', id: 'call_failing' },
      { name: 'ader', arguments: '{}', id: 'call_unknown' },
      { name: 'adder', arguments: '{"a": 2', id: 'call_malformed' },
      { name: 'adder', arguments: { a: 40 }, id: 'call_object' },
      { name: 'adder', arguments: '{"a": "many"}', id: 'call_invalid' },
    ]
    const endpoint = await scripted({ toolCalls: calls }, { text: 'It is 5.' })
    const client = connect(endpoint)
    const tools = getTools(manager)
    const first = await client.chat.completions.create({ model, messages: [question], tools })
    const answers = await handleToolCalls(manager, first)
    const message = first.choices[0]?.message
    if (message === undefined) throw new Error('no message')
    const messages = [question, message, ...answers]
    const second = await client.chat.completions.create({ model, messages, tools })
    expect(second.choices[0]?.message.content).toBe('It is 5.')

    expect(endpoint.requests[0]?.body.tools).toEqual(tools)
    expect(tools.find(({ function: { name } }) => name === 'adder')).toEqual({
      type: 'function',
      function: {
        name: 'adder',
        description: expect.stringContaining('Test skill adder.'),
        parameters: {
          type: 'object',
          properties: { a: { type: 'number' }, b: { type: 'number', default: 1 } },
          required: ['a'],
          additionalProperties: false,
        },
      },
    })
    const sent = endpoint.requests[1]?.body.messages.slice(2)
    expect(sent.map(({ role, tool_call_id }: Record<string, unknown>) => [role, tool_call_id])).toEqual(
      calls.map(({ id }) => ['tool', id]),
    )
    const [sum, failing, unknown, malformed, object, invalid] = sent.map(
      ({ content }: Record<string, unknown>) => content,
    )
    expect([sum, object]).toEqual(['5', '41'])
    expect(failing).toMatch(
      /^<skilllite>failing failed with exit status 1\.[^<]*<\/skilllite>\nout of paper$/,
    )
    expect(unknown).toBe('<skilllite>There is no tool "ader". Did you mean adder?</skilllite>')
    expect(malformed).toMatch(/^<skilllite>Arguments of "adder" are not JSON/)
    expect(invalid).toMatch(/a must be a number, got "many"/)
  })

  test('calls without an id get one, and the answer too', async () => {
    const endpoint = await scripted({
      toolCalls: [
        { name: 'adder', arguments: '{"a": 1}', id: null },
        { name: 'adder', arguments: '{"a": 2}', id: '' },
      ],
    })
    const first = await connect(endpoint).chat.completions.create({ model, messages: [question] })
    const answers = await handleToolCalls(manager, first)
    expect(answers).toEqual([
      { role: 'tool', tool_call_id: 'call_0', content: '2' },
      { role: 'tool', tool_call_id: 'call_1', content: '3' },
    ])
    expect(first.choices[0]?.message.tool_calls?.map(({ id }) => id)).toEqual(['call_0', 'call_1'])
  })

  test('a streamed answer, put together by the SDK', async () => {
    const endpoint = await scripted({ toolCalls: [{ name: 'adder', arguments: '{"a": 7}', id: 'call_7' }] })
    const stream = connect(endpoint).chat.completions.stream({
      model,
      messages: [question],
      tools: getTools(manager),
    })
    expect(await handleToolCalls(manager, await stream.finalChatCompletion())).toEqual([
      { role: 'tool', tool_call_id: 'call_7', content: '8' },
    ])
  })

  test('strict: null stands for what is left out, and is not passed on', async () => {
    const endpoint = await scripted({ toolCalls: [{ name: 'adder', arguments: '{"a": 2, "b": null}' }] })
    const tools = getTools(manager, { strict: true, include: ['adder'] })
    const first = await connect(endpoint).chat.completions.create({ model, messages: [question], tools })
    expect(endpoint.requests[0]?.body.tools[0].function).toMatchObject({
      strict: true,
      parameters: {
        properties: { a: { type: 'number' }, b: { type: ['number', 'null'] } },
        required: ['a', 'b'],
        additionalProperties: false,
      },
    })
    expect((await handleToolCalls(manager, first)).map(({ content }) => content)).toEqual(['3'])
  })

  test('Responses: function calls, in the form that the API takes back', async () => {
    const endpoint = await scripted(
      { toolCalls: [{ name: 'adder', arguments: '{"a": 2, "b": 3}', id: 'call_sum' }] },
      { text: 'It is 5.' },
    )
    const client = connect(endpoint)
    const tools = getTools(manager, { api: 'responses', include: ['adder'] })
    const first = await client.responses.create({ model, input: 'What is 2 + 3?', tools })
    const outputs = await handleToolCalls(manager, first)
    const input = [...first.output, ...outputs] as never
    await client.responses.create({ model, input, tools })
    expect(endpoint.requests[0]?.body.tools).toEqual([
      {
        type: 'function',
        name: 'adder',
        description: expect.any(String),
        parameters: expect.any(Object),
        strict: false,
      },
    ])
    expect(endpoint.requests[1]?.body.input.at(-1)).toEqual({
      type: 'function_call_output',
      call_id: 'call_sum',
      output: '5',
    })
  })

  test('runTools runs them by itself, malformed arguments and refusals included', async () => {
    const endpoint = await scripted(
      {
        toolCalls: [
          { name: 'adder', arguments: '{"a": 2, "b": 3}', id: 'call_sum' },
          { name: 'adder', arguments: 'not JSON', id: 'call_malformed' },
          { name: 'suspicious', arguments: '{"say": "hello"}', id: 'call_suspicious' },
        ],
      },
      { text: 'Done.' },
    )
    const answers: ModelAnswer[] = []
    const tools = runnableTools(manager, { onAnswer: (answer) => answers.push(answer) })
    const runner = connect(endpoint).chat.completions.runTools({ model, messages: [question], tools })
    expect(await runner.finalContent()).toBe('Done.')
    const sent = endpoint.requests[1]?.body.messages.filter(({ role }: { role: string }) => role === 'tool')
    expect(sent).toEqual([
      { role: 'tool', tool_call_id: 'call_sum', content: '5' },
      { role: 'tool', tool_call_id: 'call_malformed', content: expect.stringContaining('are not JSON') },
      {
        role: 'tool',
        tool_call_id: 'call_suspicious',
        content: expect.stringContaining("needs the user's approval"),
      },
    ])
    expect(answers.map(({ result, error }) => result?.status ?? error?.code).sort()).toEqual([
      'ARGUMENTS_INVALID',
      'completed',
      'needs-approval',
    ])
  })
})

describe('the shell tool of Responses', () => {
  const shellCall = (commands: string[], more: object = {}) => ({
    id: 'sh_1',
    type: 'shell_call',
    call_id: 'call_shell',
    status: 'completed',
    environment: { type: 'local' },
    action: { commands, timeout_ms: null, max_output_length: null, ...more },
  })
  const run = async (item: ReturnType<typeof shellCall>, options: Parameters<typeof handleToolCalls>[2]) => {
    const endpoint = await scripted({ text: null, outputItems: [item] }, { text: 'Done.' })
    const client = new NextOpenAI({ baseURL: endpoint.baseURL, apiKey: 'none', maxRetries: 0 })
    const tools = [getShellTool(manager)]
    const first = await client.responses.create({ model, input: 'Use it.', tools })
    const outputs = await handleToolCalls(manager, first, options)
    await client.responses.create({ model, input: [...(first.output as never[]), ...outputs], tools })
    expect(endpoint.requests[0]?.body.tools[0].environment.skills).toContainEqual({
      name: 'adder',
      description: 'Test skill adder.',
      path: `${root}/adder`,
    })
    return endpoint.requests[1]?.body.input.at(-1)
  }

  test('runs commands in the sandbox of the skill that they name, with the granted programs', async () => {
    const commands = [
      `cat ${root}/adder/SKILL.md`,
      `echo '{"a": 1, "b": 1}' | python3 ${root}/adder/main.py`,
      `cat ${root}/adder/../failing/SKILL.md`,
      `curl ${root}/adder`,
    ]
    const item = await run(shellCall(commands), { programs: ['sh', 'python3'] })
    expect(item).toMatchObject({ type: 'shell_call_output', call_id: 'call_shell' })
    const [read, ran, outside, other] = item.output
    expect(read).toMatchObject({
      outcome: { type: 'exit', exit_code: 0 },
      stdout: expect.stringMatching(/^---\nname: adder/),
    })
    expect(ran).toEqual({ stdout: '2\n', stderr: '', outcome: { type: 'exit', exit_code: 0 } })
    expect(outside).toMatchObject({ stdout: '', outcome: { type: 'exit', exit_code: 1 } })
    expect(other).toMatchObject({ stdout: '', outcome: { type: 'exit', exit_code: 127 } })
  })

  test('without a grant nothing runs, and the model is told', async () => {
    expect((await run(shellCall([`cat ${root}/adder/SKILL.md`]), {})).output).toEqual([
      {
        stdout: '',
        stderr: expect.stringContaining('commands are not allowed: no program is granted'),
        outcome: { type: 'exit', exit_code: 126 },
      },
    ])
  })

  test('a command that names no skill, or two, is refused', async () => {
    const item = await run(shellCall(['ls', `cat ${root}/adder/SKILL.md ${root}/failing/SKILL.md`]), {
      programs: ['sh'],
    })
    expect(item.output.map(({ stderr }: { stderr: string }) => stderr)).toEqual([
      expect.stringContaining('exactly one skill'),
      expect.stringContaining('exactly one skill'),
    ])
  })

  test('at level 3 a skill that a scan asks about is not run by way of a command', async () => {
    const commands = [`python3 ${root}/suspicious/main.py`]
    const options = { programs: ['python3'] }
    const [unasked] = (await run(shellCall(commands), options)).output
    expect(unasked).toMatchObject({
      stdout: '',
      stderr: expect.stringContaining("needs the user's approval"),
    })
    const asked: unknown[] = []
    const confirm = (_request: unknown, call: unknown) => asked.push(call) > 0
    await run(shellCall(commands), { ...options, confirm })
    expect(asked).toEqual([{ id: 'call_shell', name: 'shell', arguments: commands, kind: 'shell' }])
  })

  test('keeps to the time and the length that the model asks for', async () => {
    const commands = [`sleep 20; cat ${root}/adder/SKILL.md`, `cat ${root}/adder/SKILL.md`]
    const item = await run(shellCall(commands, { timeout_ms: 1_000, max_output_length: 8 }), {
      programs: ['sh'],
    })
    expect(item).toMatchObject({
      max_output_length: 8,
      output: [
        { outcome: { type: 'timeout' } },
        { stdout: '---\nname', outcome: { type: 'exit', exit_code: 0 } },
      ],
    })
  })

  test('what a container of the provider ran is not run again', async () => {
    const call = { ...shellCall(['ls']), environment: { type: 'container_reference', container_id: 'c' } }
    expect(await handleToolCalls(manager, { output: [call] }, { programs: ['sh'] })).toEqual([])
  })
})

describe('handleToolCalls()', () => {
  const callOf = (name: string, args: unknown, id = 'call') => ({
    id,
    type: 'function',
    function: { name, arguments: args },
  })
  const assistant = (...calls: object[]) => ({ role: 'assistant' as const, tool_calls: calls })

  test('gives a hundred parallel calls their own results, with a bounded number of processes', async () => {
    const bounded = await SkillManager.load({ skillsDir: root, concurrency: 3 })
    let running = 0
    let most = 0
    const calls = Array.from({ length: 100 }, (_, n) => callOf('adder', { a: n, b: 1000 }, `call_${n}`))
    const answers = await handleToolCalls(bounded, assistant(...calls), {
      onProgress: ({ kind }) => {
        if (kind === 'run-started') most = Math.max(most, ++running)
      },
      onAnswer: () => running--,
    })
    expect(answers).toEqual(
      calls.map(({ id }, n) => ({ role: 'tool', tool_call_id: id, content: String(n + 1000) })),
    )
    expect(most).toBeGreaterThan(1)
    expect(most).toBeLessThanOrEqual(6)
  })

  test('runs no more at the same time than concurrency says', async () => {
    let running = 0
    let most = 0
    await handleToolCalls(manager, assistant(...Array.from({ length: 6 }, () => callOf('adder', { a: 1 }))), {
      concurrency: 1,
      onProgress: ({ kind }) => {
        if (kind === 'run-started') most = Math.max(most, ++running)
      },
      onAnswer: () => running--,
    })
    expect(most).toBe(1)
    await expect(handleToolCalls(manager, assistant(), { concurrency: 0 })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
    })
  })

  test('answers whatever a model makes up', async () => {
    const odd = [
      callOf('adder', null),
      callOf('adder', [1]),
      callOf('adder', 7),
      { id: 'x', type: 'function' },
      { id: 'y', type: 'custom', custom: { name: 'adder', input: '{"a": 1}' } },
      {},
    ]
    const answers = await handleToolCalls(manager, assistant(...odd))
    expect(answers.map(({ tool_call_id }) => tool_call_id)).toEqual([
      'call',
      'call',
      'call',
      'x',
      'y',
      'call_5',
    ])
    for (const { content } of answers) expect(content).toMatch(/^<skilllite>[^<]+<\/skilllite>$/)
    const custom = { output: [{ type: 'custom_tool_call', call_id: 'z', name: 'adder', input: '{}' }] }
    expect(await handleToolCalls(manager, custom)).toMatchObject([
      { type: 'custom_tool_call_output', call_id: 'z' },
    ])
    expect(await handleToolCalls(manager, { choices: [] })).toEqual([])
    expect(await handleToolCalls(manager, { role: 'assistant' })).toEqual([])
  })

  test('who made a call is told back', async () => {
    const caller = { type: 'program', caller_id: 'p1' }
    const item = { type: 'function_call', call_id: 'c', name: 'adder', arguments: '{"a": 1}', caller }
    expect(await handleToolCalls(manager, { output: [item] })).toEqual([
      { type: 'function_call_output', call_id: 'c', output: '2', caller },
    ])
  })

  test('a tool that was not offered is not run', async () => {
    const calls = assistant(callOf('adder', { a: 1 }), callOf('activate_skill', { name: 'adder' }))
    const answers = await handleToolCalls(manager, calls, { exclude: ['adder'] })
    expect(answers.map(({ content }) => content)).toEqual([
      expect.stringContaining('There is no tool "adder"'),
      expect.stringContaining('name must be one of'),
    ])
    const control = await handleToolCalls(manager, calls)
    expect(control.map(({ content }) => content)).toEqual(['2', expect.stringContaining('# adder')])
  })

  test('commands and files are there where they were granted and offered', async () => {
    const granted = await SkillManager.load({ skillsDir: root, programs: ['python3'], workspace: root })
    const calls = assistant(
      callOf('run_command', { skill: 'adder', command: 'python3 -c "print(6 * 7)"' }),
      callOf('list_files', {}),
    )
    const offered = { commands: true, workspace: true }
    const names = getTools(granted, offered).map(({ function: { name } }) => name)
    expect(names).toEqual(expect.arrayContaining(['run_command', 'list_files', 'read_file', 'write_file']))
    const contents = async (...args: [SkillManager, object?]) =>
      (await handleToolCalls(args[0], calls, args[1])).map(({ content }) => content)
    expect(await contents(granted, offered)).toEqual(['42', expect.stringContaining('adder/')])
    const refused = ['run_command', 'list_files'].map((name) => expect.stringContaining(`no tool "${name}"`))
    expect(await contents(granted)).toEqual(refused)
    expect(await contents(manager)).toEqual(refused)
  })

  test('tools of the host are the host’s to answer', async () => {
    const calls = assistant(callOf('get_time', '{}'), callOf('get_tim', '{}'), callOf('adder', '{"a": 1}'))
    const answers = await handleToolCalls(manager, calls, {
      otherTools: ({ name }) => (name === 'get_time' ? 'noon' : undefined),
    })
    expect(answers.map(({ content }) => content)).toEqual([
      'noon',
      expect.stringContaining('no tool "get_tim"'),
      '2',
    ])
  })

  describe('at level 3', () => {
    const calls = () =>
      assistant(...['one', 'two', 'three'].map((say) => callOf('suspicious', { say }, `call_${say}`)))

    test('asks one question at a time, each with report, scanId and call', async () => {
      let open = 0
      const asked: unknown[] = []
      const answers = await handleToolCalls(manager, calls(), {
        confirm: async ({ report, scanId }, call) => {
          expect(++open).toBe(1)
          await new Promise((resolve) => setTimeout(resolve, 5))
          open--
          asked.push({ report, scanId, call: call.id })
          return call.id !== 'call_two'
        },
      })
      expect(answers.map(({ content }) => content)).toEqual([
        'decoded\none',
        expect.stringMatching(/^<skilllite>suspicious was not run: .*not approved/),
        'decoded\nthree',
      ])
      expect(asked).toHaveLength(3)
      expect(asked[0]).toEqual({
        report: expect.stringContaining('suspicious'),
        scanId: expect.stringMatching(/./),
        call: expect.stringMatching(/^call_/),
      })
    })

    test('without a callback nothing runs; the host gets the report and the id', async () => {
      const seen: ModelAnswer[] = []
      const answers = await handleToolCalls(manager, calls(), { onAnswer: (answer) => seen.push(answer) })
      for (const { content } of answers) {
        expect(content).toContain("needs the user's approval")
        expect(content).not.toContain('decoded')
      }
      expect(seen.map(({ result }) => result)).toEqual(
        Array.from({ length: 3 }, () =>
          expect.objectContaining({ status: 'needs-approval', scanId: expect.any(String) }),
        ),
      )
    })
  })

  test('cancelling ends the processes, and then rejects', async () => {
    const controller = new AbortController()
    const sleepers = () =>
      readdirSync('/proc').filter((pid) => {
        try {
          return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('sleeper/main.py')
        } catch {
          return false
        }
      })
    let started = 0
    const running = handleToolCalls(
      manager,
      assistant(callOf('sleeper', { seconds: 60 }), callOf('sleeper', { seconds: 60 })),
      {
        signal: controller.signal,
        onProgress: ({ kind }) => {
          if (kind === 'run-started') started++
        },
      },
    )
    const ended = expect(running).rejects.toMatchObject({ name: 'AbortError' })
    if (existsSync('/proc/self/cmdline'))
      await expect.poll(() => sleepers().length, { timeout: 20_000 }).toBeGreaterThan(1)
    const at = performance.now()
    controller.abort()
    await ended
    expect(performance.now() - at).toBeLessThan(5_000)
    expect(started).toBe(2)
    if (existsSync('/proc/self/cmdline')) expect(sleepers()).toEqual([])
  })

  test('what the host has to mend is not told to the model', async () => {
    const options = { limits: { wallMs: -1 } }
    await expect(
      handleToolCalls(manager, assistant(callOf('adder', { a: 1 })), options),
    ).rejects.toMatchObject({
      code: 'OPTION_INVALID',
    })
  })
})
