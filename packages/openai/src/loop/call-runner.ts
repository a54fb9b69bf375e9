import {
  type AnswerOptions,
  type Approval,
  type ApprovalRequest,
  answerCall,
  inTurn,
  type ModelAnswer,
  type OfferedTool,
  type SkillManager,
} from '@skilllite/core'
import type { LoopCall } from './chat-message.js'
import type { LoopEvent } from './loop-event.js'
import type { Confirm, LoopCallOptions, LoopSettings } from './loop-options.js'
import type { PendingCall } from './loop-state.js'
import { parseObject } from './parse-object.js'

/** What became of the calls of one answer: words for the model, by the ids of the calls, and those that wait. */
export interface CallOutcome {
  readonly answers: Readonly<Record<string, string>>
  readonly pending: readonly PendingCall[]
}

export interface CallRunnerOptions {
  readonly manager: SkillManager
  readonly callable: readonly OfferedTool[]
  readonly settings: Pick<LoopSettings, 'confirm' | 'runOptions'>
  readonly signal: AbortSignal
  readonly emit: (event: LoopEvent) => void
}

/**
 * Runs the calls of one answer side by side. Where one cannot be answered at all (the host's mistake), the others are
 * ended before it rejects: nothing of a skill runs on.
 *
 * @param approved The `scanId` for which a call was approved, by the id of the call
 */
export async function runCalls(
  calls: readonly LoopCall[],
  approved: Readonly<Record<string, string>>,
  options: CallRunnerOptions,
): Promise<CallOutcome> {
  const others = new AbortController()
  const signal = AbortSignal.any([options.signal, others.signal])
  const confirm = options.settings.confirm && queued(options.settings.confirm, signal)
  let failure: { readonly error: unknown } | undefined
  const answers: Record<string, string> = {}
  const pending: PendingCall[] = []
  const answerOne = async (call: LoopCall): Promise<void> => {
    try {
      const ask = confirm && askWith(confirm, call, options.emit)
      const answer = await answerCall(options.manager, call, runOptions(call, ask))
      const waiting = pendingCall(call, answer)
      if (waiting === undefined) answers[call.id] = tell(call, answer, options.emit)
      else {
        pending.push(waiting)
        options.emit({ type: 'approval', ...waiting })
      }
    } catch (error) {
      failure ??= { error }
      others.abort()
    }
  }
  const runOptions = (call: LoopCall, ask: AnswerOptions['confirm']): AnswerOptions => {
    const scanId = approved[call.id]
    return {
      ...callOptions(call, options),
      tools: options.callable,
      signal,
      ...(ask === undefined ? {} : { confirm: ask }),
      ...(scanId === undefined ? {} : { approved: scanId }),
    }
  }
  await Promise.all(calls.map(answerOne))
  if (failure !== undefined) throw failure.error
  const order = new Map(calls.map(({ id }, index) => [id, index]))
  pending.sort((one, other) => (order.get(one.id) ?? 0) - (order.get(other.id) ?? 0))
  return { answers, pending }
}

function callOptions(call: LoopCall, { callable, manager, settings }: CallRunnerOptions): LoopCallOptions {
  const { runOptions } = settings
  if (typeof runOptions !== 'function') return runOptions
  const tool = callable.find(({ name }) => name === call.name)
  // a command names its skill among its arguments; nothing of a skill runs for the engine's other tools
  const named = tool !== undefined && 'argvPlan' in tool ? tool.skill : parseObject(call.arguments)?.skill
  const skill = manager.skills.find(({ name }) => name === named)
  return skill === undefined ? {} : runOptions(skill)
}

function pendingCall(call: LoopCall, { result }: ModelAnswer): PendingCall | undefined {
  if (result?.status !== 'needs-approval') return undefined
  const { id, name, arguments: text } = call
  return { id, name, arguments: text, scanId: result.scanId, report: result.report }
}

/** Tells the host what the model will be told. */
function tell({ id, name }: LoopCall, answer: ModelAnswer, emit: (event: LoopEvent) => void): string {
  const { content, isError, result } = answer
  emit({ type: 'tool-result', id, name, content, isError, ...(result === undefined ? {} : { result }) })
  return content
}

function askWith(
  confirm: QueuedConfirm,
  { id, name, arguments: text }: LoopCall,
  emit: (event: LoopEvent) => void,
): (request: ApprovalRequest) => Promise<Approval> {
  return async ({ report, scanId }) => {
    const call: PendingCall = { id, name, arguments: text, scanId, report }
    return confirm(report, scanId, call, () => emit({ type: 'approval', ...call }))
  }
}

type QueuedConfirm = (...question: [...Parameters<Confirm>, onAsk: () => void]) => Promise<Approval>

function queued(confirm: Confirm, signal: AbortSignal): QueuedConfirm {
  const turn = inTurn()
  return (report, scanId, call, onAsk) =>
    turn((): Approval | Promise<Approval> => {
      if (signal.aborted) return false
      onAsk()
      return confirm(report, scanId, call)
    })
}
