import { isatty } from 'node:tty'

/** Whether a standard stream is a terminal. */
export function isTerminal(descriptor: 0 | 1 | 2): boolean {
  return isatty(descriptor)
}

/** Paints for one stream; plain text unless that stream is a terminal that wants colour. */
export interface Style {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly red: (text: string) => string
  readonly yellow: (text: string) => string
  readonly green: (text: string) => string
}

export function styleFor(descriptor: 1 | 2): Style {
  const coloured =
    isTerminal(descriptor) && (process.env.NO_COLOR ?? '') === '' && process.env.TERM !== 'dumb'
  const paint = (open: number, close: number) => (text: string) =>
    coloured ? `\u001b[${open}m${text}\u001b[${close}m` : text
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    yellow: paint(33, 39),
    green: paint(32, 39),
  }
}
