import type OpenAI from 'openai'
import { throwIfAborted } from './abort.js'
import { type CallRunnerOptions, runCalls } from './call-runner.js'
import type { ChatMessage, LoopCall, LoopUsage } from './chat-message.js'
import type { ContextBuilder, RequestTool } from './context.js'
import { assistantMessage, lastText, requestMessages } from './conversation.js'
import { endpointError } from './endpoint-error.js'
import { estimateRequest, estimateTokens } from './estimate-tokens.js'
import type { LoopEvent, LoopResult, LoopStop } from './loop-event.js'
import type { LoopSettings } from './loop-options.js'
import type { LoopState, PendingCall } from './loop-state.js'
import { askModel, type EndpointQuirks } from './model-request.js'
import { PLAN_PROMPT, PlanKeeper, planTool } from './planning.js'
import { withRetries } from './retry.js'
import type { ModelTurn } from './turn-collector.js'

/** What all runs of a loop have in common. */
export interface LoopParts {
  readonly settings: LoopSettings
  readonly client: OpenAI
  readonly context: ContextBuilder
  readonly quirks: EndpointQuirks
}

/** The next request, and about how many tokens it comes to. */
export interface NextRequest {
  readonly messages: readonly ChatMessage[]
  readonly tools: readonly RequestTool[]
  readonly tokens: number
}

/** The next request of a conversation. */
export function nextRequest(
  { settings, context }: Pick<LoopParts, 'settings' | 'context'>,
  messages: readonly ChatMessage[],
): NextRequest {
  const { prompt, tools } = context.build(messages)
  const parts = [settings.system ?? '', prompt, settings.planning ? PLAN_PROMPT : '']
  const system = parts.filter((part) => part !== '').join('\n\n')
  const sent = requestMessages(system, messages, settings.echoReasoning)
  const offered = settings.planning
    ? [planTool, ...tools.filter(({ function: { name } }) => name !== planTool.function.name)]
    : tools
  return { messages: sent, tools: offered, tokens: estimateRequest(sent, offered) }
}

/** One run of a loop: asks, answers the calls, asks again, until something stops it. */
export class LoopRun {
  readonly #messages: ChatMessage[]
  #usage: LoopUsage = { inputTokens: 0, outputTokens: 0, requests: 0, estimated: false }
  #iterations = 0
  readonly #planning: PlanKeeper
  #wasEmpty = false
  #finishReason: string | undefined

  constructor(
    private readonly parts: LoopParts,
    messages: readonly ChatMessage[],
    private readonly signal: AbortSignal,
    private readonly emit: (event: LoopEvent) => void,
  ) {
    this.#messages = [...messages]
    this.#planning = new PlanKeeper(parts.settings.planning)
  }

  /** Goes on from a state, with what has been decided about the calls that wait. */
  async resume(state: LoopState, approvals: Readonly<Record<string, boolean>>): Promise<LoopResult> {
    this.#usage = state.usage
    this.#iterations = state.iterations
    this.#planning.tasks = state.plan
    const answers: Record<string, string> = { ...state.answers }
    const approved: Record<string, string> = {}
    const undecided: PendingCall[] = []
    for (const call of state.pending) {
      const { id, name, scanId } = call
      const decision = Object.hasOwn(approvals, scanId) ? approvals[scanId] : undefined
      if (decision === true) approved[id] = scanId
      else if (decision === false) answers[id] = this.#tell(call, refusal(name), true)
      else undecided.push(call)
    }
    const decided = state.calls.filter(({ id }) => id in approved)
    const outcome = await this.#run(decided, approved)
    const pending = [...outcome.pending, ...undecided]
    return this.#close(state.calls, { ...answers, ...outcome.answers }, pending) ?? this.start()
  }

