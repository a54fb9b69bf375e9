import type { SyntaxNode } from '../../../syntax/syntax-node.js'
import type { ValueType } from '../../parameter.js'
import { builtinType, callValueType } from '../argv/conversions.js'
import { iterate } from '../iterate.js'
import { typeOfValue } from '../operators.js'
import { isObject, isSequence, type PyNative, type PyValue, sequence, typed, UNKNOWN } from '../values.js'

/** A member of the JSON object that a script reads. */
export interface JsonMember {
  readonly name: string
  type: ValueType
  items: ValueType | undefined
  default: PyValue | undefined
  required: boolean
  readonly choices: Set<string>
  annotation: SyntaxNode | undefined
  readonly file: string
  line: number
}

/** What a script does with JSON from stdin. */
export interface JsonReading {
  readonly members: Map<string, JsonMember>
  /** Whether it reads JSON at all. */
  used: boolean
  /** Whether other members matter too: it hands on the whole object. */
  open: boolean
}

export interface JsonContext {
  readonly reading: JsonReading
  /** Whether the code being followed is run for certain. */
  readonly certain: () => boolean
  readonly place: () => { readonly file: string; readonly line: number }
}

const NUMERIC = new Set(['-', '/', '**', '//'])

/** The object itself: `data = json.load(sys.stdin)`. */
export function jsonObject(context: JsonContext): PyNative {
  const { reading } = context
  reading.used = true
  const get = (key: PyValue | undefined, required: boolean): PyValue =>
    typeof key === 'string' ? jsonMember(context, key, required) : UNKNOWN
  const self: PyNative = {
    kind: 'native',
    subject: reading,
    item: (key) => get(key, context.certain()),
    join: () => self,
    compare: (operator, other, side) => {
      if (side === 'right' && /in$/.test(operator)) get(other, false)
      return typed('boolean')
    },
    iterate: (count) => (count === undefined ? [UNKNOWN] : []),
    spread: (name, fallback, annotation) => {
      const member = memberOf(context, name, fallback === undefined)
      member.annotation ??= annotation
      member.default ??= fallback
      return jsonMember(context, name, fallback === undefined)
    },
    call: (method, { positional: [key, fallback] }) => {
      switch (method) {
        case 'get':
        case 'pop':
        case 'setdefault': {
          const member = get(key, method === 'pop' && fallback === undefined && context.certain())
          return isObject(member, 'native') && fallback !== undefined
            ? (member.join?.(fallback) ?? member)
            : member
        }
        case 'items':
        case 'keys':
        case 'values':
          return UNKNOWN
        case 'copy':
        case '__self__':
          return self
        default:
          return UNKNOWN
      }
    },
  }
  return self
}

function memberOf({ reading, place }: JsonContext, name: string, required: boolean): JsonMember {
  let member = reading.members.get(name)
  if (member === undefined) {
    member = {
      ...{ name, type: 'any', items: undefined, default: undefined, required, choices: new Set() },
      ...{ annotation: undefined, ...place() },
    }
    reading.members.set(name, member)
  }
  member.required ||= required
  return member
}

function jsonMember(context: JsonContext, name: string, required: boolean): PyValue {
  const member = memberOf(context, name, required)
  const learn = (type: ValueType | undefined): void => {
    if (type !== undefined && member.type === 'any') member.type = type
  }
  const self: PyNative = {
    kind: 'native',
    subject: member,
    convert: (type) => {
      const made = builtinType(type)
      // A conversion says more than a default: float(data.get('a', 0)).
      if (made !== undefined && made !== 'array' && made !== 'string') member.type = made
      else if (made === 'string') learn(made)
      return self
    },
    named: (_, annotation) => {
      member.annotation ??= annotation
    },
    join: (other) => {
      if (!isObject(other, 'native', 'unknown')) {
        member.default ??= other
        member.required = false
        learn(other === null ? undefined : typeOfValue(other))
        if (isSequence(other) && other.items[0] !== undefined) member.items ??= typeOfValue(other.items[0])
      }
      return self
    },
    compare: (operator, other, side) => {
      if (side === 'right') learn(typeof other === 'string' ? undefined : 'array')
      else if (/^[<>]/.test(operator)) learn('number')
      else if (/^(==|!=|in|not in)$/.test(operator)) {
        const values = typeof other === 'string' ? [other] : (iterate(other) ?? [])
        for (const value of values) if (typeof value === 'string') member.choices.add(value)
        if (values.some((value) => typeof value === 'string')) learn('string')
      }
      return typed('boolean')
    },
    calculate: (operator) => {
      if (NUMERIC.has(operator)) learn('number')
      return self
    },
    iterate: (count) => {
      if (count !== undefined) learn('array')
      return [itemOf(member, learn)]
    },
    item: (index) => {
      learn(
        typeof index === 'string'
          ? 'object'
          : isObject(index, 'typed') || typeof index === 'number'
            ? 'array'
            : undefined,
      )
      return UNKNOWN
    },
    slice: () => self,
    call: (method) => {
      if (method === '__self__') learn('string')
      if (callValueType(method) === 'string' || TEXT_METHODS.has(method)) {
        learn('string')
        return method.startsWith('split') ? sequence('list', []) : self
      }
      if (method === 'get' || method === 'items' || method === 'keys') learn('object')
      if (method === 'append' || method === 'extend') learn('array')
      return UNKNOWN
    },
  }
  return self
}

const TEXT_METHODS = new Set([
  'split',
  'splitlines',
  'startswith',
  'endswith',
  'encode',
  'isdigit',
  'find',
  '__path__',
])

/** An item of a member that is a list. */
function itemOf(member: JsonMember, learn: (type: ValueType) => void): PyValue {
  const item = (type: ValueType | undefined): void => {
    learn('array')
    if (type !== undefined) member.items ??= type
  }
  const self: PyNative = {
    kind: 'native',
    subject: undefined,
    convert: (type) => {
      item(builtinType(type))
      return self
    },
    item: (key) => {
      if (typeof key === 'string') item('object')
      return UNKNOWN
    },
    call: (method) => {
      if (callValueType(method) === 'string') item('string')
      if (method === 'get') item('object')
      return UNKNOWN
    },
  }
  return self
}
