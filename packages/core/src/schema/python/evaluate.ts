import type { SyntaxNode } from '../../syntax/syntax-node.js'
import { attributeOf, itemOf, sliceOf } from './attributes.js'
import { evaluateCall } from './call.js'
import { compare } from './compare.js'
import { comprehension } from './comprehension.js'
import { evaluateBoolean, evaluateConditional, opposite } from './evaluate-condition.js'
import { percentFormat, representation, textOf } from './format-text.js'
import { type Interpreter, spend } from './interpreter.js'
import { makeFunction } from './make-function.js'
import { binary } from './operators.js'
import { bind, lookUp } from './scope.js'
import { stringParts } from './string-literal.js'
import {
  isObject,
  isSequence,
  keyOf,
  type PyDict,
  type PyScope,
  type PyValue,
  pyFloat,
  sequence,
  typed,
  UNKNOWN,
} from './values.js'

type Evaluator = (node: SyntaxNode, scope: PyScope, run: Interpreter) => PyValue

const MAX_TEXT = 200_000

/** What is known of the value of an expression. */
export function evaluate(node: SyntaxNode | undefined, scope: PyScope, run: Interpreter): PyValue {
  if (node === undefined) return UNKNOWN
  spend(run)
  const evaluator = evaluators[node.type]
  return evaluator === undefined ? UNKNOWN : evaluator(node, scope, run)
}

/** The items of a list as written, with `*spread` parts. */
export function evaluateItems(nodes: readonly SyntaxNode[], scope: PyScope, run: Interpreter): PyValue[] {
  return nodes.flatMap((node) => {
    const value = evaluate(node.type === 'list_splat' ? node.parts[0] : node, scope, run)
    if (node.type !== 'list_splat') return [value]
    return isSequence(value)
      ? value.items
      : isObject(value, 'native')
        ? [...(value.iterate?.(undefined) ?? [])]
        : []
  })
}

/** Several expressions separated by commas: a tuple. */
const tuple: Evaluator = (node, scope, run) => sequence('tuple', evaluateItems(node.parts, scope, run))
const inner: Evaluator = (node, scope, run) => evaluate(node.parts[0], scope, run)

const evaluators: Readonly<Record<string, Evaluator>> = {
  identifier: (node, scope, run) => lookUp(node.text, scope, run),
  string: evaluateString,
  concatenated_string: (node, scope, run) => joinTexts(node.parts.map((part) => evaluate(part, scope, run))),
  integer: (node) => {
    const digits = node.text.replaceAll('_', '').replace(/^0+(?=\d)/, '')
    const value = Number(digits)
    return Number.isSafeInteger(value) ? value : typed('integer')
  },
  float: (node) => pyFloat(Number(node.text.replaceAll('_', ''))),
  true: () => true,
  false: () => false,
  none: () => null,
  list: (node, scope, run) => sequence('list', evaluateItems(node.parts, scope, run)),
  set: (node, scope, run) => sequence('set', evaluateItems(node.parts, scope, run)),
  tuple,
  expression_list: tuple,
  pattern_list: tuple,
  parenthesized_expression: inner,
  await: inner,
  keyword_argument: (node, scope, run) => evaluate(node.field('value'), scope, run),
  dictionary: evaluateDictionary,
  list_comprehension: comprehension,
  set_comprehension: comprehension,
  generator_expression: comprehension,
  dictionary_comprehension: comprehension,
  call: evaluateCall,
  attribute: (node, scope, run) =>
    attributeOf(evaluate(node.field('object'), scope, run), node.field('attribute')?.text ?? '', run),
  subscript: evaluateSubscript,
  binary_operator: evaluateBinary,
  boolean_operator: evaluateBoolean,
  unary_operator: evaluateUnary,
  not_operator: (node, scope, run) => {
    return opposite(evaluate(node.field('argument'), scope, run))
  },
  comparison_operator: evaluateComparison,
  conditional_expression: evaluateConditional,
  lambda: (node, scope, run) => makeFunction(node, scope, run, []),
  named_expression: (node, scope, run) => {
    const value = evaluate(node.field('value'), scope, run)
    bind(node.field('name')?.text ?? '', value, scope, run)
    return value
  },
  yield: (node, scope, run) => {
    const value = evaluate(node.parts[0], scope, run)
    run.stack.at(-1)?.yields.push(value)
    return UNKNOWN
  },
}

