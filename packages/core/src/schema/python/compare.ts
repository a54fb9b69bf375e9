import { numberOf } from './operators.js'
import { isObject, isSequence, keyOf, type PyValue, typed } from './values.js'

/** A comparison; `boolean` as a type where its outcome cannot be known. */
export function compare(operator: string, left: PyValue, right: PyValue): PyValue {
  if (isObject(left, 'native') && left.compare !== undefined) return left.compare(operator, right, 'left')
  if (isObject(right, 'native') && right.compare !== undefined) return right.compare(operator, left, 'right')
  const open = typed('boolean')
  switch (operator) {
    case '==':
    case 'is':
      return same(left, right) ?? open
    case '!=':
    case 'is not': {
      const equal = same(left, right)
      return equal === undefined ? open : !equal
    }
    case 'in':
    case 'not in': {
      const found = contains(right, left)
      return found === undefined ? open : found === (operator === 'in')
    }
    default:
      return order(operator, left, right) ?? open
  }
}

function same(left: PyValue, right: PyValue): boolean | undefined {
  const [a, b] = [numberOf(left), numberOf(right)]
  if (a !== undefined && b !== undefined) return a === b
  const [x, y] = [keyOf(left), keyOf(right)]
  if (x !== undefined && y !== undefined && !x.startsWith('external') && !y.startsWith('external'))
    return x === y
  if (left === null && isObject(right, 'list', 'tuple', 'dict', 'function', 'class', 'float')) return false
  if (right === null && isObject(left, 'list', 'tuple', 'dict', 'function', 'class', 'float')) return false
  return undefined
}

function contains(container: PyValue, value: PyValue): boolean | undefined {
  const key = keyOf(value)
  if (typeof container === 'string' && typeof value === 'string') return container.includes(value)
  if (key === undefined || key.startsWith('external')) return undefined
  if (isObject(container, 'dict'))
    return container.entries.has(key) || (container.open === true ? undefined : false)
  if (!isSequence(container)) return undefined
  const keys = container.items.map(keyOf)
  return keys.includes(key) ? true : keys.includes(undefined) || container.open === true ? undefined : false
}

function order(operator: string, left: PyValue, right: PyValue): boolean | undefined {
  const [a, b] = [numberOf(left), numberOf(right)]
  if (a === undefined || b === undefined) return undefined
  switch (operator) {
    case '<':
      return a < b
    case '<=':
      return a <= b
    case '>':
      return a > b
    case '>=':
      return a >= b
    default:
      return undefined
  }
}
