const waiting = new WeakMap<AbortSignal, Set<() => void>>()

/**
 * Calls `act` when the signal fires; returns how to take that back. One listener for each signal, however many runs
 * share it: of more than ten, Node warns on stderr.
 */
export function onAbort(signal: AbortSignal | undefined, act: () => void): () => void {
  if (signal === undefined) return () => {}
  let acts = waiting.get(signal)
  if (acts === undefined) {
    acts = new Set()
    waiting.set(signal, acts)
  }
  const all = acts
  if (all.size === 0) signal.addEventListener('abort', fire, { once: true })
  // A function of its own, so that the same one given twice is called twice.
  const own = (): void => act()
  all.add(own)
  return () => {
    all.delete(own)
    if (all.size === 0) signal.removeEventListener('abort', fire)
  }
}

function fire(this: AbortSignal): void {
  const acts = waiting.get(this)
  waiting.delete(this)
  for (const act of acts ?? []) act()
}
