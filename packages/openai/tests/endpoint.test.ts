import { SkillManager } from '@skilllite/core'
import type { Answer, ScriptedToolCall } from '@skilllite/scripted-openai'
import { beforeAll, describe, expect, test } from 'vitest'
import { AgenticLoop, type LoopEvent, type LoopOptions } from '../src/index.js'
import { serve } from './support/servers.js'
import { ownSkills } from './support/skills.js'

let manager: SkillManager
beforeAll(async () => {
  manager = await SkillManager.load({ skillsDir: ownSkills, sandboxLevel: 2 })
})

const loopFor = (baseURL: string, options: Partial<LoopOptions> = {}) =>
  new AgenticLoop({ manager, baseURL, apiKey: 'secret', model: 'm', include: ['calculator'], ...options })
const values = { operation: 'add', a: 40, b: 2 }
const add: ScriptedToolCall = { name: 'calculator', arguments: JSON.stringify(values) }

describe('what endpoints get wrong', () => {
  const odd: readonly [string, Answer][] = [
    [
      'no ids',
      {
        toolCalls: [
          { ...add, id: null },
          { ...add, id: null },
        ],
      },
    ],
    [
      'the same id twice',
      {
        toolCalls: [
          { ...add, id: 'x' },
          { ...add, id: 'x' },
        ],
      },
    ],
    [
      'empty ids',
      {
        toolCalls: [
          { ...add, id: '' },
          { ...add, id: '' },
        ],
      },
    ],
    ['arguments as object', { toolCalls: [{ ...add, arguments: values }, add] }],
    ['calls in the final chunk only', { toolCalls: [add, add], toolCallsInFinalChunk: true }],
    ['stop as reason for calls', { toolCalls: [add, add], finishReason: 'stop' }],
    ['empty content with calls', { text: '', toolCalls: [add, add] }],
    ['no usage', { toolCalls: [add, add], usage: null }],
  ]
  describe.each([true, false])('streaming: %s', (streaming) => {
    test.each(odd)('%s', async (_, answer) => {
      const { baseURL, requests } = await serve([answer, { text: 'Forty-two.' }])
      const result = await loopFor(baseURL, { streaming }).run('Go')
      expect(result).toMatchObject({ stop: 'done', text: 'Forty-two.' })
      const [call, ...answers] = requests[1]?.body.messages.slice(2) ?? []
      const ids = call.tool_calls.map(({ id }: { id: string }) => id)
      expect(new Set(ids).size).toBe(2)
      expect(ids).not.toContain('')
      expect(call).toMatchObject({ role: 'assistant', content: null })
      expect(call.tool_calls).toMatchObject(
        ids.map(() => ({ type: 'function', function: { name: 'calculator', arguments: add.arguments } })),
      )
      expect(answers).toMatchObject(
        ids.map((id: string) => ({ role: 'tool', tool_call_id: id, content: expect.stringContaining('42') })),
      )
    })
  })

  test('arguments that are no JSON are told to the model, and not sent back as they are', async () => {
    const { baseURL, requests } = await serve([
      { toolCalls: [{ name: 'calculator', arguments: '{"operation": "add", a: 1' }] },
      { text: 'Sorry.' },
    ])
    await loopFor(baseURL).run('Go')
    const [call, answer] = requests[1]?.body.messages.slice(2) ?? []
    expect(call.tool_calls[0].function.arguments).toBe('{}')
    expect(answer.content).toMatch(/are not JSON.*Nothing was run/s)
  })

  test('an answer with nothing in it is asked for once more', async () => {
    const { baseURL, requests } = await serve([{ text: '' }, { text: 'Now.' }, { text: null }, { text: '' }])
    expect((await loopFor(baseURL).run('Go')).text).toBe('Now.')
    expect(requests[1]?.body.messages).toEqual(requests[0]?.body.messages)
    expect(await loopFor(baseURL).run('Go')).toMatchObject({ stop: 'done', text: '' })
    expect(requests).toHaveLength(4)
  })

  test.each(['reasoning_content', 'reasoning'] as const)(
    '%s goes back with its calls, and no longer once there is an answer',
    async (reasoningField) => {
      const { baseURL, requests } = await serve([
        { reasoning: 'I must add.', reasoningField, toolCalls: [add] },
        { reasoning: 'I have it.', reasoningField, text: '42' },
        { text: 'Bye' },
        { reasoning: 'I must add.', reasoningField, toolCalls: [add] },
        { text: '42' },
      ])
      const loop = loopFor(baseURL)
      const { messages } = await loop.run('40 + 2')
      await loop.run([...messages, { role: 'user', content: 'Thanks' }])
      expect(requests[1]?.body.messages[2]).toMatchObject({ [reasoningField]: 'I must add.' })
      expect(JSON.stringify(requests[2]?.body)).not.toContain('I must add.')
      expect(JSON.stringify(requests[2]?.body)).not.toContain('I have it.')
      await loopFor(baseURL, { echoReasoning: false }).run('40 + 2')
      expect(JSON.stringify(requests[4]?.body)).not.toContain('I must add.')
    },
  )

  test('stream_options are left out where an endpoint refuses them', async () => {
    const { baseURL, requests } = await serve(({ body }) =>
      body.stream_options === undefined
        ? { text: 'Yes' }
        : { status: 400, message: 'Unknown parameter: stream_options' },
    )
    const loop = loopFor(baseURL)
    expect((await loop.run('Go')).text).toBe('Yes')
    expect((await loop.run('Go')).text).toBe('Yes')
    expect(requests.map(({ body }) => 'stream_options' in body)).toEqual([true, false, false])
  })
})

