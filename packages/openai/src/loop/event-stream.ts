import type { LoopEvent } from './loop-event.js'

/**
 * The events of a run as an async iterator, for one reader. Leaving the loop early cancels the run; the iterator
 * ends only once the run has.
 */
export async function* eventStream(
  start: (emit: (event: LoopEvent) => void, signal: AbortSignal) => Promise<unknown>,
  signal: AbortSignal | undefined,
): AsyncGenerator<LoopEvent, void, undefined> {
  const left = new AbortController()
  const events: LoopEvent[] = []
  let wake = (): void => {}
  let ended = false
  const run = start(
    (event) => {
      events.push(event)
      wake()
    },
    signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]),
  ).finally(() => {
    ended = true
    wake()
  })
  // it is awaited below, after the last event
  run.catch(() => {})
  try {
    for (;;) {
      for (let event = events.shift(); event !== undefined; event = events.shift()) yield event
      if (ended) break
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    await run
  } finally {
    left.abort()
    await run.catch(() => {})
  }
}
