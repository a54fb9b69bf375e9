import { availableParallelism } from 'node:os'
import { onAbort } from './on-abort.js'

/** Lets `limit` runs go at the same time; each holds some ten descriptors, and a thousand would hold them all. */
export class RunQueue {
  private running = 0
  /** In order of arrival; any of them may give up. */
  private readonly waiting = new Set<() => void>()

  constructor(private readonly limit: number) {}

  /** How many go before a run that comes now; 0: none. */
  get ahead(): number {
    return this.running < this.limit ? 0 : this.waiting.size + 1
  }

  /** Runs `work` when it is its turn. When `signal` fires first, `work` runs at once: it is for it to say so. */
  async run<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const entered = await this.enter(signal)
    try {
      return await work()
    } finally {
      if (entered) this.leave()
    }
  }

  private enter(signal: AbortSignal | undefined): Promise<boolean> {
    if (signal?.aborted === true) return Promise.resolve(false)
    if (this.running < this.limit) {
      this.running++
      return Promise.resolve(true)
    }
    return new Promise((resolve) => {
      const abandon = (): void => {
        this.waiting.delete(start)
        resolve(false)
      }
      const start = (): void => {
        forget()
        resolve(true)
      }
      const forget = onAbort(signal, abandon)
      this.waiting.add(start)
    })
  }

  /** Hands the place on, so that nobody who comes in between takes it. */
  private leave(): void {
    const [next] = this.waiting
    if (next === undefined) this.running--
    else {
      this.waiting.delete(next)
      next()
    }
  }
}

let shared: RunQueue | undefined

/** The queue of all who set no limit of their own: descriptors and processors are the process's, not a manager's. */
export function sharedQueue(): RunQueue {
  shared ??= new RunQueue(availableParallelism() * 2)
  return shared
}
