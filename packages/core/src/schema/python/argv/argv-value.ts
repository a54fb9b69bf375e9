import type { Interpreter } from '../interpreter.js'
import {
  type CallArguments,
  isObject,
  type PyNative,
  type PyValue,
  sequence,
  typed,
  UNKNOWN,
} from '../values.js'
import { callValueType } from './conversions.js'
import { lengthValue } from './length-value.js'
import { flagOf, flagValue, wordAt, wordInLoop } from './word-value.js'
import type { ArgvReading } from './words-read.js'

/** Where in the code something happens. */
export interface ArgvContext {
  readonly reading: ArgvReading
  readonly run: () => Interpreter
  /** The node being followed, for evidence. */
  readonly place: () => { readonly file: string; readonly line: number }
}

/** Tells a part of the command line from other native objects. */
export class ArgvPart {
  constructor(
    /** Index in `sys.argv` of its first word. */
    public offset: number,
    readonly end: number | undefined,
  ) {}

  /** Whether it is the script's whole line. */
  get whole(): boolean {
    return this.offset <= 1 && this.end === undefined
  }
}

/** `sys.argv`, or a slice of it. */
export function argvValue(context: ArgvContext, offset: number, end?: number): PyNative {
  const { reading } = context
  const part = new ArgvPart(offset, end)
  let skipped = 0
  const self: PyNative = {
    kind: 'native',
    subject: part,
    item: (index) => itemAt(context, part, index),
    slice: (from, to) => {
      const start = typeof from === 'number' ? from : 0
      if (start < 0 || (from !== null && typeof from !== 'number')) return argvValue(context, part.offset)
      return argvValue(
        context,
        part.offset + start,
        typeof to === 'number' && to > 0 ? part.offset + to : end,
      )
    },
    iterate: (count) => {
      const from = part.offset
      const until = count ?? (end === undefined ? undefined : end - from)
      if (until !== undefined && until <= 20) {
        return Array.from({ length: until }, (_, index) => wordAt(context, from + index))
      }
      return [wordInLoop(context, part)]
    },
    length: () => lengthValue(context, part),
    convert: () => self,
    named: (name) => {
      if (!reading.listNames.has(part.offset)) reading.listNames.set(part.offset, name)
    },
    compare: (operator, other, side) => {
      if (side === 'right' && /in$/.test(operator) && typeof other === 'string') {
        reading.used = true
        const flag = flagOf(context, withPartner(context, other))
        if (flag !== undefined) flag.separate = true
        reading.current = flag
      }
      return typed('boolean')
    },
    decided: ({ whenFalse }) => {
      if (whenFalse) reading.least = Math.max(reading.least, part.offset)
    },
    join: () => self,
    call: (method, args) => {
      switch (method) {
        case 'pop': {
          const [index] = args.positional
          if (index !== undefined && typeof index !== 'number') return UNKNOWN
          if (context.run().uncertain > 0) {
            return reading.current === undefined ? wordInLoop(context, part) : flagValue(context)
          }
          if (index === undefined) return UNKNOWN
          const word = wordAt(context, part.offset + index + skipped)
          if (index === 0) part.offset++
          else skipped++
          return word
        }
        case 'index': {
          const [name] = args.positional
          const flag = typeof name === 'string' ? flagOf(context, [name]) : undefined
          reading.current = flag
          return { kind: 'typed', type: 'integer', step: 0 }
        }
        case 'copy':
          return self
        case '__next__':
          return flagValue(context)
        case '__rest__':
          return restOf(context, part, args)
        default:
          return UNKNOWN
      }
    },
  }
  return self
}

function itemAt(context: ArgvContext, part: ArgvPart, index: PyValue): PyValue {
  if (typeof index === 'number' && index >= 0) return wordAt(context, part.offset + index)
  if (index === -1) return wordAt(context, Math.max(part.offset, 1))
  if (isObject(index, 'typed') && (index.step ?? 0) === 0) return wordInLoop(context, part)
  return isObject(index, 'typed') ? flagValue(context) : UNKNOWN
}

/** `'--verbose' in sys.argv or '-v' in sys.argv`: two spellings of one flag. */
function withPartner({ reading, place }: ArgvContext, spelling: string): string[] {
  const letter = spelling.replace(/^-+/, '').charAt(0)
  const { line } = place()
  const partner = reading.flags.find(
    (flag) =>
      flag.line === line &&
      flag.spellings.length === 1 &&
      flag.spellings.some(
        (other) =>
          other.replace(/^-+/, '').charAt(0) === letter && (other.length === 2) !== (spelling.length === 2),
      ),
  )
  return [...(partner?.spellings ?? []), spelling]
}

/** The words from here on, all together: `' '.join(sys.argv[1:])`, `run(*args)`. */
function restOf(context: ArgvContext, part: ArgvPart, args: CallArguments): PyValue {
  const { reading, place } = context
  reading.used = true
  const joined = args.keywords.get('joined') === true
  reading.rest ??= { from: part.offset, names: [], joined, type: 'string', ...place() }
  const { rest } = reading
  const value: PyNative = {
    kind: 'native',
    subject: rest,
    named: (name) => rest.names.push(name),
    call: (method) => (callValueType(method) === 'string' ? value : UNKNOWN),
    join: () => value,
  }
  return joined ? value : sequence('list', [])
}
