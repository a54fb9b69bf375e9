import type { RunResult } from '@skilllite/core'
import type { ChatMessage, LoopCall, LoopUsage, PlanTask } from './chat-message.js'
import type { LoopState, PendingCall } from './loop-state.js'

/** What happens in a loop, as it happens. */
export type LoopEvent =
  /** A request is sent; the first has number 1. */
  | { readonly type: 'request'; readonly number: number }
  /** A piece of the model's text. */
  | { readonly type: 'text'; readonly text: string }
  /** A piece of the model's reasoning, where the endpoint shows it. */
  | { readonly type: 'reasoning'; readonly text: string }
  /** The request failed and is sent again; text and reasoning since the last `request` are void. */
  | { readonly type: 'retry'; readonly attempt: number; readonly delayMs: number; readonly reason: string }
  | ({ readonly type: 'tool-call' } & LoopCall)
  /** What the model is told of its call. `result` is left out where nothing was there to run. */
  | {
      readonly type: 'tool-result'
      readonly id: string
      readonly name: string
      readonly content: string
      readonly isError: boolean
      readonly result?: RunResult
    }
  /** A call needs approval: `confirm` is being asked, or the loop will stop. */
  | ({ readonly type: 'approval' } & PendingCall)
  /** The model's plan, new or with changes. */
  | { readonly type: 'plan'; readonly tasks: readonly PlanTask[] }
  /** Totals after a request. */
  | { readonly type: 'usage'; readonly usage: LoopUsage }
  | { readonly type: 'done'; readonly result: LoopResult }

/** Why a loop stopped. */
export type LoopStop =
  /** The model gave its answer. */
  | 'done'
  /** `maxIterations` requests were made, and the model wants more. */
  | 'max-iterations'
  /** The next request would go beyond `maxTokens`. */
  | 'budget'
  /** Calls need approval and nobody was there to give it: go on with `loop.resume(state, …)`. */
  | 'approval'

/** What a loop came to. */
export interface LoopResult {
  readonly stop: LoopStop
  /** The model's last words; '' where it has said nothing. */
  readonly text: string
  /** The conversation, for the next `run`. With `stop: 'approval'` its last calls have no answers: use `state`. */
  readonly messages: readonly ChatMessage[]
  readonly usage: LoopUsage
  /** The endpoint's word for why the last answer ended; `length` means that it was cut. */
  readonly finishReason?: string
  /** The model's plan, where it made one. */
  readonly plan?: readonly PlanTask[]
  /** With `stop: 'approval'` only. Plain data: `JSON.stringify` keeps all of it. */
  readonly state?: LoopState
}
