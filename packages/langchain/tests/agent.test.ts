import type { BaseMessage, ToolMessage } from '@langchain/core/messages'
import { ChatOpenAI } from '@langchain/openai'
import { SkillManager } from '@skilllite/core'
import { type ScriptedServer, startScriptedServer, type TurnSource } from '@skilllite/scripted-openai'
import { createAgent } from 'langchain'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import {
  fallsSilent,
  linesOf,
  mostAtOnce,
  skillDirectories,
  Traces,
  untilWaiting,
} from '../../core/tests/adapter-skills/adapter-skills.js'
import { SkillLiteToolkit, type ToolkitOptions } from '../src/index.js'

const concurrency = 4
const traces = new Traces()
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
afterAll(() => traces.remove())

async function agentFor(turns: readonly TurnSource[], options: ToolkitOptions = {}) {
  server = await startScriptedServer({ turns })
  const configuration = { baseURL: server.baseURL }
  const model = new ChatOpenAI({ model: 'scripted', apiKey: 'none', maxRetries: 0, configuration })
  return createAgent({ model, tools: SkillLiteToolkit.fromManager(manager, options).getTools() })
}

const question = { messages: [{ role: 'user', content: 'Please.' }] }
const answers = (messages: readonly BaseMessage[]) =>
  messages.filter((message): message is ToolMessage => message.getType() === 'tool')
const callOf = (name: string, args: object, id?: string) => ({
  name,
  arguments: JSON.stringify(args),
  ...(id === undefined ? {} : { id }),
})
const multiply = callOf('calculator', { operation: 'multiply', a: 15, b: 27 }, 'call-1')

test('the model is shown the schema of the skill, and gets its result', async () => {
  const agent = await agentFor([{ toolCalls: [multiply] }, { text: '405' }])
  const { messages } = await agent.invoke(question)
  const [first, second] = server?.requests ?? []
  const tool = manager.tool('calculator')
  expect(
    first?.body.tools.find((sent: { function: { name: string } }) => sent.function.name === 'calculator'),
  ).toMatchObject({
    type: 'function',
    function: {
      description: tool.description,
      parameters: {
        properties: tool.inputSchema.properties,
        required: ['operation', 'a'],
        additionalProperties: false,
      },
    },
  })
  expect(first?.body.tools.map((sent: { function: { name: string } }) => sent.function.name)).toEqual(
    manager.tools().map(({ name }) => name),
  )
  expect(second?.body.messages.at(-1)).toMatchObject({ role: 'tool', tool_call_id: 'call-1' })
  expect(JSON.parse(second?.body.messages.at(-1).content)).toMatchObject({ result: 405 })
  expect(answers(messages)).toEqual([
    expect.objectContaining({
      status: 'success',
      artifact: expect.objectContaining({
        status: 'completed',
        isolation: expect.objectContaining({ level: 3 }),
      }),
    }),
  ])
  expect(messages.at(-1)?.content).toBe('405')
})

test('arguments are checked by the engine: read where the meaning is plain, otherwise told to the model', async () => {
  const agent = await agentFor([
    { toolCalls: [callOf('calculator', { operation: 'multiply', a: '15', b: 27 })] },
    { toolCalls: [callOf('calculator', { operation: 'guess', a: 15 })] },
    { text: 'done' },
  ])
  const { messages } = await agent.invoke(question)
  const [read, refused] = answers(messages)
  expect(read).toMatchObject({ status: 'success', content: expect.stringContaining('"result": 405') })
  expect(refused).toMatchObject({
    status: 'error',
    content: expect.stringMatching(/operation must be .*got "guess"/s),
  })
  expect(server?.requests[2]?.body.messages.at(-1).content).toBe(refused?.content)
})

test('only the chosen skills are offered, with their instructions where wanted', async () => {
  const names = (options: ToolkitOptions) =>
    SkillLiteToolkit.fromManager(manager, options)
      .getTools()
      .map(({ name }) => name)
  expect(names({ skills: ['calculator'] })).toEqual(['calculator'])
  expect(names({ skills: ['calculator'], activation: true })).toEqual([
    'activate_skill',
    'read_skill_file',
    'calculator',
  ])
  expect(() => names({ skills: ['calculater'] })).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }))
})

test('a streamed answer with a call works, and tells what happens through the writer', async () => {
  const agent = await agentFor([{ toolCalls: [multiply] }, { text: 'It is 405.' }])
  const progress: unknown[] = []
  let text = ''
  for await (const [mode, chunk] of await agent.stream(question, { streamMode: ['custom', 'messages'] })) {
    if (mode === 'custom') progress.push(chunk)
    else if (chunk[0].getType() === 'ai') text += chunk[0].text
  }
  expect(server?.requests[0]?.body.stream).toBe(true)
  expect(text).toContain('It is 405.')
  expect(progress).toEqual([
    {
      type: 'skill-progress',
      tool: 'calculator',
      id: 'call-1',
      kind: 'run-started',
      program: expect.any(Array),
    },
  ])
})

test('a hundred calls at once: each gets its own result, and no more run than may', async () => {
  const file = traces.newFile()
  const count = 100
  const notes = Array.from({ length: count }, (_, index) => [`call-${index}`, `note ${index}`] as const)
  const calls = notes.map(([id, note]) => callOf('tame', { act: 'note', file, note }, id))
  const agent = await agentFor([{ toolCalls: calls }, { text: 'done' }])
  const { messages } = await agent.invoke(question)
  expect(
    Object.fromEntries(answers(messages).map((answer) => [answer.tool_call_id, answer.content])),
  ).toEqual(Object.fromEntries(notes))
  expect(linesOf(file)).toHaveLength(2 * count)
  expect(mostAtOnce(file)).toBeGreaterThan(1)
  expect(mostAtOnce(file)).toBeLessThanOrEqual(concurrency)
}, 60_000)

test('cancelling the agent ends what runs in the sandbox, children too', async () => {
  const file = traces.newFile()
  const agent = await agentFor([{ toolCalls: [callOf('tame', { act: 'wait', file })] }])
  const controller = new AbortController()
  const run = agent.invoke(question, { signal: controller.signal })
  const failed = expect(run).rejects.toThrow(/abort/i)
  await untilWaiting(file)
  controller.abort()
  await failed
  expect(await fallsSilent(file)).toBe(true)
})