  async start(): Promise<LoopResult> {
    const { settings } = this.parts
    for (;;) {
      throwIfAborted(this.signal)
      if (this.#iterations >= settings.maxIterations) return this.#stop('max-iterations')
      const request = nextRequest(this.parts, this.#messages)
      const spent = this.#usage.inputTokens + this.#usage.outputTokens
      if (spent + request.tokens > settings.maxTokens) return this.#stop('budget')
      this.#iterations += 1
      const turn = await this.#ask(request)
      const isEmpty = turn.text.trim() === '' && turn.calls.length === 0
      // some models now and then answer with nothing; a second time it is the answer
      if (isEmpty && this.#iterations < settings.maxIterations && !this.#wasEmpty) {
        this.#wasEmpty = true
        continue
      }
      this.#wasEmpty = false
      const { message, calls } = assistantMessage(turn, this.#messages)
      this.#messages.push(message)
      if (calls.length === 0) return this.#stop('done')
      for (const call of calls) this.emit({ type: 'tool-call', ...call })
      const { answers, rest } = this.#planFirst(calls)
      const outcome = await this.#run(rest, {})
      const stopped = this.#close(calls, { ...answers, ...outcome.answers }, outcome.pending)
      if (stopped !== undefined) return stopped
    }
  }

  /** Puts the answers to all calls into the conversation; where some wait, the loop stops. */
  #close(
    calls: readonly LoopCall[],
    answers: Readonly<Record<string, string>>,
    pending: readonly PendingCall[],
  ): LoopResult | undefined {
    throwIfAborted(this.signal)
    if (pending.length > 0) return this.#stop('approval', { calls, answers, pending })
    for (const { id } of calls) {
      this.#messages.push({ role: 'tool', tool_call_id: id, content: answers[id] ?? '' })
    }
    return undefined
  }

  async #ask(request: NextRequest): Promise<ModelTurn> {
    const { settings, client, quirks } = this.parts
    this.emit({ type: 'request', number: this.#usage.requests + 1 })
    try {
      const turn = await withRetries(
        () =>
          askModel(
            {
              client,
              model: settings.model,
              messages: request.messages,
              tools: request.tools,
              streaming: settings.streaming,
              fields: settings.request,
              signal: this.signal,
              onPiece: this.emit,
            },
            quirks,
          ),
        {
          retries: settings.retries,
          maxDelayMs: settings.maxRetryDelayMs,
          signal: this.signal,
          onRetry: (retry) => this.emit({ type: 'retry', ...retry }),
        },
      )
      this.#count(turn, request)
      return turn
    } catch (error) {
      throwIfAborted(this.signal)
      throw endpointError(error, client.baseURL, settings.model)
    }
  }

  #count({ usage, text, reasoning, calls, finishReason }: ModelTurn, request: NextRequest): void {
    const produced = estimateTokens(text) + estimateTokens(reasoning?.text ?? '')
    const { inputTokens, outputTokens } = usage ?? {
      inputTokens: request.tokens,
      outputTokens: produced + (calls.length === 0 ? 0 : estimateTokens(calls)),
    }
    this.#usage = {
      inputTokens: this.#usage.inputTokens + inputTokens,
      outputTokens: this.#usage.outputTokens + outputTokens,
      requests: this.#usage.requests + 1,
      estimated: this.#usage.estimated || usage === undefined,
    }
    this.#finishReason = finishReason
    this.emit({ type: 'usage', usage: this.#usage })
  }

  /** Answers the calls that are about the plan. */
  #planFirst(
    calls: readonly LoopCall[],
  ): Pick<LoopState, 'answers'> & { readonly rest: readonly LoopCall[] } {
    const { told, rest } = this.#planning.take(calls)
    const { tasks, isNew } = this.#planning
    if (isNew && tasks !== undefined) this.emit({ type: 'plan', tasks })
    const answers = told.map(({ call, content, isError }) => [call.id, this.#tell(call, content, isError)])
    return { answers: Object.fromEntries(answers), rest }
  }

  #tell({ id, name }: Pick<LoopCall, 'id' | 'name'>, content: string, isError: boolean): string {
    this.emit({ type: 'tool-result', id, name, content, isError })
    return content
  }

  #run(calls: readonly LoopCall[], approved: Readonly<Record<string, string>>) {
    const { settings, context } = this.parts
    const options: CallRunnerOptions = {
      manager: settings.manager,
      callable: context.callable,
      settings,
      signal: this.signal,
      emit: this.emit,
    }
    return runCalls(calls, approved, options)
  }

  #stop(stop: LoopStop, waiting?: Pick<LoopState, 'calls' | 'answers' | 'pending'>): LoopResult {
    const { tasks } = this.#planning
    const plan = tasks === undefined ? {} : { plan: tasks }
    const state: LoopState | undefined = waiting && {
      version: 1,
      messages: this.#messages,
      ...waiting,
      usage: this.#usage,
      iterations: this.#iterations,
      ...plan,
    }
    const result: LoopResult = {
      stop,
      text: lastText(this.#messages),
      messages: this.#messages,
      usage: this.#usage,
      ...(this.#finishReason === undefined ? {} : { finishReason: this.#finishReason }),
      ...plan,
      ...(state === undefined ? {} : { state }),
    }
    this.emit({ type: 'done', result })
    return result
  }
}

function refusal(name: string): string {
  return `<skilllite>${name} was not run: the user did not approve it. Do not call it again in the same way; tell the user what you wanted it for.</skilllite>`
}
