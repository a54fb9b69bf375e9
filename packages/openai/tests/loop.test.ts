import { SkillManager } from '@skilllite/core'
import OpenAI from 'openai'
import OpenAIOldest from 'openai-6-oldest'
import OpenAI7 from 'openai-7'
import { beforeAll, describe, expect, test } from 'vitest'
import { AgenticLoop, type LoopEvent, type LoopOptions } from '../src/index.js'
import { serve } from './support/servers.js'
import { ownSkills } from './support/skills.js'

let manager: SkillManager
beforeAll(async () => {
  manager = await SkillManager.load({ skillsDir: ownSkills })
})

const multiply = (a: number, b: number) => ({
  name: 'calculator',
  arguments: JSON.stringify({ operation: 'multiply', a, b }),
})
const loopFor = (baseURL: string, options: Partial<LoopOptions> = {}) =>
  new AgenticLoop({ manager, baseURL, apiKey: 'secret', model: 'm', include: ['calculator'], ...options })

describe.each([
  ['6.0.0', OpenAIOldest as unknown as typeof OpenAI],
  ['6.49', OpenAI],
  ['7', OpenAI7 as unknown as typeof OpenAI],
])('with openai %s', (_, Client) => {
  test.each([true, false])(
    'asks, runs the skill, tells the result, and answers (streaming: %s)',
    async (streaming) => {
      const { baseURL, requests } = await serve([
        { text: 'Let me see.', toolCalls: [multiply(15, 27)], usage: { input: 100, output: 20 } },
        { text: 'It is 405.', usage: { input: 150, output: 10 } },
      ])
      const client = new Client({ baseURL, apiKey: 'secret' })
      const result = await loopFor('', { client, streaming }).run('Calculate 15 * 27')
      expect(result).toEqual({
        stop: 'done',
        text: 'It is 405.',
        finishReason: 'stop',
        usage: { inputTokens: 250, outputTokens: 30, requests: 2, estimated: false },
        messages: [
          { role: 'user', content: 'Calculate 15 * 27' },
          {
            role: 'assistant',
            content: 'Let me see.',
            tool_calls: [{ id: 'call_1_0', type: 'function', function: multiply(15, 27) }],
          },
          { role: 'tool', tool_call_id: 'call_1_0', content: expect.stringContaining('405') },
          { role: 'assistant', content: 'It is 405.' },
        ],
      })
      const [first, second] = requests.map(({ body }) => body)
      expect(first).toMatchObject({
        model: 'm',
        messages: [{ role: 'system' }, { role: 'user', content: 'Calculate 15 * 27' }],
        tools: [{ type: 'function', function: { name: 'calculator', parameters: { type: 'object' } } }],
      })
      expect(first.stream).toBe(streaming ? true : undefined)
      // what was sent is what is returned, with the system message before it
      expect(second.messages.slice(1)).toEqual(result.messages.slice(0, 3))
      expect(requests[0]?.headers.authorization).toBe('Bearer secret')
    },
  )

  test('what happens comes as an iterator, in order', async () => {
    const { baseURL } = await serve([
      { text: 'Hm.', reasoning: 'First multiply.', toolCalls: [multiply(2, 3)] },
      { text: 'Six.' },
    ])
    const events: LoopEvent[] = []
    const client = new Client({ baseURL, apiKey: 'secret' })
    for await (const event of loopFor('', { client }).stream('2 * 3?')) events.push(event)
    const joined = (type: 'text' | 'reasoning') =>
      events.map((event) => (event.type === type ? event.text : '')).join('')
    expect([joined('reasoning'), joined('text')]).toEqual(['First multiply.', 'Hm.Six.'])
    const order = events.map(({ type }) => type).filter((type, index, all) => type !== all[index - 1])
    expect(order).toEqual([
      'request',
      'reasoning',
      'text',
      'usage',
      'tool-call',
      'tool-result',
      'request',
      'text',
      'usage',
      'done',
    ])
    expect(events.find(({ type }) => type === 'tool-result')).toMatchObject({
      isError: false,
      result: { status: 'completed', isolation: { level: 3 } },
    })
  })
})

test('calls of one answer are all run, and answered in their order', async () => {
  const { baseURL, requests } = await serve([
    { toolCalls: [multiply(2, 3), { name: 'nothing' }, multiply(4, 5)] },
    { text: 'Done.' },
  ])
  await loopFor(baseURL).run('Go')
  const answers = requests[1]?.body.messages.slice(3)
  expect(answers).toMatchObject([
    { tool_call_id: 'call_1_0', content: expect.stringContaining('6') },
    { tool_call_id: 'call_1_1', content: expect.stringContaining('There is no tool "nothing"') },
    { tool_call_id: 'call_1_2', content: expect.stringContaining('20') },
  ])
})

test('a tool that was not offered cannot be called', async () => {
  const call = { name: 'text-processor', arguments: '{"operation":"uppercase","text":"a"}' }
  const turns = [{ toolCalls: [call] }, { text: 'Well.' }]
  const { baseURL, requests } = await serve([...turns, ...turns])
  await loopFor(baseURL).run('Go')
  expect(requests[1]?.body.messages.at(-1).content).toContain('There is no tool "text-processor"')
  await loopFor(baseURL, { include: ['*'] }).run('Go')
  expect(requests[3]?.body.messages.at(-1).content).not.toContain('There is no tool')
})

