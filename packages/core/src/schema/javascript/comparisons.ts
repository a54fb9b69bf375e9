import type { SyntaxNode } from '../../syntax/syntax-node.js'
import { hasType } from '../observed/input.js'
import { flagInput, forgetPeeked } from '../observed/observed.js'
import { evaluate } from './evaluate.js'
import type { Reading } from './reading.js'
import {
  type Facts,
  is,
  type JsInput,
  type JsScope,
  type JsTest,
  type JsValue,
  toJson,
  UNKNOWN,
} from './values.js'

const test = (yes: Facts, no: Facts): JsTest => ({ kind: 'test', yes, no })

/** `left === right` */
export function equal(
  left: JsValue,
  right: JsValue,
  node: SyntaxNode,
  scope: JsScope,
  run: Reading,
): JsValue {
  if (typeof left !== 'object' && is(right, 'input', 'word', 'length', 'flag-index')) {
    return equal(right, left, node, scope, run)
  }
  if (is(left, 'word') && typeof right === 'string') {
    if (right === '--') run.observed.ownsDashes = true
    if (left.piece === 'letter') {
      left.list.searched = true
      return test(right === '-' ? { anyFlag: true } : {}, {})
    }
    if (left.piece === 'name' || left.piece === 'pair') {
      return test(
        {
          flag: {
            list: left.list,
            flags: [right.startsWith('-') ? right : `--${right}`],
            joined: left.piece === 'pair',
            plus: left.plus,
          },
        },
        {},
      )
    }
    if (!right.startsWith('-') || right === '-') return test({}, {})
    left.list.searched = true
    return test({ flag: { list: left.list, flags: [right], joined: false, plus: left.plus } }, {})
  }
  if (is(left, 'length') && typeof right === 'number') {
    return test(
      { fewer: [{ list: left.list, count: right + 1 }] },
      right === 0 ? {} : { fewer: [{ list: left.list, count: right }] },
    )
  }
  if (is(left, 'flag-index') && right === -1) {
    return test({ missing: [flagInput(run.observed, left.flags, scope.file, node.line)] }, {})
  }
  if (is(left, 'input')) return equalsInput(left, right, run)
  if (typeof left !== 'object' && typeof right !== 'object') return left === right
  return UNKNOWN
}

function equalsInput(left: JsInput, right: JsValue, run: Reading): JsValue {
  const { input } = left
  if (right === undefined || right === null || right === '') return test({ missing: [input] }, {})
  if (typeof right === 'boolean') {
    hasType(input, 'boolean')
    return test({}, {})
  }
  const value = toJson(right)?.value
  if (typeof value !== 'string' && typeof value !== 'number') return UNKNOWN
  if (input.position !== undefined && typeof value === 'string' && /^--?\w/.test(value)) {
    forgetPeeked(run.observed, input)
    return test({ flag: { list: input.position.list, flags: [value], joined: false, plus: 0 } }, {})
  }
  if ((value === 'true' || value === 'false') && input.compared.length === 0) {
    hasType(input, 'boolean')
    return left
  }
  if (!input.compared.includes(value)) input.compared.push(value)
  if (input.source === 'member') hasType(input, typeof value === 'number' ? 'number' : 'string')
  const command = input.position?.index === 0 ? { command: [String(value)] } : {}
  return test(command, { outside: { input, values: [value] } })
}

/** `typeof x === 'string'` */
export function typeTest(of: SyntaxNode | undefined, type: JsValue, scope: JsScope, run: Reading): JsValue {
  const value = evaluate(of, scope, run)
  if (!is(value, 'input')) return UNKNOWN
  if (type === 'undefined') return test({ missing: [value.input] }, {})
  if (type === 'string' || type === 'number' || type === 'boolean' || type === 'object')
    hasType(value.input, type)
  return test({}, {})
}

/** `left < right` and its like. */
export function compare(operator: string, left: JsValue, right: JsValue): JsValue {
  if (is(left, 'length') && typeof right === 'number') {
    const { list } = left
    const count = operator === '<' || operator === '>=' ? right : right + 1
    const facts: Facts = count <= 0 ? {} : { fewer: [{ list, count }] }
    return operator.startsWith('<') ? test(facts, {}) : test({}, facts)
  }
  if (is(left, 'flag-index')) {
    // `i >= 0`, `i > -1`: it is there.
    return test({}, {})
  }
  for (const [value, other] of [
    [left, right],
    [right, left],
  ] as const) {
    if (is(value, 'input') && value.input.source === 'member' && typeof other === 'number')
      hasType(value.input, 'number')
  }
  if (typeof left === 'number' && typeof right === 'number') {
    return operator === '<'
      ? left < right
      : operator === '<='
        ? left <= right
        : operator === '>'
          ? left > right
          : left >= right
  }
  return UNKNOWN
}
