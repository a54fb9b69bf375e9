import { OpenAI } from '@llamaindex/openai'
import { agent, agentToolCallResultEvent } from '@llamaindex/workflow'
import { SkillManager } from '@skilllite/core'
import { type ScriptedServer, startScriptedServer, type TurnSource } from '@skilllite/scripted-openai'
import { ReActAgent } from 'llamaindex/agent'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  fallsSilent,
  linesOf,
  mostAtOnce,
  skillDirectories,
  Traces,
  untilWaiting,
} from '../../core/tests/adapter-skills/adapter-skills.js'
import { SkillLiteToolSpec, type ToolSpecOptions } from '../src/index.js'

const quiet = { log: () => {}, warn: () => {}, error: () => {} }
const concurrency = 4
const traces = new Traces()
/** Nothing in here is granted to runs. */
const elsewhere = new Traces()
let manager: SkillManager
let server: ScriptedServer | undefined
beforeAll(async () => {
  manager = await SkillManager.load({
    skillsDir: skillDirectories,
    allowWrite: [traces.directory],
    concurrency,
  })
})
afterEach(() => server?.close())
afterAll(() => {
  traces.remove()
  elsewhere.remove()
})

async function scriptedModel(turns: readonly TurnSource[]): Promise<OpenAI> {
  server = await startScriptedServer({ turns })
  return new OpenAI({ model: 'gpt-4o', apiKey: 'none', baseURL: server.baseURL, maxRetries: 0 })
}

/** Runs an agent whose model makes these calls; what it got for them, by the id of the call. */
async function results(turns: readonly TurnSource[], options: ToolSpecOptions = {}) {
  const llm = await scriptedModel(turns)
  const tools = SkillLiteToolSpec.fromManager(manager, options).toToolList()
  const events = agent({ tools, llm, logger: quiet }).runStream('Please.')
  const found: Record<string, { result: string; isError: boolean; raw: unknown }> = {}
  for await (const event of events) {
    if (!agentToolCallResultEvent.include(event)) continue
    const { toolId, toolOutput, raw } = event.data
    found[toolId] = { result: String(toolOutput.result), isError: toolOutput.isError, raw }
  }
  return found
}

const callOf = (name: string, args: object, id = 'call-1') => ({ name, arguments: JSON.stringify(args), id })
const multiply = callOf('calculator', { operation: 'multiply', a: 15, b: 27 })

function toolOf(name: string, options: ToolSpecOptions = {}) {
  const [tool] = SkillLiteToolSpec.fromManager(manager, { ...options, skills: [name] }).toToolList()
  if (tool === undefined) throw new Error(`${name} has no tool`)
  return tool
}

describe('an agent', () => {
  test('shows the model the schema of the skill, and gives it the result', async () => {
    const { 'call-1': answer } = await results([{ toolCalls: [multiply] }, { text: 'It is 405.' }])
    const [first, second] = server?.requests ?? []
    const { description, inputSchema } = manager.tool('calculator')
    expect(first?.body.tools).toHaveLength(manager.tools().length)
    expect(first?.body.tools).toContainEqual(
      expect.objectContaining({
        type: 'function',
        function: expect.objectContaining({
          name: 'calculator',
          description,
          parameters: expect.objectContaining({
            properties: inputSchema.properties,
            required: ['operation', 'a'],
            additionalProperties: false,
          }),
        }),
      }),
    )
    expect(answer?.isError).toBe(false)
    expect(JSON.parse(String(answer?.raw))).toMatchObject({ result: 405 })
    const told = second?.body.messages.at(-1)
    expect(told).toMatchObject({ role: 'tool', tool_call_id: 'call-1' })
    expect(told.content).toMatch(/result.*405/)
  })

  test('has its arguments checked by the engine', async () => {
    const found = await results([
      { toolCalls: [callOf('calculator', { operation: 'multiply', a: '15', b: 27 }, 'read')] },
      { toolCalls: [callOf('calculator', { operation: 'guess', a: 15 }, 'refused')] },
      { text: 'done' },
    ])
    expect(found.read).toMatchObject({ isError: false, raw: expect.stringContaining('"result": 405') })
    expect(found.refused).toMatchObject({
      isError: true,
      result: expect.stringMatching(/operation must be .*got "guess"/s),
    })
    expect(server?.requests[2]?.body.messages.at(-1).content).toContain('operation must be')
  })

  test('that reasons in text gets there as well', async () => {
    const llm = await scriptedModel([
      { text: `Thought: I need a tool.\nAction: calculator\nInput: ${multiply.arguments}\n` },
      { text: 'Thought: I know.\nAnswer: It is 405.' },
    ])
    const tools = SkillLiteToolSpec.fromManager(manager, { skills: ['calculator'] }).toToolList()
    const { message } = await new ReActAgent({ llm, tools }).chat({ message: '15 × 27?' })
    expect(message.content).toContain('405')
    expect(JSON.stringify(server?.requests[1]?.body.messages)).toMatch(/Observation: .*result.*405/)
  })

  test('with many calls in a turn, which LlamaIndex makes one after the other, gives each its own result', async () => {
    const notes = Array.from({ length: 10 }, (_, index) => [`call-${index}`, `note ${index}`] as const)
    const file = traces.newFile()
    const calls = notes.map(([id, note]) => callOf('tame', { act: 'note', file, note }, id))
    const found = await results([{ toolCalls: calls }, { text: 'done' }])
    expect(Object.fromEntries(Object.entries(found).map(([id, { raw }]) => [id, raw]))).toEqual(
      Object.fromEntries(notes),
    )
  })

  test('whose signal fires has nothing left that runs, children neither', async () => {
    const file = traces.newFile()
    const controller = new AbortController()
    const turns = [{ toolCalls: [callOf('tame', { act: 'wait', file })] }, { text: 'stopped' }]
    const found = results(turns, { signal: controller.signal })
    await untilWaiting(file)
    controller.abort()
    expect(await found).toMatchObject({ 'call-1': { isError: true } })
    expect(await fallsSilent(file)).toBe(true)
  })
})

