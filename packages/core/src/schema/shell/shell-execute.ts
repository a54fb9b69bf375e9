import type { SyntaxNode } from '../../syntax/syntax-node.js'
import { flagInput } from '../observed/observed.js'
import { wordList } from '../observed/word-list.js'
import { executeCase } from './shell-case.js'
import { executeCommand } from './shell-command.js'
import { testOf } from './shell-conditions.js'
import { arithmetic, expand } from './shell-expand.js'
import { learnFromBranch, learnFromEnd } from './shell-learning.js'
import { executeLoop } from './shell-loops.js'
import { type ShellReading, spend } from './shell-reading.js'
import { NO_TEST, type ShellFacts } from './shell-values.js'
import { assign } from './shell-variables.js'

/** How a statement ends otherwise than by going on. */
export type Ending = 'exit' | 'return' | 'jump' | undefined

export function executeAll(nodes: readonly SyntaxNode[], run: ShellReading): Ending {
  for (const node of nodes) if (node.type === 'function_definition') define(node, run)
  for (const node of nodes) {
    const ending = execute(node, run)
    if (ending !== undefined) return ending
  }
  return undefined
}

function define(node: SyntaxNode, run: ShellReading): void {
  const name = node.field('name')?.text
  const body = node.field('body')
  if (name !== undefined && body !== undefined) run.functions.set(name, body)
}

/** Follows a statement. */
export function execute(node: SyntaxNode, run: ShellReading): Ending {
  spend(run)
  switch (node.type) {
    case 'command':
      return executeCommand(node, run)
    case 'variable_assignment':
      assignment(node, run)
      return undefined
    case 'variable_assignments':
    case 'declaration_command':
      for (const part of node.parts) if (part.type === 'variable_assignment') assignment(part, run)
      return undefined
    case 'compound_statement':
      if (node.children[0]?.type === '((') {
        arithmetic(node, run)
        return undefined
      }
      return executeAll(node.parts, run)
    case 'do_group':
    case 'subshell':
    case 'else_clause':
      return executeAll(node.parts, run)
    case 'redirected_statement':
      return redirected(node, run)
    case 'pipeline':
      return pipeline(node, run)
    case 'negated_command':
      if (node.parts[0] !== undefined) execute(node.parts[0], run)
      return undefined
    case 'list':
      return list(node, run)
    case 'if_statement':
      return ifStatement(node, run)
    case 'while_statement':
    case 'for_statement':
    case 'c_style_for_statement':
      return executeLoop(node, run)
    case 'case_statement':
      return executeCase(node, run)
    default:
      return undefined
  }
}

function assignment(node: SyntaxNode, run: ShellReading): void {
  const name = node.field('name')
  if (name?.type !== 'variable_name') return
  const adds = node.children.some(({ type }) => type === '+=')
  assign(name.text, expand(node.field('value'), run), node.line, run, adds)
}

/** What is fed from a file, a pipe or the script itself does not read the script's stdin. */
function redirected(node: SyntaxNode, run: ShellReading): Ending {
  const { fed } = run
  run.fed ||= node.fields('redirect').some(feeds)
  const body = node.field('body')
  const ending = body === undefined ? undefined : execute(body, run)
  run.fed = fed
  return ending
}

const feeds = (redirect: SyntaxNode): boolean =>
  redirect.type !== 'file_redirect' ||
  (redirect.children.some(({ type }) => type === '<') &&
    !/^(&0|\/dev\/stdin)$/.test(redirect.field('destination')?.text ?? ''))

function pipeline(node: SyntaxNode, run: ShellReading): Ending {
  const { fed } = run
  let ending: Ending
  for (const [index, part] of node.parts.entries()) {
    run.fed = fed || index > 0
    ending = execute(part, run)
  }
  run.fed = fed
  // Each part runs in a shell of its own.
  return ending === 'exit' ? undefined : ending
}

/** `a && b`, `a || b` */
function list(node: SyntaxNode, run: ShellReading): Ending {
  const [left, right] = node.parts
  if (left === undefined || right === undefined) return undefined
  const operator = node.children.find(({ type }) => type === '&&' || type === '||')?.type
  const test = testOf(left, run)
  if (test === undefined) execute(left, run)
  const facts = operator === '&&' ? (test ?? NO_TEST).yes : (test ?? NO_TEST).no
  const ending = branch([right], facts, run)
  learn(facts, ending, run)
  return undefined
}

