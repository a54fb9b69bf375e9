import type OpenAI from 'openai'
import { throwIfAborted } from './abort.js'
import type { ChatMessage } from './chat-message.js'
import type { RequestTool } from './context.js'
import { BrokenStream } from './retry.js'
import { type ModelTurn, TurnCollector } from './turn-collector.js'

/** One request for an answer. */
export interface ModelRequest {
  readonly client: OpenAI
  readonly model: string
  readonly messages: readonly ChatMessage[]
  readonly tools: readonly RequestTool[]
  readonly streaming: boolean
  /** More fields of the body. */
  readonly fields: Readonly<Record<string, unknown>>
  readonly signal: AbortSignal
  readonly onPiece: (piece: { type: 'text' | 'reasoning'; text: string }) => void
}

/** What an endpoint has shown that it does not do; kept for all requests to it. */
export interface EndpointQuirks {
  refusesStreamOptions?: boolean
  sendsNoFinishReason?: boolean
}

/** Asks the model once. Throws what the client throws, or {@link BrokenStream}. */
export async function askModel(request: ModelRequest, quirks: EndpointQuirks): Promise<ModelTurn> {
  const { signal } = request
  const collector = new TurnCollector(request.onPiece)
  if (request.streaming) {
    for await (const chunk of chunksOf(await openStream(request, quirks))) {
      throwIfAborted(signal)
      collector.add(chunk)
    }
  } else {
    collector.add(await send(request, {}))
  }
  // the client ends the stream without a word where the signal fires
  throwIfAborted(signal)
  if (collector.finishReason !== undefined) quirks.sendsNoFinishReason = false
  else if (quirks.sendsNoFinishReason !== true) {
    // a proxy that gave up closes the stream as if all were well; an endpoint that never gives a reason does it twice
    quirks.sendsNoFinishReason = !collector.isEmpty
    throw new BrokenStream('the stream ended before the answer did')
  }
  return collector.finish()
}

async function openStream(request: ModelRequest, quirks: EndpointQuirks): Promise<AsyncIterable<unknown>> {
  const plain = { stream: true }
  const counted = { stream: true, stream_options: { include_usage: true } }
  if (quirks.refusesStreamOptions === true) return send(request, plain) as Promise<AsyncIterable<unknown>>
  try {
    return (await send(request, counted)) as AsyncIterable<unknown>
  } catch (error) {
    const { status, message } = error as { status?: unknown; message?: unknown }
    if (status !== 400 || !String(message).includes('stream_options')) throw error
    quirks.refusesStreamOptions = true
    return (await send(request, plain)) as AsyncIterable<unknown>
  }
}

/** A stream that breaks is told from what goes wrong with its chunks. */
async function* chunksOf(stream: AsyncIterable<unknown>): AsyncGenerator<unknown> {
  const chunks = stream[Symbol.asyncIterator]()
  let whole = false
  try {
    for (;;) {
      const next = await chunks.next().catch((error: unknown) => {
        throw new BrokenStream(
          `the stream broke: ${error instanceof Error ? error.message : String(error)}`,
          {
            cause: error,
          },
        )
      })
      if (next.done === true) break
      yield next.value
    }
    whole = true
  } finally {
    if (!whole) await chunks.return?.().catch(() => {})
  }
}

/** The types of the client know less than endpoints take and give. */
function send(
  { client, model, messages, tools, fields, signal }: ModelRequest,
  mode: object,
): Promise<unknown> {
  const body = { ...fields, model, messages, ...(tools.length === 0 ? {} : { tools }), ...mode }
  const { completions } = client.chat as unknown as {
    completions: { create(body: object, options: object): Promise<unknown> }
  }
  return completions.create(body, { signal, maxRetries: 0 })
}
