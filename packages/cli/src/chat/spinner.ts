import { type Progress, progress } from '../terminal/progress.js'

const STEP_MS = 100
const frames = ['|', '/', '-', '\\']

/** A line that says what is being waited for, and how long already. */
export class Spinner {
  #line: Progress | undefined
  #timer: NodeJS.Timeout | undefined

  /** The cursor must be at the start of a line. */
  start(what: string): void {
    this.stop()
    const line = progress()
    const begun = performance.now()
    let step = 0
    this.#line = line
    this.#timer = setInterval(() => {
      step += 1
      const seconds = Math.floor((performance.now() - begun) / 1000)
      line.update(`${frames[step % frames.length]} ${what}, ${seconds} s`)
    }, STEP_MS)
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#line?.end()
    this.#line = undefined
  }
}
