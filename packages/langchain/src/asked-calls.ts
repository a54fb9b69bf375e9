const mostKept = 1_000

/** A call within a conversation. */
export interface AskedCall {
  readonly threadId: unknown
  readonly callId: string | undefined
}

/**
 * Calls that the middleware asks about. It says of none whether it was approved; but it looks at a call once before it
 * asks, and once more when it goes on, which it only does with an answer. So what was looked at twice, and had the same
 * `scanId` both times, is what the user saw.
 */
export class AskedCalls {
  private readonly calls = new Map<string, { readonly scanId: string; unchanged: boolean }>()

  look(call: AskedCall, scanId: string): void {
    const key = keyOf(call)
    if (key === undefined) return
    const known = this.calls.get(key)
    if (known !== undefined) known.unchanged = known.scanId === scanId
    else this.calls.set(key, { scanId, unchanged: false })
    const [oldest] = this.calls.keys()
    if (this.calls.size > mostKept && oldest !== undefined) this.calls.delete(oldest)
  }

  /** What was approved of a call that is made now. Good for once. */
  take(call: AskedCall): string | undefined {
    const key = keyOf(call)
    const known = key === undefined ? undefined : this.calls.get(key)
    if (key !== undefined) this.calls.delete(key)
    return known?.unchanged === true ? known.scanId : undefined
  }
}

function keyOf({ threadId, callId }: AskedCall): string | undefined {
  return callId === undefined ? undefined : JSON.stringify([threadId, callId])
}
