import { setAttribute } from './assign.js'
import { attributeOf } from './attributes.js'
import { callValue } from './call.js'
import { textOf } from './format-text.js'
import type { Interpreter } from './interpreter.js'
import { iterate } from './iterate.js'
import { truth, typeOfValue } from './operators.js'
import {
  type CallArguments,
  dict,
  isObject,
  isSequence,
  keyOf,
  type PyDict,
  type PyValue,
  pyFloat,
  sequence,
  typed,
  UNKNOWN,
} from './values.js'

type Builtin = (args: CallArguments, run: Interpreter) => PyValue | undefined

const MAX_RANGE = 2_000

const first = ({ positional }: CallArguments): PyValue => positional[0] ?? UNKNOWN

/** A builtin type called on one value; a native one knows itself what that means. */
function conversion(name: string, convert: (value: PyValue) => PyValue): Builtin {
  return (args) => {
    const value = first(args)
    if (isObject(value, 'native')) return value.convert?.(name) ?? convert(UNKNOWN)
    if (isObject(value, 'typed') && value.fallback !== undefined && value.fallback !== null) {
      const unset = convert(value.fallback)
      return isObject(unset, 'typed')
        ? unset
        : { kind: 'typed', type: typeOfValue(unset) ?? 'any', fallback: unset }
    }
    return convert(value)
  }
}

function listOf(
  kind: 'list' | 'tuple' | 'set',
  map: (items: readonly PyValue[]) => PyValue[] = (items) => [...items],
): Builtin {
  return (args) => {
    if (args.positional.length === 0) return sequence(kind, [])
    const value = first(args)
    if (isObject(value, 'native') && kind !== 'set') return value
    const items = iterate(value)
    return items === undefined ? UNKNOWN : sequence(kind, map(items))
  }
}

function sorted(items: readonly PyValue[]): PyValue[] {
  const key = (value: PyValue): string | number =>
    typeof value === 'string' || typeof value === 'number'
      ? value
      : isObject(value, 'float')
        ? value.value
        : ''
  return items.toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
}

function range({ positional }: CallArguments): PyValue {
  if (!positional.every((bound) => typeof bound === 'number')) return UNKNOWN
  const [a = 0, b, step = 1] = positional as number[]
  const [from, to] = b === undefined ? [0, a] : [a, b]
  const count = step === 0 ? -1 : Math.max(0, Math.ceil((to - from) / step))
  if (count < 0 || count > MAX_RANGE) return UNKNOWN
  return sequence(
    'list',
    Array.from({ length: count }, (_, index) => from + index * step),
  )
}

function extreme(wants: 'min' | 'max'): Builtin {
  return (args) => {
    const items = args.positional.length > 1 ? args.positional : (iterate(first(args)) ?? [])
    if (items.length === 0 || !items.every((item) => typeof item === 'number')) return UNKNOWN
    return Math[wants](...items)
  }
}

function fromPairs(args: CallArguments): PyValue {
  const entries: PyDict['entries'] = new Map()
  const given = args.positional[0]
  if (isObject(given, 'dict')) for (const [key, pair] of given.entries) entries.set(key, pair)
  else {
    for (const pair of given === undefined ? [] : (iterate(given) ?? [])) {
      const [key = UNKNOWN, value = UNKNOWN] = iterate(pair) ?? []
      const name = keyOf(key)
      if (name !== undefined) entries.set(name, [key, value])
    }
  }
  for (const [key, pair] of dict(args.keywords).entries) entries.set(key, pair)
  return { kind: 'dict', entries }
}

function mapped(args: CallArguments, run: Interpreter): PyValue {
  const [fn, list] = args.positional
  const items = list === undefined ? undefined : iterate(list)
  if (fn === undefined || items === undefined) return UNKNOWN
  return sequence(
    'list',
    items.map((item) => callValue(fn, { ...args, positional: [item], keywords: new Map() }, run)),
  )
}

function unpackedPairs(args: CallArguments): PyValue {
  const start = args.positional[1] ?? args.keywords.get('start') ?? 0
  const items = iterate(first(args))
  if (items === undefined || typeof start !== 'number') return UNKNOWN
  return sequence(
    'list',
    items.map((item, index) => sequence('tuple', [start + index, item])),
  )
}

function zipped({ positional }: CallArguments): PyValue {
  const lists = positional.map(iterate)
  if (!lists.every((list) => list !== undefined) || lists.length === 0) return UNKNOWN
  const length = Math.min(...lists.map((list) => list.length))
  const rows = Array.from({ length }, (_, row) =>
    sequence(
      'tuple',
      lists.map((list) => list[row] ?? UNKNOWN),
    ),
  )
  return sequence('list', rows)
}

/** Builtin functions and types. What is not here gives an unknown value. */
export const builtins: Readonly<Record<string, Builtin>> = {
  int: conversion('int', (value) => {
    if (typeof value === 'number') return value
    if (typeof value === 'boolean') return Number(value)
    if (isObject(value, 'float')) return Math.trunc(value.value)
    return typeof value === 'string' && /^\s*[-+]?\d{1,15}\s*$/.test(value) ? Number(value) : typed('integer')
  }),
  float: conversion('float', (value) => {
    if (typeof value === 'number') return pyFloat(value)
    if (isObject(value, 'float')) return value
    return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))
      ? pyFloat(Number(value))
      : typed('number')
  }),
  str: conversion('str', (value) => textOf(value) ?? typed('string')),
  bool: conversion('bool', (value) => truth(value) ?? typed('boolean')),
  len: (args) => {
    const value = first(args)
    if (isObject(value, 'native')) return value.length?.() ?? typed('integer')
    if (typeof value === 'string') return value.length
    if (isSequence(value)) return value.open === true ? typed('integer') : value.items.length
    return isObject(value, 'dict') && value.open !== true ? value.entries.size : typed('integer')
  },
  list: listOf('list'),
  tuple: listOf('tuple'),
  iter: listOf('list'),
  set: listOf('set'),
  frozenset: listOf('set'),
  sorted: listOf('list', sorted),
  reversed: listOf('list', (items) => items.toReversed()),
  dict: fromPairs,
  range,
  min: extreme('min'),
  max: extreme('max'),
  map: mapped,
  enumerate: unpackedPairs,
  zip: zipped,
  isinstance: () => typed('boolean'),
  any: () => typed('boolean'),
  all: () => typed('boolean'),
  abs: (args) => {
    const value = first(args)
    return typeof value === 'number' ? Math.abs(value) : UNKNOWN
  },
  input: () => typed('string'),
  repr: () => typed('string'),
  print: () => null,
  next: (args) => {
    const value = first(args)
    return isObject(value, 'native') ? (value.call?.('__next__', args) ?? UNKNOWN) : UNKNOWN
  },
  getattr: ({ positional }, run) => {
    const [value = UNKNOWN, name, fallback] = positional
    if (typeof name !== 'string') return UNKNOWN
    const found = attributeOf(value, name, run)
    return isObject(found, 'unknown') && fallback !== undefined ? UNKNOWN : found
  },
  setattr: ({ positional }) => {
    const [value = UNKNOWN, name, to = UNKNOWN] = positional
    if (typeof name === 'string') setAttribute(value, name, to)
    return null
  },
}