/** A branch of which it is not known whether it is taken. */
export function branch(nodes: readonly SyntaxNode[], facts: ShellFacts, run: ShellReading): Ending {
  const { flag, parameters, command, commandGuards } = run
  run.command = facts.command ?? command
  if (facts.flags !== undefined) run.flag = { ...facts.flags, shifted: 0, used: false }
  run.uncertain++
  run.guards++
  if (facts.command !== undefined) run.commandGuards = run.guards
  try {
    const ending = executeAll(nodes, run)
    if (facts.flags !== undefined && nodes[0] !== undefined) meetFlag(facts.flags, ending, nodes[0].line, run)
    return ending
  } finally {
    run.uncertain--
    run.guards--
    run.flag = flag
    run.command = command
    run.commandGuards = commandGuards
    run.parameters = parameters
  }
}

/** Notes a flag whose branch does something without keeping it. */
function meetFlag(
  { names, joined }: NonNullable<ShellFacts['flags']>,
  ending: Ending,
  line: number,
  run: ShellReading,
): void {
  if (names.some((name) => /^(-h|-\?|--help|-V|--version)$/.test(name)) || ending === 'exit') return
  const input = flagInput(run.observed, names, run.file, line)
  if (joined) input.joined = true
}

export function learn(facts: ShellFacts, ending: Ending, run: ShellReading): void {
  if (ending === 'exit' || (ending === 'return' && run.depth > 0)) learnFromEnd(facts, run)
  else learnFromBranch(facts)
}

function ifStatement(node: SyntaxNode, run: ShellReading): Ending {
  const endings: Ending[] = []
  const arms = [arm(node), ...node.parts.filter(({ type }) => type === 'elif_clause').map(arm)]
  let last: ShellFacts = NO_TEST.no
  if (isEntryCheck(arms[0]?.condition)) return executeAll(arms[0]?.body ?? [], run)
  for (const { condition, body } of arms) {
    const test = conditionOf(condition, run)
    const ending = branch(body, test.yes, run)
    learn(test.yes, ending, run)
    endings.push(ending)
    last = test.no
  }
  const other = node.parts.find(({ type }) => type === 'else_clause')
  if (other === undefined) {
    learnFromBranch(last)
    return undefined
  }
  const ending = branch(other.parts, last, run)
  learn(last, ending, run)
  endings.push(ending)
  return endings.every((one) => one === endings[0]) ? endings[0] : undefined
}

/** `if [ "${BASH_SOURCE[0]}" = "$0" ]`: the script is what is run. */
const isEntryCheck = (condition: readonly SyntaxNode[] = []): boolean =>
  condition.some(({ text }) => /BASH_SOURCE/.test(text.slice(0, 200)) && !/!=/.test(text.slice(0, 200)))

/** Condition and statements of an `if` or `elif`: what is before and after `then`. */
function arm(node: SyntaxNode): { condition: SyntaxNode[]; body: SyntaxNode[] } {
  const then = node.children.find(({ type }) => type === 'then')
  const own = node.parts.filter(({ type }) => type !== 'elif_clause' && type !== 'else_clause')
  return {
    condition: own.filter(({ start }) => start < (then?.start ?? 0)),
    body: own.filter(({ start }) => start > (then?.start ?? 0)),
  }
}

export function conditionOf(nodes: readonly SyntaxNode[], run: ShellReading) {
  const last = nodes.at(-1)
  for (const node of nodes.slice(0, -1)) execute(node, run)
  const test = testOf(last, run)
  if (test === undefined && last !== undefined) execute(last, run)
  return test ?? NO_TEST
}

/** The words that are left once the flags are taken away. */
export function afterFlags(run: ShellReading): void {
  if (run.parameters.kind !== 'script') return
  const values = wordList('values', 0, run.loops)
  run.observed.lists.push(values)
  run.parameters = { kind: 'script', list: values, loops: run.loops }
}
