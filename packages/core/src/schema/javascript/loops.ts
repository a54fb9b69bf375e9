import type { SyntaxNode } from '../../syntax/syntax-node.js'
import { hasType } from '../observed/input.js'
import { bindPattern } from './assign.js'
import { perhaps } from './call.js'
import { evaluate } from './evaluate.js'
import { type Ending, executeAll, hoist } from './execute.js'
import type { Reading } from './reading.js'
import { innerScope, owner } from './scope.js'
import { read } from './stdin.js'
import { is, type JsScope, type JsValue, UNKNOWN } from './values.js'

const MAX_ROUNDS = 100

/** A loop: over a list that the script states, each item; over anything else, once for all. */
export function executeLoop(node: SyntaxNode, scope: JsScope, run: Reading): Ending {
  const inner = innerScope(scope)
  run.loops++
  try {
    if (node.type === 'for_in_statement') loopOver(node, inner, run)
    else loopWhile(node, inner, run)
  } finally {
    run.loops--
  }
  return undefined
}

function loopOver(node: SyntaxNode, scope: JsScope, run: Reading): void {
  const list = evaluate(node.field('right'), scope, run)
  const left = node.field('left')
  const body = node.field('body')
  if (left === undefined || body === undefined) return
  const round = (value: JsValue) => {
    const inner = innerScope(scope)
    bindPattern(left, value, inner, run, node.field('kind') === undefined ? 'assign' : 'declare')
    hoist([body], inner)
    executeAll([body], inner, run)
  }
  if (
    node.field('operator')?.text === 'in' &&
    is(list, 'object') &&
    list.flags === undefined &&
    list.members.size <= MAX_ROUNDS
  ) {
    for (const key of list.members.keys()) round(key)
    return
  }
  const names = node.field('operator')?.text === 'in'
  if (is(list, 'array') && list.words === undefined && !names && list.items.length <= MAX_ROUNDS)
    list.items.forEach(round)
  else perhaps(() => round(itemOf(list, node, scope, run)), run)
}

function itemOf(list: JsValue, node: SyntaxNode, scope: JsScope, run: Reading): JsValue {
  const words = is(list, 'words') ? list.list : is(list, 'array') ? list.words : undefined
  if (words !== undefined) {
    const name = node.field('left')?.text ?? 'word'
    words.whole ??= { file: scope.file, line: node.line, item: name }
    if (node.field('left')?.type === 'array_pattern') {
      return {
        kind: 'array',
        items: [
          { kind: 'cursor', plus: 0 },
          { kind: 'word', list: words, plus: 0, piece: 'whole' },
        ],
      }
    }
    return { kind: 'word', list: words, plus: 0, piece: 'whole' }
  }
  if (is(list, 'stdin')) return read({ node, scope }, run)
  if (is(list, 'input') && list.input.source === 'member') hasType(list.input, 'array')
  return UNKNOWN
}

function loopWhile(node: SyntaxNode, scope: JsScope, run: Reading): void {
  const start = node.field('initializer')
  if (start !== undefined) executeAll([start], scope, run)
  const body = node.field('body')
  const increment = node.field('increment')
  for (const part of [increment, body, node.field('condition')])
    if (part !== undefined) moveCursors(part, scope)
  perhaps(() => {
    evaluate(node.field('condition'), scope, run)
    if (body !== undefined) executeAll([body], innerScope(scope), run)
  }, run)
}

/** Numbers that the loop counts up go along the words. */
function moveCursors(part: SyntaxNode, scope: JsScope): void {
  for (const step of part.find('update_expression', 'augmented_assignment_expression')) {
    const name = (step.field('argument') ?? step.field('left'))?.text ?? ''
    const target = owner(name, scope)
    if (typeof target?.names.get(name) === 'number') target.names.set(name, { kind: 'cursor', plus: 0 })
  }
}