test('a conversation goes on where the last run ended, with one system message', async () => {
  const { baseURL, requests } = await serve([{ text: 'Hello!' }, { text: 'Fine.' }])
  const loop = loopFor(baseURL, { system: 'Be short.' })
  const { messages } = await loop.run([
    { role: 'system', content: 'You are a parrot.' },
    { role: 'user', content: 'Hello' },
  ])
  const result = await loop.run([...messages, { role: 'user', content: 'How are you?' }])
  expect(result.text).toBe('Fine.')
  const sent = requests[1]?.body.messages
  expect(sent.map(({ role }: { role: string }) => role)).toEqual(['system', 'user', 'assistant', 'user'])
  expect(sent[0].content).toMatch(/^You are a parrot\.\n\nBe short\.\n\nYou can call tools/)
})

test('it stops at maxIterations, and can be asked to go on', async () => {
  const { baseURL, requests } = await serve(() => ({ text: 'More.', toolCalls: [multiply(1, 1)] }))
  const result = await loopFor(baseURL, { maxIterations: 3 }).run('Go')
  expect(result).toMatchObject({ stop: 'max-iterations', text: 'More.' })
  expect(requests).toHaveLength(3)
  // every call has its answer, so that the conversation can go on
  expect(result.messages.at(-1)).toMatchObject({ role: 'tool' })
})

test('it stops before a request that would go beyond the budget', async () => {
  const { baseURL, requests } = await serve(() => ({
    toolCalls: [multiply(1, 1)],
    usage: { input: 1_000, output: 200 },
  }))
  const result = await loopFor(baseURL, { maxTokens: 2_500 }).run('Go')
  expect(result).toMatchObject({
    stop: 'budget',
    usage: { inputTokens: 2_000, outputTokens: 400, requests: 2 },
  })
  expect(requests).toHaveLength(2)
  const tight = await loopFor(baseURL, { maxTokens: 50 }).run('Go')
  expect([tight.stop, tight.usage.requests, requests.length]).toEqual(['budget', 0, 2])
})

test('the estimate is near to what the request has', async () => {
  const { baseURL, requests } = await serve([{ text: 'Hi', usage: null }])
  const loop = loopFor(baseURL)
  const estimate = loop.estimateTokens('Hello')
  const { usage } = await loop.run('Hello')
  const { messages, tools } = requests[0]?.body ?? {}
  expect(estimate).toBeGreaterThan(JSON.stringify([messages, tools]).length / 5)
  expect(estimate).toBeLessThan(JSON.stringify([messages, tools]).length / 3)
  expect(usage).toMatchObject({ inputTokens: estimate, estimated: true })
})

test('with planning, the plan comes first and is ticked off', async () => {
  const plan = (status: string) => ({
    name: 'update_plan',
    arguments: JSON.stringify({ tasks: [{ title: 'Multiply', status }] }),
  })
  const { baseURL, requests } = await serve([
    { toolCalls: [multiply(2, 2)] },
    { toolCalls: [plan('doing'), multiply(2, 2)] },
    { toolCalls: [plan('finished')] },
    { toolCalls: [plan('done')] },
    { text: 'Four.' },
  ])
  const plans: unknown[] = []
  const result = await loopFor(baseURL, { planning: true }).run('2 * 2', {
    onEvent: (event) => {
      if (event.type === 'plan') plans.push(event.tasks)
    },
  })
  expect(plans).toEqual([[{ title: 'Multiply', status: 'doing' }], [{ title: 'Multiply', status: 'done' }]])
  expect(result).toMatchObject({ stop: 'done', plan: [{ title: 'Multiply', status: 'done' }] })
  const told = requests.map(({ body }) => body.messages.at(-1).content)
  expect(told[1]).toContain('First give your plan')
  expect(told[2]).toContain('4')
  expect(told[3]).toContain('The plan was not taken')
  expect(requests[0]?.body.tools.map((tool: { function: { name: string } }) => tool.function.name)).toEqual([
    'update_plan',
    'calculator',
  ])
})

test.each([
  [{ model: '' }, 'model'],
  [{ context: 'all' as never }, 'context'],
  [{ maxIterations: 0 }, 'maxIterations'],
  [{ maxTokens: Number.NaN }, 'maxTokens'],
  [{ retries: -1 }, 'retries'],
  [{ provider: 'toString' as never }, 'provider'],
  [{ include: ['calculater'] }, 'calculater'],
])('options are checked at once: %j', (options, named) => {
  const make = () => loopFor('http://127.0.0.1:9/v1', options)
  expect(make).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining(named) }),
  )
})

test('without a key it says so, and sends nothing', async () => {
  const { baseURL, requests } = await serve([{ text: 'Hi' }])
  await expect(loopFor(baseURL, { apiKey: '' }).run('Hello')).rejects.toMatchObject({
    code: 'ENDPOINT_SETTINGS_MISSING',
    message: `There is no key for ${baseURL}`,
  })
  expect(requests).toHaveLength(0)
  expect((await loopFor(baseURL, { apiKey: 'x' }).run('Hello')).text).toBe('Hi')
})
