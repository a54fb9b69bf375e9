import { quote, SkillLiteError } from '@skilllite/core'
import type { ChatMessage, LoopCall, LoopUsage, PlanTask } from './chat-message.js'

/** A call that waits for approval. */
export interface PendingCall extends LoopCall {
  /** Stands for exactly this content of the skill, and these arguments. */
  readonly scanId: string
  /** The readable report of the scan. */
  readonly report: string
}

/**
 * A loop that waits for approval, as plain data. It may be kept anywhere and for any time: what is approved is bound to
 * the content of the skill and to the arguments, and if either changed, the call waits for approval anew.
 */
export interface LoopState {
  readonly version: 1
  /** The conversation; the last message is the model's, with the calls. */
  readonly messages: readonly ChatMessage[]
  /** All calls of that message. */
  readonly calls: readonly LoopCall[]
  /** What the model will be told of those that are done, by their ids. They are not run again. */
  readonly answers: Readonly<Record<string, string>>
  readonly pending: readonly PendingCall[]
  readonly usage: LoopUsage
  readonly iterations: number
  readonly plan?: readonly PlanTask[]
}

/** Checks a state that was kept somewhere. Throws `OPTION_INVALID`. */
export function checkState(value: unknown): LoopState {
  const state = value as Partial<LoopState> | null | undefined
  const complete =
    typeof state === 'object' &&
    state !== null &&
    state.version === 1 &&
    Array.isArray(state.messages) &&
    Array.isArray(state.calls) &&
    state.calls.every(isCall) &&
    Array.isArray(state.pending) &&
    state.pending.every((call) => isCall(call) && 'scanId' in call && typeof call.scanId === 'string') &&
    typeof state.answers === 'object' &&
    state.answers !== null &&
    typeof state.usage === 'object' &&
    state.usage !== null &&
    typeof state.iterations === 'number'
  if (complete) return state as LoopState
  throw new SkillLiteError(
    'OPTION_INVALID',
    `This is not the state of a loop: ${quote(value)}`,
    'Pass the state of a result whose stop is approval, whole and unchanged.',
  )
}

function isCall(value: unknown): value is LoopCall {
  const call = value as Partial<LoopCall> | null
  return (
    typeof call === 'object' &&
    call !== null &&
    typeof call.id === 'string' &&
    typeof call.name === 'string' &&
    typeof call.arguments === 'string'
  )
}