describe('a dangerous skill', () => {
  async function ask(file: string, options: ToolSpecOptions = {}) {
    const calls = [callOf('daring', { file, note: 'hello' })]
    return (await results([{ toolCalls: calls }, { text: 'done' }], options))['call-1']
  }
  const refusal = { isError: true, result: expect.stringContaining('daring was not run') }

  test.each([
    [true, { isError: false, raw: 'noted hello' }, ['hello']],
    [false, refusal, []],
  ])('asks with the report, and the answer %s decides', async (given, answer, lines) => {
    const file = traces.newFile()
    const asked: string[][] = []
    const confirm = async (report: string, scanId: string) => {
      asked.push([report, scanId])
      return given
    }
    expect(await ask(file, { sandboxLevel: 3, confirm })).toMatchObject(answer)
    expect(linesOf(file)).toEqual(lines)
    expect(asked).toEqual([[expect.stringMatching(/daring.*main\.py/s), expect.stringMatching(/^scan:/)]])
  })

  test('with nobody to ask does not run, and the model is told', async () => {
    const file = traces.newFile()
    expect(await ask(file)).toMatchObject(refusal)
    expect(linesOf(file)).toEqual([])
    expect(server?.requests[1]?.body.messages.at(-1).content).toContain("needs the user's approval")
  })

  test.each([1, 2] as const)('is not scanned at level %s', async (sandboxLevel) => {
    const file = traces.newFile()
    const confirm = () => {
      throw new Error('asked')
    }
    expect(await ask(file, { sandboxLevel, confirm })).toMatchObject({ isError: false })
    expect(linesOf(file)).toEqual(['hello'])
  })
})

test('level 1 is no sandbox, level 2 is one', async () => {
  const file = elsewhere.fileWith('secret')
  const read = (sandboxLevel: 1 | 2) => toolOf('tame', { sandboxLevel }).call({ act: 'read', file })
  expect(await read(1)).toContain('secret')
  await expect(read(2)).rejects.toThrow(/tame failed/)
})

test('a hundred calls at once: each gets its own result, and no more run than may', async () => {
  const file = traces.newFile()
  const tool = toolOf('tame')
  const notes = Array.from({ length: 100 }, (_, index) => `note ${index}`)
  expect(await Promise.all(notes.map((note) => tool.call({ act: 'note', file, note })))).toEqual(notes)
  expect(mostAtOnce(file)).toBeGreaterThan(1)
  expect(mostAtOnce(file)).toBeLessThanOrEqual(concurrency)
}, 60_000)

test('only the chosen skills are offered, with their instructions where wanted', () => {
  const names = (options: ToolSpecOptions) =>
    SkillLiteToolSpec.fromManager(manager, options)
      .toToolList()
      .map(({ metadata }) => metadata.name)
  expect(names({ skills: ['calculator'] })).toEqual(['calculator'])
  expect(names({ skills: ['calculator'], activation: true })).toEqual([
    'activate_skill',
    'read_skill_file',
    'calculator',
  ])
  expect(() => names({ skills: ['calculater'] })).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }))
})

test('progress is told with the tool', async () => {
  const told: unknown[] = []
  await toolOf('calculator', { onProgress: (...all) => told.push(all) }).call({ operation: 'sqrt', a: 4 })
  expect(told).toEqual([[expect.objectContaining({ kind: 'run-started' }), 'calculator']])
})
