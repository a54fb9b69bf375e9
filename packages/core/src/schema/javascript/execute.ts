import type { SyntaxNode } from '../../syntax/syntax-node.js'
import { bindPattern } from './assign.js'
import { perhaps } from './call.js'
import { learnFromBranch, learnFromEnd, testOf } from './conditions.js'
import { evaluate } from './evaluate.js'
import { executeLoop } from './loops.js'
import { meetFlag } from './meet-flag.js'
import { type Reading, spend } from './reading.js'
import { innerScope } from './scope.js'
import { executeSwitch } from './switch.js'
import { type Facts, is, type JsScope, truth } from './values.js'

/** How a statement ends otherwise than by going on. */
export type Ending = 'exit' | 'return' | 'jump' | undefined

/** Follows the statements of a block. */
export function executeBlock(block: SyntaxNode, scope: JsScope, run: Reading): Ending {
  hoist(block.parts, scope)
  return executeAll(block.parts, scope, run)
}

export function executeAll(statements: readonly SyntaxNode[], scope: JsScope, run: Reading): Ending {
  for (const statement of statements) {
    const ending = execute(statement, scope, run)
    if (run.ended) {
      run.ended = false
      return 'exit'
    }
    if (ending !== undefined) return ending
  }
  return undefined
}

/** Functions and classes can be used before they are declared. */
export function hoist(statements: readonly SyntaxNode[], scope: JsScope): void {
  for (const statement of statements) {
    const node =
      statement.type === 'export_statement'
        ? (statement.field('declaration') ?? statement.field('value'))
        : statement
    const isDefault =
      statement.type === 'export_statement' && statement.children.some(({ type }) => type === 'default')
    const name = node?.field('name')?.text
    if (node === undefined) continue
    if (isDefault && /function|class/.test(node.type)) {
      scope.names.set('default', { kind: node.type.includes('class') ? 'class' : 'function', node, scope })
    }
    if (name === undefined) continue
    if (/^(generator_)?function_declaration$/.test(node.type))
      scope.names.set(name, { kind: 'function', node, scope })
    if (node.type === 'class_declaration') scope.names.set(name, { kind: 'class', node, scope })
  }
}

function execute(node: SyntaxNode, scope: JsScope, run: Reading): Ending {
  spend(run)
  switch (node.type) {
    case 'expression_statement':
      evaluate(node.parts[0], scope, run)
      return undefined
    case 'lexical_declaration':
    case 'variable_declaration':
      for (const declarator of node.parts) declareOne(declarator, scope, run)
      return undefined
    case 'export_statement': {
      const inner = node.field('declaration')
      if (inner !== undefined) return execute(inner, scope, run)
      if (node.field('value') === undefined) return undefined
      scope.names.set('default', evaluate(node.field('value'), scope, run))
      return undefined
    }
    case 'if_statement':
      return ifStatement(node, scope, run)
    case 'statement_block':
      return executeBlock(node, innerScope(scope), run)
    case 'return_statement': {
      const value = evaluate(node.parts[0], scope, run)
      run.stack.at(-1)?.returns.push(value)
      return 'return'
    }
    case 'throw_statement':
      evaluate(node.parts[0], scope, run)
      return 'exit'
    case 'break_statement':
    case 'continue_statement':
      return 'jump'
    case 'for_statement':
    case 'for_in_statement':
    case 'while_statement':
    case 'do_statement':
      return executeLoop(node, scope, run)
    case 'switch_statement':
      return executeSwitch(node, scope, run)
    case 'try_statement':
      return tryStatement(node, scope, run)
    case 'labeled_statement':
      return node.field('body') === undefined
        ? undefined
        : execute(node.field('body') as SyntaxNode, scope, run)
    default:
      return undefined
  }
}

function declareOne(declarator: SyntaxNode, scope: JsScope, run: Reading): void {
  const name = declarator.field('name')
  if (declarator.type !== 'variable_declarator' || name === undefined) return
  bindPattern(name, evaluate(declarator.field('value'), scope, run), scope, run, 'declare')
}

/** A branch of which it is not known whether it is taken. */
export function branch(
  statements: readonly SyntaxNode[],
  facts: Facts,
  scope: JsScope,
  run: Reading,
): Ending {
  const { flag, command, commandGuards } = run
  if (facts.flag !== undefined) run.flag = { ...facts.flag, used: false }
  run.command = facts.command ?? command
  run.guards++
  if (facts.command !== undefined) run.commandGuards = run.guards
  const ending = perhaps(() => executeAll(statements, scope, run), run)
  run.guards--
  if (facts.flag !== undefined) meetFlag(run, facts.flag, ending, statements[0], scope.file)
  run.flag = flag
  run.command = command
  run.commandGuards = commandGuards
  return ending
}

function ifStatement(node: SyntaxNode, scope: JsScope, run: Reading): Ending {
  const condition = evaluate(node.field('condition'), scope, run)
  const consequence = node.field('consequence')
  const alternative = node.field('alternative')?.parts[0]
  const known = isEntryCheck(node) ?? truth(condition)
  if (known !== undefined) {
    const taken = known ? consequence : alternative
    return taken === undefined ? undefined : executeAll([taken], scope, run)
  }
  const { yes, no } = testOf(condition)
  const first = consequence === undefined ? undefined : branch([consequence], yes, scope, run)
  const second = alternative === undefined ? undefined : branch([alternative], no, scope, run)
  learn(yes, first, consequence, run)
  learn(no, second, alternative, run)
  if (alternative === undefined && (is(condition, 'input') || no.missing !== undefined)) learnFromBranch(no)
  return first !== undefined && second !== undefined ? (first === second ? first : 'return') : undefined
}

/** `if (require.main === module)`: the script is what is run. */
function isEntryCheck(node: SyntaxNode): true | undefined {
  const text = node.field('condition')?.text.slice(0, 300) ?? ''
  return /^\(\s*(?!!)[^!]*(import\.meta|require\.main)\b/.test(text) && !/!==?/.test(text) ? true : undefined
}

function learn(facts: Facts, ending: Ending, statement: SyntaxNode | undefined, run: Reading): void {
  if (statement === undefined) return
  if (ending === 'exit' || (ending === 'return' && complains(statement))) learnFromEnd(facts, run)
  else learnFromBranch(facts)
}

/** Whether it returns after saying why. */
function complains(statement: SyntaxNode): boolean {
  return /console\.(error|log|warn)|stderr|usage|exitCode|help/i.test(statement.text.slice(0, 2_000))
}

function tryStatement(node: SyntaxNode, scope: JsScope, run: Reading): Ending {
  const body = node.field('body')
  const handler = node.field('handler')?.field('body')
  const ending = body === undefined ? undefined : executeBlock(body, innerScope(scope), run)
  if (handler !== undefined) {
    const parameter = node.field('handler')?.field('parameter')
    const inner = innerScope(scope)
    if (parameter?.type === 'identifier') inner.names.set(parameter.text, { kind: 'unknown' })
    perhaps(() => executeBlock(handler, inner, run), run)
  }
  const last = node.field('finalizer')?.field('body')
  if (last !== undefined) executeBlock(last, innerScope(scope), run)
  return ending
}
