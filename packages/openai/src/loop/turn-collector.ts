import type { LoopCall } from './chat-message.js'
import { parseObject } from './parse-object.js'

/** One answer of the model. */
export interface ModelTurn {
  readonly text: string
  /** What it thought, and the field in which the endpoint sent it. */
  readonly reasoning?: { readonly field: ReasoningField; readonly text: string }
  readonly calls: readonly (Omit<LoopCall, 'id'> & { readonly id?: string })[]
  readonly usage?: { readonly inputTokens: number; readonly outputTokens: number }
  readonly finishReason?: string
}

export type ReasoningField = 'reasoning_content' | 'reasoning'

type Json = Readonly<Record<string, unknown>>

interface CallPart {
  readonly index: number | undefined
  readonly id: string | undefined
  readonly name: string | undefined
  readonly hasArguments: boolean
}

interface CallInParts {
  readonly index: number | undefined
  id?: string
  name?: string
  arguments: string
}

/**
 * Puts an answer together from the chunks of a stream, from any endpoint that is OpenAI-compatible more or less: calls
 * whole or in parts, without ids or indexes, arguments as objects, content as null or in parts.
 */
export class TurnCollector {
  #text = ''
  #reasoning = ''
  #field: ReasoningField = 'reasoning_content'
  #finishReason: string | undefined
  #usage: ModelTurn['usage']
  readonly #calls: CallInParts[] = []

  constructor(private readonly on: (piece: { type: 'text' | 'reasoning'; text: string }) => void) {}

  /** Whether the model has said or called anything. */
  get isEmpty(): boolean {
    return this.#text.trim() === '' && this.#calls.length === 0
  }

  get finishReason(): string | undefined {
    return this.#finishReason
  }

  add(chunk: unknown): void {
    const choice = asJson(asList(asJson(chunk).choices)[0])
    this.#readUsage(asJson(chunk).usage ?? choice.usage)
    if (typeof choice.finish_reason === 'string') this.#finishReason = choice.finish_reason
    // an answer that is not streamed has a message in its place
    const delta = asJson(choice.delta ?? choice.message)
    for (const field of ['reasoning_content', 'reasoning'] as const) {
      const piece = delta[field]
      if (typeof piece !== 'string' || piece === '') continue
      this.#field = field
      this.#reasoning += piece
      this.on({ type: 'reasoning', text: piece })
      break
    }
    const text = textOf(delta.content) || textOf(delta.refusal)
    if (text !== '') {
      this.#text += text
      this.on({ type: 'text', text })
    }
    for (const part of asList(delta.tool_calls)) this.#addCall(asJson(part))
  }

  finish(): ModelTurn {
    return {
      text: this.#text,
      ...(this.#reasoning === '' ? {} : { reasoning: { field: this.#field, text: this.#reasoning } }),
      calls: this.#calls.map(({ id, name = '', arguments: args }) => ({
        name,
        arguments: args,
        ...(id === undefined ? {} : { id }),
      })),
      ...(this.#usage === undefined ? {} : { usage: this.#usage }),
      ...(this.#finishReason === undefined ? {} : { finishReason: this.#finishReason }),
    }
  }

  #readUsage(value: unknown): void {
    const { prompt_tokens: input, completion_tokens: output } = asJson(value)
    // some send totals so far with every chunk: the last one stands
    if (typeof input === 'number' && typeof output === 'number')
      this.#usage = { inputTokens: input, outputTokens: output }
  }

  #addCall(part: Json): void {
    const { name, arguments: args } = asJson(part.function)
    const id = typeof part.id === 'string' && part.id !== '' ? part.id : undefined
    const called = typeof name === 'string' && name !== '' ? name : undefined
    const index = typeof part.index === 'number' ? part.index : undefined
    let call = this.#open({ index, id, name: called, hasArguments: args !== undefined && args !== '' })
    if (call === undefined) {
      call = { index, arguments: '' }
      this.#calls.push(call)
    }
    call.id ??= id
    call.name ??= called
    if (typeof args === 'string') call.arguments += args
    else if (typeof args === 'object' && args !== null) call.arguments = JSON.stringify(args)
  }

  /** The call that a part continues; none where it begins one. */
  #open({ index, id, name, hasArguments }: CallPart): CallInParts | undefined {
    const last =
      index === undefined ? this.#calls.at(-1) : this.#calls.findLast((call) => call.index === index)
    if (last === undefined) return undefined
    // some send the index 0 with every call
    if (id !== undefined && last.id !== undefined && id !== last.id) return undefined
    if (name === undefined || last.name === undefined) return last
    // a name again: some repeat it with every part, some have neither index nor id for the next call
    if (index === undefined && id === undefined) return undefined
    return hasArguments && isWhole(last.arguments) ? undefined : last
  }
}

/** Whether these arguments cannot go on. */
function isWhole(text: string): boolean {
  return text.trimEnd().endsWith('}') && parseObject(text) !== undefined
}

function asJson(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** Content is text, null, or a list of parts. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  return asList(content)
    .map((part) => asJson(part).text)
    .filter((text) => typeof text === 'string')
    .join('')
}
