import { pathText } from './json-value.js'
import { isObject, isSequence, keyOf, type PyValue, pyFloat, sequence, typed, UNKNOWN } from './values.js'

/** What is longer is not followed: no person wrote it. */
export const MAX_TEXT = 20_000
export const MAX_ITEMS = 5_000

/** `bool(value)`; nothing where it cannot be known. */
export function truth(value: PyValue): boolean | undefined {
  if (typeof value !== 'object' || value === null) return Boolean(value)
  switch (value.kind) {
    case 'float':
      return value.value !== 0
    case 'list':
    case 'tuple':
    case 'set':
      return value.open === true ? undefined : value.items.length > 0
    case 'dict':
      return value.open === true ? undefined : value.entries.size > 0
    case 'function':
    case 'class':
      return true
    default:
      return undefined
  }
}

/** A number, whichever of Python's kinds it is. */
export const numberOf = (value: PyValue): number | undefined => {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return Number(value)
  return isObject(value, 'float') ? value.value : undefined
}

/** The JSON type of a value. */
export function typeOfValue(value: PyValue) {
  if (typeof value === 'string') return 'string'
  if (typeof value === 'number') return 'integer'
  if (typeof value === 'boolean') return 'boolean'
  if (isObject(value, 'float')) return 'number'
  if (isSequence(value)) return 'array'
  if (isObject(value, 'dict')) return 'object'
  return isObject(value, 'typed') ? value.type : undefined
}

export function binary(operator: string, left: PyValue, right: PyValue): PyValue {
  for (const [native, other] of [
    [left, right],
    [right, left],
  ] as const) {
    if (isObject(native, 'native') && native.calculate !== undefined) return native.calculate(operator, other)
  }
  if (isObject(left, 'typed') && left.step !== undefined && typeof right === 'number' && operator === '+') {
    return { ...left, step: left.step + right }
  }
  const [a, b] = [numberOf(left), numberOf(right)]
  if (a !== undefined && b !== undefined) {
    const whole = !isObject(left, 'float') && !isObject(right, 'float')
    return arithmetic(operator, a, b, whole)
  }
  if (operator === '+') return plus(left, right)
  if (operator === '*') return b === undefined ? repeat(right, a) : repeat(left, b)
  if (operator === '|' && isObject(left, 'dict') && isObject(right, 'dict')) {
    return { kind: 'dict', entries: new Map([...left.entries, ...right.entries]) }
  }
  if (operator === '|' && isSequence(left) && isSequence(right)) {
    return sequence('set', [...left.items, ...right.items])
  }
  if (operator === '-' && isObject(left, 'set') && isObject(right, 'set')) {
    const without = new Set(right.items.map(keyOf))
    return sequence(
      'set',
      left.items.filter((item) => !without.has(keyOf(item))),
    )
  }
  if (operator === '/' && pathText(left) !== undefined && isObject(left, 'made')) {
    const part = typeof right === 'string' ? right : pathText(right)
    if (part === undefined) return UNKNOWN
    return { ...left, args: { ...left.args, positional: [...left.args.positional, part] } }
  }
  return arithmeticType(operator, typeOfValue(left), typeOfValue(right))
}

function arithmeticType(operator: string, left: string | undefined, right: string | undefined): PyValue {
  const numeric = ['integer', 'number']
  if (left === undefined || right === undefined) return UNKNOWN
  if (numeric.includes(left) && numeric.includes(right)) {
    return typed(operator === '/' || left === 'number' || right === 'number' ? 'number' : 'integer')
  }
  return left === 'string' && (operator === '+' || operator === '%') ? typed('string') : UNKNOWN
}

function arithmetic(operator: string, a: number, b: number, whole: boolean): PyValue {
  const result = (value: number): PyValue =>
    whole ? (Number.isSafeInteger(value) ? value : UNKNOWN) : pyFloat(value)
  switch (operator) {
    case '+':
      return result(a + b)
    case '-':
      return result(a - b)
    case '*':
      return result(a * b)
    case '/':
      return b === 0 ? UNKNOWN : pyFloat(a / b)
    case '//':
      return b === 0 ? UNKNOWN : result(Math.floor(a / b))
    case '%':
      return b === 0 ? UNKNOWN : result(((a % b) + b) % b)
    case '**':
      return b < 0 ? pyFloat(a ** b) : result(a ** b)
    case '<<':
      return whole && b >= 0 && b < 50 ? result(a * 2 ** b) : UNKNOWN
    case '|':
    case '&':
      if (!whole || Math.max(Math.abs(a), Math.abs(b)) > 2 ** 31 - 1) return UNKNOWN
      return operator === '|' ? a | b : a & b
    default:
      return UNKNOWN
  }
}

function plus(left: PyValue, right: PyValue): PyValue {
  if (typeof left === 'string' && typeof right === 'string') {
    return left.length + right.length > MAX_TEXT ? UNKNOWN : left + right
  }
  if (isSequence(left) && isSequence(right) && left.items.length + right.items.length <= MAX_ITEMS) {
    return sequence(left.kind, [...left.items, ...right.items])
  }
  return arithmeticType('+', typeOfValue(left), typeOfValue(right))
}

function repeat(value: PyValue, times: number | undefined): PyValue {
  if (times === undefined) return UNKNOWN
  const count = Math.max(0, Math.floor(times))
  if (typeof value === 'string') return value.length * count > MAX_TEXT ? UNKNOWN : value.repeat(count)
  if (isSequence(value) && value.items.length * count <= MAX_ITEMS) {
    return sequence(value.kind, Array.from({ length: count }, () => value.items).flat())
  }
  return UNKNOWN
}

/** The value where the code takes either; what both have in common. */
export function join(left: PyValue, right: PyValue): PyValue {
  if (left === right) return left
  if (isObject(left, 'native') && left.join !== undefined) return left.join(right)
  if (isObject(right, 'native') && right.join !== undefined) return right.join(left)
  const key = keyOf(left)
  if (key !== undefined && key === keyOf(right)) return left
  // `parser = None` before it is made, `except ImportError: yaml = None`: the one that is something.
  for (const [nothing, something] of [
    [left, right],
    [right, left],
  ] as const) {
    const empty = nothing === null || isObject(nothing, 'unknown')
    if (empty && isObject(something, 'native', 'function', 'class', 'instance', 'external', 'made'))
      return something
  }
  if (isObject(left, 'function', 'class', 'external', 'native')) return left
  if (isObject(left, 'made') && isObject(right, 'made') && left.path === right.path) return left
  const type = typeOfValue(left)
  return type !== undefined && type === typeOfValue(right) ? typed(type) : UNKNOWN
}
