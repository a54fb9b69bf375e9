import type { NeedsApprovalRun } from '@skilllite/core'
import type { AskedCalls } from './asked-calls.js'

/** What the middleware tells of a call. */
export interface InterruptOnCall {
  readonly name: string
  readonly args: Record<string, unknown>
  readonly id?: string | undefined
}

/** How `humanInTheLoopMiddleware` treats calls of one skill's tool. */
export interface InterruptOnSkill {
  /** No `edit`: a scan is of exactly one call. */
  allowedDecisions: ('approve' | 'reject')[]
  /** What the scan found, as a person reads it. */
  description: (call: InterruptOnCall) => Promise<string>
  /** Whether the scan found anything to ask about. */
  when: (request: {
    readonly toolCall: InterruptOnCall
    readonly runtime: { readonly configurable?: { readonly thread_id?: unknown } | undefined }
  }) => Promise<boolean>
}

export function interruptOnSkill(
  needed: (call: InterruptOnCall) => Promise<NeedsApprovalRun | undefined>,
  asked: AskedCalls,
): InterruptOnSkill {
  return {
    allowedDecisions: ['approve', 'reject'],
    description: async (call) => (await needed(call))?.report ?? '',
    when: async ({ toolCall, runtime }) => {
      const approval = await needed(toolCall)
      if (approval === undefined) return false
      asked.look({ threadId: runtime.configurable?.thread_id, callId: toolCall.id }, approval.scanId)
      return true
    },
  }
}
