import { iterate } from '../iterate.js'
import { isObject, type PyNative, type PyValue, typed, UNKNOWN } from '../values.js'
import type { ArgvContext, ArgvPart } from './argv-value.js'
import { builtinType, callValueType } from './conversions.js'
import type { ReadFlag, ReadWord, WordName } from './words-read.js'

/** A word by its place in `sys.argv`. */
export function wordAt(context: ArgvContext, index: number): PyValue {
  const { reading, run, place } = context
  if (index <= 0) return typed('string')
  reading.used = true
  const certain = run().uncertain === 0
  let word = reading.words.get(index)
  if (word === undefined) {
    word = newWord(index, certain, place())
    reading.words.set(index, word)
  }
  word.certain ||= certain
  const found = word
  const self: PyNative = {
    kind: 'native',
    subject: found,
    convert: (type) => {
      const made = builtinType(type)
      if (made !== undefined && made !== 'string') found.type = made
      return self
    },
    named: (name, annotation) => found.names.push({ name, annotation }),
    join: (other) => {
      if (isObject(other, 'native')) return self
      if (!isObject(other, 'unknown')) found.default ??= other
      found.certain = false
      return self
    },
    compare: (_, other) => {
      if (index === 1 && typeof other === 'string' && isFlag(other)) {
        flagOf(context, [other])
        found.maybeFlag = true
        return typed('boolean')
      }
      for (const value of choicesIn(other)) if (!isFlag(value)) found.choices.add(value)
      return typed('boolean')
    },
    call: (method, args) => {
      if (method === '__json__') {
        found.encoding = 'json'
        found.type = 'any'
        return self
      }
      if (method === '__self__' || callValueType(method) === 'string' || PATH_METHODS.has(method)) return self
      if (method === 'startswith' && typeof args.positional[0] === 'string') return typed('boolean')
      return UNKNOWN
    },
  }
  return self
}

function newWord(index: number, certain: boolean, place: { file: string; line: number }): ReadWord {
  return {
    index,
    names: [],
    type: 'string',
    encoding: undefined,
    default: undefined,
    certain,
    choices: new Set(),
    maybeFlag: false,
    ...place,
  }
}

/** Of `Path`: another way to the same file. */
const PATH_METHODS = new Set(['resolve', 'absolute', 'expanduser'])

const choicesIn = (other: PyValue): string[] => {
  if (typeof other === 'string') return [other]
  return (iterate(other) ?? []).filter((value) => typeof value === 'string')
}

const isFlag = (text: string): boolean => /^--?[A-Za-z]/.test(text)
const isHelp = (text: string): boolean => /^(-h|--help|-\?|--version|-V)$/.test(text)

/** The flag with one of these spellings; new where none has. */
export function flagOf({ reading, place }: ArgvContext, given: readonly string[]): ReadFlag | undefined {
  const spellings = given
    .map((text) => text.replace(/=$/, ''))
    .filter((text) => isFlag(text) && !isHelp(text))
  if (spellings.length === 0) return undefined
  reading.used = true
  reading.scans = true
  let flag = reading.flags.find((known) => known.spellings.some((text) => spellings.includes(text)))
  if (flag === undefined) {
    flag = {
      ...{ spellings: [], takesValue: false, joined: false, separate: false, repeats: false, type: 'string' },
      ...{ default: undefined, choices: new Set(), ...place() },
    }
    reading.flags.push(flag)
  }
  for (const spelling of spellings) if (!flag.spellings.includes(spelling)) flag.spellings.push(spelling)
  return flag
}

/** A word that a loop looks at: a flag, or whatever stands between the flags. */
export function wordInLoop(context: ArgvContext, part: Pick<ArgvPart, 'offset'>): PyValue {
  const { reading, place } = context
  reading.used = true
  const from = part.offset
  const where = place()
  reading.loop ??= { from, ...where }
  const names = new Set<WordName>()
  // What was compared with a flag was called so before anything was known of it.
  const forgetNames = (): void => {
    reading.positionalNames.splice(0, Infinity, ...reading.positionalNames.filter((name) => !names.has(name)))
  }
  const self: PyNative = {
    kind: 'native',
    subject: part,
    named: (name, annotation) => {
      const given = { name, annotation }
      reading.positionalNames.push(given)
      names.add(given)
    },
    convert: (type) => {
      const made = builtinType(type)
      reading.rest ??= { from, names: [], joined: false, type: 'string', ...where }
      if (made !== undefined) reading.rest.type = made
      return self
    },
    compare: (operator, other) => {
      const flag = flagOf(context, choicesIn(other))
      if (flag !== undefined) forgetNames()
      if (flag !== undefined) flag.separate = true
      reading.current = operator === 'not in' || operator === '!=' ? undefined : flag
      return typed('boolean')
    },
    call: (method, { positional: [text] }) => {
      if (method === '__listed__')
        reading.rest ??= { from, names: [], joined: false, type: 'string', ...where }
      if (method === 'startswith') {
        const flag =
          typeof text === 'string' && /^--?[A-Za-z][\w-]*=$/.test(text) ? flagOf(context, [text]) : undefined
        if (flag !== undefined) {
          flag.joined = true
          flag.takesValue = true
        }
        if (typeof text === 'string') reading.scans = true
        forgetNames()
        reading.current = flag
        return typed('boolean')
      }
      if (method === 'split' || method === 'partition')
        return reading.current === undefined ? UNKNOWN : splitValue(context)
      return callValueType(method) === 'string' || method === '__self__' ? self : UNKNOWN
    },
    slice: () => (reading.current?.joined === true ? flagValue(context) : UNKNOWN),
    join: () => self,
  }
  return self
}

/** `'--name=value'.split('=')` */
function splitValue(context: ArgvContext): PyValue {
  const value = flagValue(context)
  return {
    kind: 'native',
    subject: value,
    item: (index) => (index === 0 ? UNKNOWN : value),
    iterate: () => [UNKNOWN, value],
  }
}

/** The word after the flag that was found last. */
export function flagValue(context: ArgvContext): PyValue {
  const { reading } = context
  const flag = reading.current
  if (flag === undefined) return UNKNOWN
  const self: PyNative = {
    kind: 'native',
    subject: flag,
    named: () => {
      flag.takesValue = true
    },
    convert: (type) => {
      flag.takesValue = true
      const made = builtinType(type)
      if (made !== undefined && made !== 'string') flag.type = made
      return self
    },
    join: (other) => {
      flag.takesValue = true
      if (!isObject(other, 'native', 'unknown') && other !== null) flag.default ??= other
      return self
    },
    compare: (_, other) => {
      const choices = choicesIn(other)
      const named = flagOf(context, choices)
      if (named !== undefined) {
        named.separate = true
        reading.current = named
      } else for (const value of choices) flag.choices.add(value)
      return typed('boolean')
    },
    call: (method, { positional: [text] }) => {
      if (method === 'startswith' && typeof text === 'string' && text.startsWith('-')) return typed('boolean')
      if (method === '__listed__') {
        flag.takesValue = true
        flag.repeats = true
      }
      if (method === '__self__' || method === '__json__') flag.takesValue = true
      return callValueType(method) === 'string' || method.startsWith('__') ? self : UNKNOWN
    },
  }
  return self
}
