import { type PyNative, type PyValue, typed } from '../values.js'
import type { ArgvContext, ArgvPart } from './argv-value.js'

/** `len(sys.argv)` */
export function lengthValue(context: ArgvContext, part: ArgvPart): PyValue {
  context.reading.used = true
  const self: PyNative = {
    kind: 'native',
    subject: part,
    compare: (operator, other, side) =>
      typeof other === 'number'
        ? guard(context, part, side === 'left' ? operator : mirrored(operator), other)
        : typed('boolean'),
    call: () => typed('integer'),
    // `len(sys.argv) - 1`
    calculate: (operator, other) => {
      if (typeof other !== 'number' || (operator !== '-' && operator !== '+')) return typed('integer')
      const shift = operator === '-' ? other : -other
      return lengthValue(context, Object.assign(Object.create(part), { offset: part.offset + shift }))
    },
  }
  return self
}

const mirrors: Readonly<Record<string, string>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=' }
const mirrored = (operator: string): string => mirrors[operator] ?? operator

/** The fewest and the most words for which a condition on their number holds. */
function range(
  operator: string,
  count: number,
): { readonly least?: number; readonly most?: number } | undefined {
  switch (operator) {
    case '<':
      return { most: count - 1 }
    case '<=':
      return { most: count }
    case '>':
      return { least: count + 1 }
    case '>=':
      return { least: count }
    case '==':
      return { least: count, most: count }
    default:
      return undefined
  }
}

const opposites: Readonly<Record<string, string>> = { '<': '>=', '<=': '>', '>': '<=', '>=': '<', '!=': '==' }

/** A condition: if one of its outcomes ends the program, the other says how many words are needed. */
function guard({ reading }: ArgvContext, part: ArgvPart, operator: string, count: number): PyNative {
  const before = part.offset - 1
  const need = (holds: ReturnType<typeof range>): void => {
    if (holds?.least !== undefined) reading.least = Math.max(reading.least, holds.least + before)
    if (holds?.most !== undefined) reading.most = Math.max(reading.most ?? 0, holds.most + before)
  }
  return {
    kind: 'native',
    subject: part,
    decided: ({ whenTrue, whenFalse }) => {
      if (whenTrue && !whenFalse) {
        // `if len(sys.argv) == 1:` ends: at least one word more.
        const opposite = operator === '==' ? '>' : opposites[operator]
        if (opposite !== undefined && (operator !== '==' || count + before <= 1)) need(range(opposite, count))
      }
      if (whenFalse && !whenTrue) need(range(operator, count))
    },
  }
}
