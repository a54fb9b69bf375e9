import { quote, SkillLiteError } from '@skilllite/core'
import type OpenAI from 'openai'
import { chatClient } from './chat-client.js'
import type { ChatMessage } from './chat-message.js'
import { ContextBuilder } from './context.js'
import { eventStream } from './event-stream.js'
import type { LoopEvent, LoopResult } from './loop-event.js'
import { type LoopOptions, type LoopRunOptions, type LoopSettings, loopSettings } from './loop-options.js'
import { LoopRun, nextRequest } from './loop-run.js'
import { checkState, type LoopState } from './loop-state.js'
import type { EndpointQuirks } from './model-request.js'

/** What the user has decided about calls that wait, by `scanId`; what is not named goes on waiting. */
export interface ResumeOptions {
  readonly approvals: Readonly<Record<string, boolean>>
}

/**
 * Lets a model work with skills until it has an answer: asks it, runs the skills that it calls in the sandbox, tells it
 * what they returned, and asks again.
 */
export class AgenticLoop {
  readonly #settings: LoopSettings
  readonly #context: ContextBuilder
  readonly #quirks: EndpointQuirks = {}
  #client: OpenAI | undefined

  /** Throws `OPTION_INVALID`. Nothing is sent before the first run. */
  constructor(options: LoopOptions) {
    this.#settings = loopSettings(options)
    this.#context = new ContextBuilder(options.manager, this.#settings.context, {
      ...(options.include === undefined ? {} : { include: options.include }),
      ...(options.exclude === undefined ? {} : { exclude: options.exclude }),
      commands: options.commands ?? false,
      workspace: options.workspace ?? false,
    })
  }

  /**
   * Runs until one of the reasons of `stop`. Throws `ENDPOINT_SETTINGS_MISSING` without a key, `ENDPOINT_FAILED` where
   * the endpoint cannot be asked, an `AbortError` when `signal` fires, and the codes that begin with `SANDBOX_`.
   *
   * @param message A question, or a conversation whose last message is one
   */
  async run(message: string | readonly ChatMessage[], options: LoopRunOptions = {}): Promise<LoopResult> {
    const messages = conversationOf(message)
    return (await this.#begin(messages, options)).start()
  }

  /** The same as an iterator over what happens; the last event is `done`. Leaving it early cancels the run. */
  stream(
    message: string | readonly ChatMessage[],
    options: Pick<LoopRunOptions, 'signal'> = {},
  ): AsyncGenerator<LoopEvent, void, undefined> {
    return eventStream((onEvent, signal) => this.run(message, { onEvent, signal }), options.signal)
  }

  /**
   * Goes on from the state of a result with `stop: 'approval'`, in this process or another. A call that is approved
   * runs exactly what was scanned; calls that were answered before are not run again.
   */
  async resume(
    state: LoopState,
    { approvals }: ResumeOptions,
    options: LoopRunOptions = {},
  ): Promise<LoopResult> {
    const checked = checkState(state)
    return (await this.#begin(checked.messages, options)).resume(checked, approvals)
  }

  /** About how many tokens the first request for this message comes to, with instructions and tools. */
  estimateTokens(message: string | readonly ChatMessage[]): number {
    return nextRequest({ settings: this.#settings, context: this.#context }, conversationOf(message)).tokens
  }

  async #begin(messages: readonly ChatMessage[], options: LoopRunOptions): Promise<LoopRun> {
    const { signal = new AbortController().signal, onEvent = () => {} } = options
    this.#client ??= await chatClient(this.#settings)
    const parts = {
      settings: this.#settings,
      client: this.#client,
      context: this.#context,
      quirks: this.#quirks,
    }
    return new LoopRun(parts, messages, signal, onEvent)
  }
}

function conversationOf(message: string | readonly ChatMessage[]): readonly ChatMessage[] {
  if (typeof message === 'string') return [{ role: 'user', content: message }]
  if (Array.isArray(message) && message.length > 0) return message
  throw new SkillLiteError(
    'OPTION_INVALID',
    `The message must be text or a list of messages, got ${quote(message)}`,
  )
}
