import { writeStderr } from './output.js'
import { isTerminal } from './style.js'

const QUIET_MS = 1_000
const STEP_MS = 100

/** One line that says how far something is. */
export interface Progress {
  readonly update: (text: string) => void
  /** Takes the line away. */
  readonly end: () => void
}

/** A line on stderr, on a terminal that may be animated; elsewhere nothing. */
export function progress(): Progress {
  const animated = isTerminal(1) && isTerminal(2) && !process.env.NO_COLOR && process.env.TERM !== 'dumb'
  return animated ? progressLine(writeStderr, () => performance.now()) : { update: () => {}, end: () => {} }
}

/** A line that appears once the work takes longer than a second, and changes ten times a second at most. */
export function progressLine(write: (text: string) => void, clock: () => number): Progress {
  let next = clock() + QUIET_MS
  let shown = false
  return {
    update: (text) => {
      const now = clock()
      if (now < next) return
      next = now + STEP_MS
      shown = true
      write(`\r\u001b[K${text}`)
    },
    end: () => {
      if (shown) write('\r\u001b[K')
    },
  }
}
