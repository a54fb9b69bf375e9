import type { Interpreter } from './interpreter.js'
import { iterate } from './iterate.js'
import { MAX_ITEMS } from './operators.js'
import {
  type CallArguments,
  isObject,
  keyOf,
  type PyDict,
  type PySequence,
  type PyValue,
  sequence,
  UNKNOWN,
} from './values.js'

/** A method of a list, tuple, set or dictionary. */
export function collectionMethod(
  self: PySequence | PyDict,
  name: string,
  args: CallArguments,
  run: Interpreter,
): PyValue {
  return self.kind === 'dict' ? dictMethod(self, name, args, run) : sequenceMethod(self, name, args, run)
}

function sequenceMethod(
  self: PySequence,
  name: string,
  { positional }: CallArguments,
  run: Interpreter,
): PyValue {
  const [first, second] = positional
  if (run.uncertain > 0 && CHANGES.has(name)) self.open = true
  switch (name) {
    case 'append':
    case 'add':
      // In a loop of which it is not known how often it runs, once says enough.
      if (first !== undefined && self.items.length < MAX_ITEMS) self.items.push(first)
      return null
    case 'extend':
    case 'update':
      if (first !== undefined) extend(self, iterate(first) ?? [])
      return null
    case 'insert':
      if (typeof first === 'number' && second !== undefined) self.items.splice(first, 0, second)
      return null
    case 'copy':
      return sequence(self.kind, [...self.items])
    case 'sort':
    case 'reverse':
      if (name === 'reverse') self.items.reverse()
      return null
    case 'index': {
      const at = self.items.findIndex(
        (item) => keyOf(item) !== undefined && keyOf(item) === keyOf(first ?? UNKNOWN),
      )
      return at < 0 ? UNKNOWN : at
    }
    case 'pop':
      return run.uncertain > 0 ? UNKNOWN : (self.items.pop() ?? UNKNOWN)
    case 'union':
      return sequence('set', [...self.items, ...(first === undefined ? [] : (iterate(first) ?? []))])
    default:
      return UNKNOWN
  }
}

/** Methods that change a list or set; where they may not be called at all, it is not known what is in it. */
const CHANGES = new Set(['append', 'add', 'extend', 'update', 'insert', 'remove', 'discard', 'clear', 'pop'])

function extend({ items }: PySequence, more: readonly PyValue[]): void {
  if (items.length + more.length <= MAX_ITEMS) items.push(...more)
}

function dictMethod(
  self: PyDict,
  name: string,
  { positional, keywords }: CallArguments,
  run: Interpreter,
): PyValue {
  const [first, second] = positional
  if (name === 'update' || name === 'setdefault' || name === 'pop' || name === 'clear') {
    self.open ||= run.uncertain > 0 || (first !== undefined && keyOf(first) === undefined)
  }
  const key = first === undefined ? undefined : keyOf(first)
  const pairs = [...self.entries.values()]
  switch (name) {
    case 'keys':
      return sequence(
        'list',
        pairs.map(([member]) => member),
      )
    case 'values':
      return sequence(
        'list',
        pairs.map(([, value]) => value),
      )
    case 'items':
      return sequence(
        'list',
        pairs.map(([member, value]) => sequence('tuple', [member, value])),
      )
    case 'get':
      return key === undefined ? UNKNOWN : (self.entries.get(key)?.[1] ?? second ?? null)
    case 'copy':
      return { kind: 'dict', entries: new Map(self.entries) }
    case 'setdefault':
      if (key !== undefined && first !== undefined && !self.entries.has(key)) {
        self.entries.set(key, [first, second ?? null])
      }
      return key === undefined ? UNKNOWN : (self.entries.get(key)?.[1] ?? UNKNOWN)
    case 'pop': {
      const value = key === undefined ? undefined : self.entries.get(key)?.[1]
      if (key !== undefined) self.entries.delete(key)
      return value ?? second ?? UNKNOWN
    }
    case 'update':
      if (isObject(first, 'dict')) for (const [entry, pair] of first.entries) self.entries.set(entry, pair)
      for (const [entry, value] of keywords) self.entries.set(`string ${entry}`, [entry, value])
      return null
    default:
      return UNKNOWN
  }
}
