import type { SyntaxNode } from '../../syntax/syntax-node.js'
import { hasType, type Input } from '../observed/input.js'
import { flagInput } from '../observed/observed.js'
import { compare, equal, typeTest } from './comparisons.js'
import { both, either, evaluateWithin, testOf } from './conditions.js'
import { evaluate } from './evaluate.js'
import type { Reading } from './reading.js'
import { join } from './scope.js'
import { is, type JsScope, type JsValue, STDIN, truth, UNKNOWN } from './values.js'

const MAX_TEXT = 20_000

export function unary(node: SyntaxNode, scope: JsScope, run: Reading): JsValue {
  const value = evaluate(node.field('argument'), scope, run)
  switch (node.field('operator')?.text) {
    case '!': {
      const known = truth(value)
      if (known !== undefined) return !known
      const { yes, no } = testOf(value)
      return { kind: 'test', yes: no, no: yes }
    }
    case '-':
      return typeof value === 'number' ? -value : is(value, 'input') ? converted(value, 'number') : UNKNOWN
    case '+':
      return typeof value === 'number' ? value : is(value, 'input') ? converted(value, 'number') : UNKNOWN
    case 'void':
      return undefined
    default:
      return UNKNOWN
  }
}

export function converted(value: JsValue, type: 'number' | 'integer' | 'boolean'): JsValue {
  if (is(value, 'input')) hasType(value.input, type)
  return value
}

export function binary(node: SyntaxNode, scope: JsScope, run: Reading): JsValue {
  const operator = node.field('operator')?.text ?? ''
  const left = evaluate(node.field('left'), scope, run)
  const right = node.field('right')
  if (operator === '&&') return and(left, right, scope, run)
  if (operator === '||' || operator === '??') return or(left, right, operator, scope, run)
  if (
    node.field('left')?.type === 'unary_expression' &&
    node.field('left')?.field('operator')?.text === 'typeof'
  ) {
    return typeTest(node.field('left')?.field('argument'), evaluate(right, scope, run), scope, run)
  }
  return compute(operator, left, evaluate(right, scope, run), node, scope, run)
}

function and(left: JsValue, right: SyntaxNode | undefined, scope: JsScope, run: Reading): JsValue {
  const known = truth(left)
  if (known === false) return left
  if (known === true) return evaluate(right, scope, run)
  const { yes, no } = testOf(left)
  const value = evaluateWithin(yes, () => evaluate(right, scope, run), run)
  if (run.ended) run.ended = false
  if (is(value, 'input') && !is(left, 'input', 'test')) return value
  const other = testOf(value)
  return { kind: 'test', yes: both(yes, other.yes), no: either(no, other.no) }
}

function or(
  left: JsValue,
  right: SyntaxNode | undefined,
  operator: string,
  scope: JsScope,
  run: Reading,
): JsValue {
  const known = operator === '??' ? (left === undefined || left === null ? false : undefined) : truth(left)
  if (known === false) return evaluate(right, scope, run)
  if (known === true || (operator === '??' && (typeof left !== 'object' || is(left, 'array', 'object'))))
    return left
  const { yes, no } = testOf(left)
  const value = evaluateWithin(no, () => evaluate(right, scope, run), run)
  if (run.ended) {
    // `x || usage()`
    run.ended = false
    if (is(left, 'input') && left.input.default === undefined) left.input.required = true
    return left
  }
  if (is(left, 'input') && is(value, 'input') && sameFlag(left.input, value.input, run)) return left
  if (is(left, 'test') || is(value, 'test')) {
    const other = testOf(value)
    return { kind: 'test', yes: either(yes, other.yes), no: both(no, other.no) }
  }
  if (is(left, 'unknown', 'lookup'))
    return is(value, 'input') && value.input.source !== 'member' ? value : UNKNOWN
  return join(left, value)
}

/** `includes('--verbose') || includes('-v')`: two spellings of one flag. */
function sameFlag(a: Input, b: Input, run: Reading): boolean {
  const alone = [a, b].every((input) => input.source === 'flag' && !input.separate && !input.joined)
  if (
    !alone ||
    a === b ||
    (a.flags.size > 0 && b.flags.size > 0 && !/^-\w$/m.test([...a.flags, ...b.flags].join('\n')))
  )
    return false
  flagInput(run.observed, [...a.flags, ...b.flags], a.file, a.line)
  const index = run.observed.inputs.indexOf(b)
  if (index >= 0) run.observed.inputs.splice(index, 1)
  return true
}

function compute(
  operator: string,
  left: JsValue,
  right: JsValue,
  node: SyntaxNode,
  scope: JsScope,
  run: Reading,
): JsValue {
  switch (operator) {
    case '+':
      return plus(left, right)
    case '===':
    case '==':
      return equal(left, right, node, scope, run)
    case '!==':
    case '!=': {
      const test = equal(left, right, node, scope, run)
      return is(test, 'test')
        ? { kind: 'test', yes: test.no, no: test.yes }
        : typeof test === 'boolean'
          ? !test
          : UNKNOWN
    }
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compare(operator, left, right)
    case 'in':
      if (is(left, 'input') && is(right, 'object')) {
        return { kind: 'lookup', input: left.input, keys: [...right.members.keys()] }
      }
      return UNKNOWN
    default:
      return arithmetic(operator, left, right)
  }
}

function plus(left: JsValue, right: JsValue): JsValue {
  if (is(left, 'stdin') || is(right, 'stdin')) return STDIN
  if (is(left, 'cursor') && typeof right === 'number') return { kind: 'cursor', plus: left.plus + right }
  if (is(left, 'flag-index') && typeof right === 'number') return { ...left, plus: left.plus + right }
  if (typeof left === 'object' || typeof right === 'object') return UNKNOWN
  if (typeof left === 'number' && typeof right === 'number') return left + right
  const text = `${left}${right}`
  return text.length > MAX_TEXT ? UNKNOWN : text
}

function arithmetic(operator: string, left: JsValue, right: JsValue): JsValue {
  for (const value of [left, right]) {
    if (is(value, 'input') && value.input.source === 'member') hasType(value.input, 'number')
  }
  if (typeof left !== 'number' || typeof right !== 'number') {
    if (is(left, 'length') && operator === '-' && typeof right === 'number') {
      return { kind: 'length', list: { ...left.list, from: left.list.from + right } }
    }
    return UNKNOWN
  }
  switch (operator) {
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      return left / right
    case '**':
      return left ** right
    default:
      return UNKNOWN
  }
}