describe('trying again', () => {
  test.each([
    ['429', { status: 429, headers: { 'retry-after-ms': '5' } }],
    ['500', { status: 500, headers: { 'retry-after-ms': '5' } }],
    ['a stream that breaks', { text: 'A long answer that breaks off', cutAfterChunks: 3 }],
  ])('after %s', async (_, fault) => {
    const { baseURL, requests } = await serve([fault, { text: 'Here it is.' }])
    const events: LoopEvent[] = []
    const result = await loopFor(baseURL).run('Go', { onEvent: (event) => events.push(event) })
    expect(result).toMatchObject({ stop: 'done', text: 'Here it is.' })
    expect(result.messages).toHaveLength(2)
    expect(requests).toHaveLength(2)
    expect(events.filter(({ type }) => type === 'retry')).toMatchObject([{ attempt: 1 }])
  })

  test('after a stream that ended too early in good order, each time', async () => {
    const early = { text: 'A long answer that ends', endAfterChunks: 3 }
    const { baseURL, requests } = await serve([early, { text: 'One.' }, early, { text: 'Two.' }])
    const loop = loopFor(baseURL)
    expect([(await loop.run('Go')).text, (await loop.run('Go')).text]).toEqual(['One.', 'Two.'])
    expect(requests).toHaveLength(4)
  })

  test('but an endpoint that never says why an answer ended is believed the second time', async () => {
    // the chunks of the role and of the text, without the last one
    const { baseURL, requests } = await serve(() => ({ text: 'Hello', endAfterChunks: 2 }))
    const loop = loopFor(baseURL)
    expect([(await loop.run('Go')).text, (await loop.run('Go')).text]).toEqual(['Hello', 'Hello'])
    expect(requests).toHaveLength(3)
  })

  test.each<[string, Record<string, string>]>([
    ['in seconds', { 'retry-after': '0.3' }],
    ['in milliseconds', { 'retry-after-ms': '300' }],
  ])('waits as long as the endpoint asks, %s', async (_, headers) => {
    const { baseURL, requests } = await serve([{ status: 429, headers }, { text: 'Now' }])
    await loopFor(baseURL).run('Go')
    const [first, second] = requests.map(({ at }) => at)
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(295)
  })

  test('does not wait longer than it may, and says how long it should', async () => {
    const { baseURL, requests } = await serve([{ status: 429, headers: { 'retry-after': '3600' } }])
    await expect(loopFor(baseURL).run('Go')).rejects.toMatchObject({
      code: 'ENDPOINT_FAILED',
      hint: 'It asks to wait 3600 s.',
    })
    expect(requests).toHaveLength(1)
  })

  test('gives up in the end', async () => {
    const { baseURL, requests } = await serve(() => ({ status: 503, headers: { 'retry-after-ms': '1' } }))
    await expect(loopFor(baseURL, { retries: 2 }).run('Go')).rejects.toMatchObject({
      code: 'ENDPOINT_FAILED',
      message: expect.stringContaining('status 503'),
    })
    expect(requests).toHaveLength(3)
  })

  test.each([
    [401, 'Check the key, and that it is for this endpoint.'],
    [404, 'Check the base URL, and that it has the model "m".'],
    [400, 'Check that the model "m" can call tools, and the fields of the request.'],
  ])('not after %i, which no other time would change', async (status, hint) => {
    const { baseURL, requests } = await serve([{ status, message: 'No \u001b[31mway' }])
    const error = await loopFor(baseURL)
      .run('Go')
      .catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      code: 'ENDPOINT_FAILED',
      message: `${baseURL} answered with status ${status}: "${status} No \\u001b[31mway"`,
      hint,
    })
    expect(String(error)).not.toContain('secret')
    expect(requests).toHaveLength(1)
  })

  test('an endpoint that is not there is told in one sentence', async () => {
    const server = await serve([])
    await server.close()
    await expect(loopFor(server.baseURL, { retries: 0 }).run('Go')).rejects.toMatchObject({
      code: 'ENDPOINT_FAILED',
      message: expect.stringMatching(/could not be asked: ".*ECONNREFUSED.*"$/),
    })
  })
})

test('more fields of the request are sent', async () => {
  const { baseURL, requests } = await serve([{ text: 'Hi' }])
  await loopFor(baseURL, { request: { temperature: 0, max_completion_tokens: 100 } }).run('Go')
  expect(requests[0]?.body).toMatchObject({ temperature: 0, max_completion_tokens: 100, model: 'm' })
})