function evaluateString(node: SyntaxNode, scope: PyScope, run: Interpreter): PyValue {
  const { prefix, parts } = stringParts(node)
  if (prefix.includes('b')) return UNKNOWN
  return joinTexts(parts.map((part) => (typeof part === 'string' ? part : interpolated(part, scope, run))))
}

function joinTexts(parts: readonly PyValue[]): PyValue {
  if (!parts.every((part) => typeof part === 'string')) return typed('string')
  const text = parts.join('')
  return text.length > MAX_TEXT ? typed('string') : text
}

/** `{value!r:format}` in an f-string. */
function interpolated(node: SyntaxNode, scope: PyScope, run: Interpreter): PyValue {
  const value = evaluate(node.field('expression') ?? node.parts[0], scope, run)
  if (node.child('format_specifier') !== undefined) return UNKNOWN
  const shown = node.child('type_conversion')?.text === '!r' ? representation(value) : textOf(value)
  return shown ?? UNKNOWN
}

function evaluateDictionary(node: SyntaxNode, scope: PyScope, run: Interpreter): PyValue {
  const entries: PyDict['entries'] = new Map()
  for (const part of node.parts) {
    if (part.type === 'pair') {
      const key = evaluate(part.field('key'), scope, run)
      const value = evaluate(part.field('value'), scope, run)
      const name = keyOf(key)
      if (name !== undefined) entries.set(name, [key, value])
    } else if (part.type === 'dictionary_splat') {
      const other = evaluate(part.parts[0], scope, run)
      if (isObject(other, 'dict')) for (const [key, pair] of other.entries) entries.set(key, pair)
    }
  }
  return { kind: 'dict', entries }
}

function evaluateSubscript(node: SyntaxNode, scope: PyScope, run: Interpreter): PyValue {
  const value = evaluate(node.field('value'), scope, run)
  const indices = node.fields('subscript')
  const [index] = indices
  if (index?.type !== 'slice') {
    const items = indices.map((item) => evaluate(item, scope, run))
    return itemOf(
      value,
      items.length > 1 ? sequence('tuple', items) : (items[0] ?? UNKNOWN),
      node,
      scope.file,
    )
  }
  const bounds: (SyntaxNode | undefined)[] = [undefined]
  for (const child of index.children) {
    if (child.type === ':') bounds.push(undefined)
    else if (child.named) bounds[bounds.length - 1] = child
  }
  const [from, to, step] = bounds.map((bound) => (bound === undefined ? null : evaluate(bound, scope, run)))
  return sliceOf(value, from ?? null, to ?? null, step ?? null)
}

function evaluateBinary(node: SyntaxNode, scope: PyScope, run: Interpreter): PyValue {
  // A long sum leans to the left: followed by a loop, not by calls.
  const operands: { readonly operator: string; readonly right: SyntaxNode | undefined }[] = []
  let first: SyntaxNode | undefined = node
  while (first?.type === 'binary_operator') {
    operands.push({ operator: first.field('operator')?.text ?? '', right: first.field('right') })
    first = first.field('left')
  }
  let value = evaluate(first, scope, run)
  for (const { operator, right } of operands.reverse()) {
    const other = evaluate(right, scope, run)
    value =
      operator === '%' && typeof value === 'string' ? percentOf(value, other) : binary(operator, value, other)
  }
  return value
}

function evaluateUnary(node: SyntaxNode, scope: PyScope, run: Interpreter): PyValue {
  const value = evaluate(node.field('argument'), scope, run)
  if (node.field('operator')?.text !== '-') return value
  if (typeof value === 'number') return value === 0 ? 0 : -value
  return isObject(value, 'float') ? pyFloat(-value.value) : isObject(value, 'typed') ? value : UNKNOWN
}

function evaluateComparison(node: SyntaxNode, scope: PyScope, run: Interpreter): PyValue {
  const operands = node.parts.map((part) => evaluate(part, scope, run))
  const operators = node.fields('operators').map(({ text }) => text.replace(/\s+/g, ' '))
  let result: PyValue = true
  for (const [index, operator] of operators.entries()) {
    const outcome = compare(operator, operands[index] ?? UNKNOWN, operands[index + 1] ?? UNKNOWN)
    if (outcome === false) return false
    if (outcome !== true) result = outcome
  }
  return result
}

const percentOf = (template: string, value: PyValue): PyValue =>
  percentFormat(template, value) ?? typed('string')
