import type { SyntaxNode } from '../../syntax/syntax-node.js'
import { assign } from './assign.js'
import { defineClass } from './define-class.js'
import { evaluate } from './evaluate.js'
import { executeBranches } from './execute-branches.js'
import { importFrom, importNames } from './execute-import.js'
import { type Interpreter, spend } from './interpreter.js'
import { iterate } from './iterate.js'
import { makeFunction } from './make-function.js'
import { binary, MAX_ITEMS, truth } from './operators.js'
import { bind } from './scope.js'
import { isObject, isSequence, type PyScope, type PyValue, UNKNOWN } from './values.js'

/** How a statement ends: with the next one, or by leaving the loop's round, the loop, the function, the program. */
export type End = 'next' | 'continue' | 'break' | 'return' | 'exit'

type Executor = (node: SyntaxNode, scope: PyScope, run: Interpreter) => End

/** Follows the statements of a block up to one that certainly leaves it. */
export function executeBlock(block: SyntaxNode | undefined, scope: PyScope, run: Interpreter): End {
  for (const statement of block?.children ?? []) {
    if (!statement.named) continue
    spend(run)
    run.at = { node: statement, file: scope.file }
    const end = executors[statement.type]?.(statement, scope, run) ?? 'next'
    if (end === 'exit' && run.seeks()) continue
    if (end !== 'next') return end
  }
  return 'next'
}

/** Follows a block that may not be run at all. */
export function executeDoubtful(block: SyntaxNode | undefined, scope: PyScope, run: Interpreter): End {
  run.uncertain++
  try {
    return executeBlock(block, scope, run)
  } finally {
    run.uncertain--
  }
}

const executors: Readonly<Record<string, Executor>> = {
  expression_statement: executeExpression,
  if_statement: executeBranches,
  for_statement: executeFor,
  while_statement: (node, scope, run) => {
    loosenCounters(node, scope)
    const condition = truth(evaluate(node.field('condition'), scope, run))
    if (condition !== false) executeDoubtful(node.field('body'), scope, run)
    return 'next'
  },
  try_statement: executeTry,
  with_statement: executeWith,
  match_statement: (node, scope, run) => {
    const subject = evaluate(node.field('subject'), scope, run)
    for (const clause of node.field('body')?.parts ?? []) {
      for (const pattern of clause.parts.filter(({ type }) => type === 'case_pattern')) {
        if (isObject(subject, 'native'))
          subject.compare?.('==', evaluate(pattern.parts[0], scope, run), 'left')
      }
      executeDoubtful(clause.field('consequence'), scope, run)
    }
    return 'next'
  },
  function_definition: (node, scope, run) => {
    bind(node.field('name')?.text ?? '', makeFunction(node, scope, run, []), scope, run)
    return 'next'
  },
  class_definition: (node, scope, run) => {
    bind(node.field('name')?.text ?? '', defineClass(node, scope, run, []), scope, run)
    return 'next'
  },
  decorated_definition: (node, scope, run) => {
    const decorators = node.children
      .filter(({ type }) => type === 'decorator')
      .map((decorator) => evaluate(decorator.parts[0], scope, run))
    const definition = node.field('definition')
    if (definition === undefined) return 'next'
    const make = definition.type === 'class_definition' ? defineClass : makeFunction
    bind(definition.field('name')?.text ?? '', make(definition, scope, run, decorators), scope, run)
    return 'next'
  },
  return_statement: (node, scope, run) => {
    const value = node.parts.length === 0 ? null : evaluate(node.parts[0], scope, run)
    run.stack.at(-1)?.returns.push(value)
    return run.exits ? leave(run) : 'return'
  },
  raise_statement: (node, scope, run) => {
    // raise SystemExit(main())
    const [error] = node.parts
    evaluate(error, scope, run)
    return /^SystemExit\b/.test(error?.text ?? '') ? 'exit' : 'return'
  },
  break_statement: () => 'break',
  continue_statement: () => 'continue',
  import_statement: importNames,
  import_from_statement: importFrom,
  global_statement: declareOuter,
  nonlocal_statement: declareOuter,
  assert_statement: (node, scope, run) => {
    evaluate(node.parts[0], scope, run)
    return 'next'
  },
}

function declareOuter(node: SyntaxNode, scope: PyScope): End {
  for (const { text } of node.parts) scope.outer.add(text)
  return 'next'
}

