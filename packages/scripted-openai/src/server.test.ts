import OpenAI from 'openai'
import OpenAI7 from 'openai-7'
import { afterEach, describe, expect, test } from 'vitest'
import { type ScriptedServer, type ScriptedServerOptions, startScriptedServer } from './index.js'

const servers: ScriptedServer[] = []
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())))

async function start(turns: ScriptedServerOptions['turns']): Promise<ScriptedServer> {
  const server = await startScriptedServer({ turns })
  servers.push(server)
  return server
}

const messages = [{ role: 'user' as const, content: 'Hello' }]
const multiply = { name: 'calculator', arguments: '{"a":15,"b":27}' }
const answer = { text: 'The answer is 405.', reasoning: 'Let me multiply.', toolCalls: [multiply] }

describe.each([
  ['openai 6', OpenAI],
  ['openai 7', OpenAI7 as unknown as typeof OpenAI],
])('%s', (_, Client) => {
  const clientOf = ({ baseURL }: ScriptedServer, maxRetries = 0) =>
    new Client({ baseURL, apiKey: 'key', maxRetries })

  test('reads a whole chat completion', async () => {
    const server = await start([answer])
    const completion = await clientOf(server).chat.completions.create({ model: 'm', messages })
    expect(completion.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: {
        content: 'The answer is 405.',
        reasoning_content: 'Let me multiply.',
        tool_calls: [{ id: 'call_1_0', type: 'function', function: multiply }],
      },
    })
    expect(completion.usage).toMatchObject({ total_tokens: 15 })
    expect(server.requests[0]).toMatchObject({ method: 'POST', body: { model: 'm', messages } })
    expect(server.requests[0]?.headers.authorization).toBe('Bearer key')
  })

  test('reads the same as a stream', async () => {
    const server = await start([answer])
    const final = await clientOf(server)
      .chat.completions.stream({ model: 'm', messages, stream_options: { include_usage: true } })
      .finalChatCompletion()
    expect(final.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: { content: 'The answer is 405.', tool_calls: [{ id: 'call_1_0', function: multiply }] },
    })
    expect(final.usage?.total_tokens).toBe(15)
  })

  test.each([true, false])('reads a response (stream: %s)', async (streamed) => {
    const server = await start([answer])
    const request = { model: 'm', input: 'Hello' }
    const { responses } = clientOf(server)
    const final = streamed ? await responses.stream(request).finalResponse() : await responses.create(request)
    expect(final.output_text).toBe('The answer is 405.')
    expect(final.output.map(({ type }) => type)).toEqual(['reasoning', 'message', 'function_call'])
    expect(final.output[2]).toMatchObject({ call_id: 'call_1_0', ...multiply })
    expect(final.usage?.total_tokens).toBe(15)
  })

  test('sees a failure, and is answered when it tries again', async () => {
    const server = await start([{ status: 429, headers: { 'retry-after-ms': '1' } }, { text: 'Now' }])
    const completion = await clientOf(server, 1).chat.completions.create({ model: 'm', messages })
    expect(completion.choices[0]?.message.content).toBe('Now')
    expect(server.requests).toHaveLength(2)
    await expect(clientOf(server).chat.completions.create({ model: 'm', messages })).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('The script has 2 turns and no more'),
    })
  })
})

const post = (server: ScriptedServer, body: object) =>
  fetch(`${server.baseURL}/chat/completions`, { method: 'POST', body: JSON.stringify(body) })

/** What any dialect may hold. */
const jsonOf = async (response: Response): Promise<Record<string, unknown>> =>
  (await response.json()) as Record<string, unknown>
const choiceOf = async (response: Response): Promise<unknown> =>
  ((await jsonOf(response)).choices as readonly unknown[])[0]

test('a stream is cut after exactly so many chunks', async () => {
  const server = await start([{ text: 'A long text that is never complete', cutAfterChunks: 2 }])
  const { body } = await post(server, { stream: true })
  let seen = ''
  const reading = (async () => {
    for await (const part of body ?? []) seen += Buffer.from(part).toString()
  })()
  await expect(reading).rejects.toThrow()
  expect(seen.match(/^data: /gm)).toHaveLength(2)
})

test('what endpoints get wrong is sent as scripted', async () => {
  const odd = { name: 'x', arguments: { a: 1 }, id: null }
  const server = await start([
    { text: '', toolCalls: [odd], finishReason: 'stop', usage: null },
    { toolCalls: [multiply], toolCallsInFinalChunk: true },
  ])
  const completion = await jsonOf(await post(server, {}))
  expect(completion).not.toHaveProperty('usage')
  expect((completion.choices as readonly unknown[])[0]).toEqual({
    index: 0,
    logprobs: null,
    finish_reason: 'stop',
    message: {
      role: 'assistant',
      content: '',
      tool_calls: [{ type: 'function', function: { name: 'x', arguments: { a: 1 } } }],
    },
  })
  const chunks = (await (await post(server, { stream: true })).text()).trim().split('\n\n')
  expect(chunks.at(-1)).toBe('data: [DONE]')
  const last = JSON.parse(chunks.at(-2)?.replace('data: ', '') ?? '')
  expect(last.choices[0]).toMatchObject({
    finish_reason: 'tool_calls',
    delta: { tool_calls: [{ index: 0, function: multiply }] },
  })
})

test('a turn may depend on the request, and a request that is given up is marked', async () => {
  const server = await start(({ body }) => ({
    text: `You sent ${body.messages.length}`,
    delayMs: body.delay,
  }))
  expect(await choiceOf(await post(server, { messages }))).toMatchObject({
    message: { content: 'You sent 1' },
  })
  const controller = new AbortController()
  const given = fetch(`${server.baseURL}/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ messages, delay: 2000 }),
    signal: controller.signal,
  })
  await expect.poll(() => server.requests.length).toBe(2)
  controller.abort()
  await expect(given).rejects.toThrow()
  await expect.poll(() => server.requests.map(({ abandoned }) => abandoned)).toEqual([false, true])
})

test('models are listed', async () => {
  const server = await startScriptedServer({ turns: [], models: ['small', 'large'] })
  servers.push(server)
  const listed = await new OpenAI({ baseURL: server.baseURL, apiKey: 'key' }).models.list()
  expect(listed.data.map(({ id }) => id)).toEqual(['small', 'large'])
  expect(server.requests).toEqual([])
})
