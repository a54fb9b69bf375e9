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

/** On a terminal that may move its cursor, a line on stderr once the work takes longer than a second; else nothing. */
export function progress(clock: () => number = () => performance.now()): Progress {
  const animated = isTerminal(1) && isTerminal(2) && !process.env.NO_COLOR && process.env.TERM !== 'dumb'
  if (!animated) return { update: () => {}, end: () => {} }
  let next = clock() + QUIET_MS
  let shown = false
  return {
    update: (text) => {
      const now = clock()
      if (now < next) return
      next = now + STEP_MS
      shown = true
      writeStderr(`\r\u001b[K${text}`)
    },
    end: () => {
      if (shown) writeStderr('\r\u001b[K')
    },
  }
}
