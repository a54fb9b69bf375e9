import { type Approval, inTurn } from '@skilllite/core'
import type { ToolkitOptions } from './toolkit-options.js'

type Confirm = NonNullable<ToolkitOptions['confirm']>

/** As {@link ToolkitOptions.confirm}, but asked in turn; a call that is cancelled while it waits is not asked about. */
export type QueuedConfirm = (
  ...question: [...Parameters<Confirm>, signal: AbortSignal | undefined]
) => Promise<Approval>

/** LangChain makes the calls of a turn side by side. */
export function queuedConfirm(confirm: Confirm): QueuedConfirm {
  const turn = inTurn()
  return (report, scanId, signal) => turn(() => signal?.aborted !== true && confirm(report, scanId))
}
