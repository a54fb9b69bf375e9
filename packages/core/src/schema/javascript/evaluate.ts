import type { SyntaxNode } from '../../syntax/syntax-node.js'
import { assignTo, bindPattern } from './assign.js'
import { call, construct } from './call.js'
import { evaluateWithin, testOf } from './conditions.js'
import { item } from './item.js'
import { fragmentText, numberValue, stringText } from './literal.js'
import { memberOf } from './member.js'
import { binary, unary } from './operators.js'
import { type Reading, spend } from './reading.js'
import { join, lookUp } from './scope.js'
import { array, is, type JsScope, type JsValue, object, STDIN, truth, UNKNOWN } from './values.js'

type Handler = (node: SyntaxNode, scope: JsScope, run: Reading) => JsValue

/** What an expression gives. */
export function evaluate(node: SyntaxNode | undefined, scope: JsScope, run: Reading): JsValue {
  if (node === undefined) return undefined
  spend(run)
  const handler = handlers.get(node.type)
  return handler === undefined ? UNKNOWN : handler(node, scope, run)
}

const inner: Handler = (node, scope, run) => evaluate(node.parts[0], scope, run)
const functionValue: Handler = (node, scope) => ({ kind: 'function', node, scope })

const handlers = new Map<string, Handler>(
  Object.entries<Handler>({
    identifier: (node, scope, run) => lookUp(node.text, scope, run),
    undefined: () => undefined,
    null: () => null,
    true: () => true,
    false: () => false,
    number: (node) => numberValue(node.text),
    string: (node) => stringText(node),
    this: (_, scope, run) => lookUp('this', scope, run),
    template_string: template,
    array: arrayLiteral,
    object: objectLiteral,
    regex: (node) => ({ kind: 'object', members: new Map([['source', node.field('pattern')?.text ?? '']]) }),
    parenthesized_expression: inner,
    await_expression: inner,
    as_expression: inner,
    satisfies_expression: inner,
    non_null_expression: inner,
    type_assertion: (node, scope, run) => evaluate(node.parts.at(-1), scope, run),
    spread_element: inner,
    arrow_function: functionValue,
    function_expression: functionValue,
    function: functionValue,
    generator_function: functionValue,
    class: (node, scope) => ({ kind: 'class', node, scope }),
    member_expression: (node, scope, run) =>
      memberOf(
        evaluate(node.field('object'), scope, run),
        node.field('property')?.text ?? '',
        node,
        scope,
        run,
      ),
    subscript_expression: (node, scope, run) =>
      item(
        evaluate(node.field('object'), scope, run),
        evaluate(node.field('index'), scope, run),
        node,
        scope,
        run,
      ),
    call_expression: call,
    new_expression: construct,
    unary_expression: unary,
    binary_expression: binary,
    ternary_expression: ternary,
    assignment_expression: assignment,
    augmented_assignment_expression: augmented,
    update_expression: update,
    sequence_expression: (node, scope, run) => node.parts.map((part) => evaluate(part, scope, run)).at(-1),
    import: () => UNKNOWN,
    meta_property: () => UNKNOWN,
  }),
)

function template(node: SyntaxNode, scope: JsScope, run: Reading): JsValue {
  let text = ''
  let whole: JsValue = ''
  for (const part of node.parts) {
    if (part.type !== 'template_substitution') {
      text += fragmentText(part)
      continue
    }
    const value = evaluate(part.parts[0], scope, run)
    if (is(value, 'stdin')) whole = STDIN
    else if (typeof value === 'object' && value !== null) whole = whole === '' ? UNKNOWN : whole
    else text += String(value)
  }
  return whole === '' ? text : whole
}

function arrayLiteral(node: SyntaxNode, scope: JsScope, run: Reading): JsValue {
  const items: JsValue[] = []
  let open = false
  for (const part of node.parts) {
    const value = evaluate(part, scope, run)
    if (part.type !== 'spread_element') items.push(value)
    else if (is(value, 'array') && value.words === undefined) items.push(...value.items)
    else if (is(value, 'words') && node.parts.length === 1) return value
    else open = true
  }
  return open ? UNKNOWN : array(items)
}