function leave(run: Interpreter): End {
  run.exits = false
  return 'exit'
}

const exitCalls = /^(?:sys\.exit|exit|quit|os\._exit|\w*parser\.(?:error|exit))$/

function executeExpression(node: SyntaxNode, scope: PyScope, run: Interpreter): End {
  const [expression] = node.parts
  if (expression === undefined || expression.type === 'string') return 'next'
  if (expression.type === 'assignment') executeAssignment(expression, scope, run)
  else if (expression.type === 'augmented_assignment') executeAugmented(expression, scope, run)
  else evaluate(expression, scope, run)
  if (expression.type === 'call' && exitCalls.test(expression.field('function')?.text ?? '')) return 'exit'
  return run.exits ? leave(run) : 'next'
}

function executeAssignment(node: SyntaxNode, scope: PyScope, run: Interpreter): void {
  // a = b = value
  const targets: SyntaxNode[] = []
  let value: SyntaxNode | undefined = node
  while (value?.type === 'assignment') {
    const left = value.field('left')
    if (left !== undefined) targets.push(left)
    value = value.field('right')
  }
  if (value === undefined) return
  const result = evaluate(value, scope, run)
  for (const target of targets) assign(target, result, scope, run, node.field('type'))
}

function executeAugmented(node: SyntaxNode, scope: PyScope, run: Interpreter): void {
  const target = node.field('left')
  const value = evaluate(node.field('right'), scope, run)
  const before = evaluate(target, scope, run)
  const operator = (node.field('operator')?.text ?? '').slice(0, -1)
  const both =
    isObject(before, 'list') && isSequence(value) ? before.items.length + value.items.length : MAX_ITEMS
  if (operator === '+' && both < MAX_ITEMS && isObject(before, 'list') && isSequence(value))
    before.items.push(...value.items)
  else assign(target, binary(operator, before, value), scope, run)
}

/** What a loop counts with has another value in each round. */
function loosenCounters(loop: SyntaxNode, scope: PyScope): void {
  for (const node of loop.find('assignment', 'augmented_assignment')) {
    const name = node.field('left')?.text ?? ''
    const counts = node.type === 'augmented_assignment' || (node.field('right')?.text ?? '').includes(name)
    const value = scope.names.get(name)
    if (counts && typeof value === 'number')
      scope.names.set(name, { kind: 'typed', type: 'integer', step: 0 })
  }
}

const MAX_ROUNDS = 1_000

function executeFor(node: SyntaxNode, scope: PyScope, run: Interpreter): End {
  const [left, body] = [node.field('left'), node.field('body')]
  const list = evaluate(node.field('right'), scope, run)
  const items = iterate(list)
  if (items === undefined || isObject(list, 'native')) {
    loosenCounters(node, scope)
    for (const item of items ?? [UNKNOWN]) {
      assign(left, item, scope, run)
      executeDoubtful(body, scope, run)
    }
    return 'next'
  }
  for (const item of items.slice(0, MAX_ROUNDS)) {
    assign(left, item, scope, run)
    const end = executeBlock(body, scope, run)
    if (end === 'break') return 'next'
    if (end === 'return' || end === 'exit') return end
  }
  return executeBlock(node.child('else_clause')?.field('body'), scope, run)
}

function executeTry(node: SyntaxNode, scope: PyScope, run: Interpreter): End {
  const end = executeBlock(node.field('body'), scope, run)
  for (const child of node.children) {
    if (child.type !== 'except_clause' && child.type !== 'except_group_clause') continue
    executeDoubtful(child.child('block'), scope, run)
  }
  const after = end === 'next' ? executeBlock(node.child('else_clause')?.field('body'), scope, run) : end
  const final = executeBlock(node.child('finally_clause')?.child('block'), scope, run)
  return final === 'next' ? after : final
}

function executeWith(node: SyntaxNode, scope: PyScope, run: Interpreter): End {
  for (const item of node.child('with_clause')?.parts ?? []) {
    const value = item.field('value') ?? item.parts[0]
    if (value?.type === 'as_pattern') {
      const made: PyValue = evaluate(value.parts[0], scope, run)
      assign(value.child('as_pattern_target')?.parts[0], made, scope, run)
    } else evaluate(value, scope, run)
  }
  return executeBlock(node.field('body'), scope, run)
}
