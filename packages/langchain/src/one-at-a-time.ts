import type { Approval } from '@skilllite/core'
import type { ToolkitOptions } from './toolkit-options.js'

type Confirm = NonNullable<ToolkitOptions['confirm']>

/** As {@link ToolkitOptions.confirm}, but asked in turn; a call that is cancelled while it waits is not asked about. */
export type QueuedConfirm = (
  ...question: [...Parameters<Confirm>, signal: AbortSignal | undefined]
) => Promise<Approval>

/** LangChain makes the calls of a turn side by side, but nobody can answer two questions at once. */
export function oneAtATime(confirm: Confirm): QueuedConfirm {
  let last: Promise<unknown> = Promise.resolve()
  return (report, scanId, signal) => {
    const next = last.then(() => (signal?.aborted === true ? false : confirm(report, scanId)))
    last = next.catch(() => {})
    return next
  }
}