function objectLiteral(node: SyntaxNode, scope: JsScope, run: Reading): JsValue {
  const made = object()
  for (const part of node.parts) {
    if (part.type === 'pair') {
      const key = keyText(part.field('key'), scope, run)
      const value = evaluate(part.field('value'), scope, run)
      if (key !== undefined) assignTo.member(made, key, value, true)
    } else if (part.type === 'shorthand_property_identifier') {
      assignTo.member(made, part.text, lookUp(part.text, scope, run), true)
    } else if (part.type === 'method_definition') {
      const key = keyText(part.field('name'), scope, run)
      if (key !== undefined) made.members.set(key, { kind: 'function', node: part, scope, self: made })
    } else if (part.type === 'spread_element') {
      const value = evaluate(part, scope, run)
      if (is(value, 'object')) for (const [key, member] of value.members) made.members.set(key, member)
      if (is(value, 'object') && value.flags !== undefined) made.flags = value.flags
      if (is(value, 'native') && node.parts.length === 1) return value
    }
  }
  return made
}

export function keyText(node: SyntaxNode | undefined, scope: JsScope, run: Reading): string | undefined {
  if (node === undefined) return undefined
  if (node.type === 'string') return stringText(node)
  if (node.type !== 'computed_property_name') return node.text
  const value = evaluate(node.parts[0], scope, run)
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

function ternary(node: SyntaxNode, scope: JsScope, run: Reading): JsValue {
  const condition = evaluate(node.field('condition'), scope, run)
  const known = truth(condition)
  const [yes, no] = [node.field('consequence'), node.field('alternative')]
  if (known !== undefined) return evaluate(known ? yes : no, scope, run)
  const { yes: whenTrue, no: whenFalse } = testOf(condition)
  for (const input of [...(whenTrue.missing ?? []), ...(whenFalse.missing ?? [])]) input.optional = true
  const first = evaluateWithin(whenTrue, () => evaluate(yes, scope, run), run)
  const second = evaluateWithin(whenFalse, () => evaluate(no, scope, run), run)
  return join(first, second)
}

function assignment(node: SyntaxNode, scope: JsScope, run: Reading): JsValue {
  const value = evaluate(node.field('right'), scope, run)
  const left = node.field('left')
  if (left !== undefined) bindPattern(left, value, scope, run, 'assign')
  return value
}

function augmented(node: SyntaxNode, scope: JsScope, run: Reading): JsValue {
  const left = node.field('left')
  const operator = node.field('operator')?.text ?? ''
  const before = evaluate(left, scope, run)
  const right = evaluate(node.field('right'), scope, run)
  if (left === undefined) return UNKNOWN
  let value: JsValue = UNKNOWN
  if (is(before, 'cursor') && operator === '+=' && typeof right === 'number') {
    value = { kind: 'cursor', plus: before.plus + right }
  } else if (is(right, 'stdin') || is(before, 'stdin')) value = STDIN
  else if (operator === '||=' || operator === '??=')
    value = before === undefined ? right : join(before, right)
  else if (run.flag !== undefined && operator === '+=' && typeof before === 'number') value = before + 1
  bindPattern(left, value, scope, run, 'assign')
  return value
}

function update(node: SyntaxNode, scope: JsScope, run: Reading): JsValue {
  const target = node.field('argument')
  const before = evaluate(target, scope, run)
  const step = node.field('operator')?.text === '--' ? -1 : 1
  let value: JsValue = UNKNOWN
  if (is(before, 'cursor')) value = { kind: 'cursor', plus: before.plus + step }
  else if (typeof before === 'number') value = before + step
  if (target !== undefined) bindPattern(target, value, scope, run, 'assign')
  return node.children[0]?.role === 'operator' ? value : before
}
