/** Throws what is named `AbortError`, whatever reason was given: that is what callers look for. */
export function throwIfAborted(signal: AbortSignal): void {
  if (!signal.aborted) return
  const { reason } = signal
  if (reason instanceof Error && reason.name === 'AbortError') throw reason
  throw Object.assign(new Error('The loop was cancelled', { cause: reason }), { name: 'AbortError' })
}
