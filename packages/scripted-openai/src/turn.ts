/** A call of a tool, as the model is scripted to make it. */
export interface ScriptedToolCall {
  readonly name: string
  /** Sent as it stands: text, which need not be JSON, or an object, as some endpoints send it.
   *  @default '{}' */
  readonly arguments?: string | Readonly<Record<string, unknown>>
  /** `null` sends none, as some endpoints do.
   *  @default a new one */
  readonly id?: string | null
}

/** An answer of the model. */
export interface Answer {
  /** `null` is sent as null, `''` as the empty string.
   *  @default null where there are tool calls, otherwise '' */
  readonly text?: string | null
  readonly toolCalls?: readonly ScriptedToolCall[]
  /** Further output items of the Responses API, as they stand, after the others.
   *  @default none */
  readonly outputItems?: readonly ({ readonly id: string; readonly type: string } & Record<string, unknown>)[]
  readonly reasoning?: string
  /** The field of Chat Completions in which endpoints send reasoning.
   *  @default 'reasoning_content' */
  readonly reasoningField?: 'reasoning_content' | 'reasoning'
  /** Tokens; `null` sends no usage.
   *  @default 10 in, 5 out */
  readonly usage?: { readonly input: number; readonly output: number } | null
  /** @default 'tool_calls' where there are tool calls, otherwise 'stop' */
  readonly finishReason?: string
  /** Streams each tool call whole, in the chunk that also ends the answer.
   *  @default false */
  readonly toolCallsInFinalChunk?: boolean
  /** Waits before the answer begins, in milliseconds.
   *  @default 0 */
  readonly delayMs?: number
  /** Waits before each chunk of a stream, in milliseconds.
   *  @default 0 */
  readonly chunkDelayMs?: number
  /** Breaks the connection after this many chunks of a stream, or within the body of an answer that is not streamed. */
  readonly cutAfterChunks?: number
  /** Ends a stream after this many chunks, in good order, as a proxy does that gave up. */
  readonly endAfterChunks?: number
}

/** An answer with an HTTP status that is an error. */
export interface Failure {
  readonly status: number
  /** @default 'Scripted failure' */
  readonly message?: string
  /** For example `{ 'retry-after': '1' }`. */
  readonly headers?: Readonly<Record<string, string>>
  readonly delayMs?: number
}

export type Turn = Answer | Failure

/** What a client sent. */
export interface ScriptedRequest {
  readonly method: string
  /** For example `/v1/chat/completions`. */
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** The body, read as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it without a type for every dialect
  readonly body: any
  /** When it was complete, in milliseconds of `performance.now()`. */
  readonly at: number
  /** Whether the client hung up before it had the whole answer. */
  readonly abandoned: boolean
}
