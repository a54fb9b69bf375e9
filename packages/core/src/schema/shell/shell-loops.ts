import type { SyntaxNode } from '../../syntax/syntax-node.js'
import { afterFlags, conditionOf, type Ending, executeAll } from './shell-execute.js'
import { arithmetic, expand } from './shell-expand.js'
import type { ShellReading } from './shell-reading.js'
import { isA, UNKNOWN } from './shell-values.js'
import { assign } from './shell-variables.js'

const MAX_ROUNDS = 40

export function executeLoop(node: SyntaxNode, run: ShellReading): Ending {
  const body = node.field('body')
  if (body === undefined) return undefined
  if (node.type === 'for_statement') forLoop(node, body, run)
  else if (node.type === 'while_statement') whileLoop(node, body, run)
  else {
    arithmetic(node, run)
    rounds(body, run)
  }
  return undefined
}

function rounds(body: SyntaxNode, run: ShellReading): void {
  run.uncertain++
  try {
    executeAll(body.parts, run)
  } finally {
    run.uncertain--
  }
}

function whileLoop(node: SyntaxNode, body: SyntaxNode, run: ShellReading): void {
  const shifts = run.parameters.kind === 'script' && looksAtWords(node, body, run)
  const before = run.observed.lists.length
  if (shifts) run.loops++
  conditionOf(
    node.fields('condition').filter(({ named }) => named),
    run,
  )
  rounds(body, run)
  if (!shifts) return
  run.loops--
  if (before >= 0) afterFlags(run)
}

/** Whether the loop takes one word after another: by `shift`, here or in a function that it calls, or `getopts`. */
function looksAtWords(node: SyntaxNode, body: SyntaxNode, run: ShellReading): boolean {
  if (node.fields('condition').some((condition) => condition.text.startsWith('getopts '))) return true
  for (const command of body.find('command')) {
    const name = command.field('name')?.text ?? ''
    if (name === 'shift') return true
    const inner = run.functions.get(name)
    if (inner !== undefined && /\bshift\b/.test(inner.text.slice(0, 5_000)) && /\$[@*]/.test(command.text))
      return true
  }
  return false
}

function forLoop(node: SyntaxNode, body: SyntaxNode, run: ShellReading): void {
  const name = node.field('variable')?.text ?? ''
  const given = node.fields('value')
  const values = given.map((value) => expand(value, run))
  const [only] = values
  const list =
    given.length === 0 && run.parameters.kind === 'script' && node.children.every(({ type }) => type !== 'in')
      ? run.parameters.list
      : isA(only, 'words')
        ? only.list
        : undefined
  if (list !== undefined) {
    list.whole ??= { file: run.file, line: node.line, item: name }
    run.loops++
    const { parameters } = run
    run.variables.set(name, { kind: 'word', list })
    rounds(body, run)
    run.loops--
    run.parameters = parameters
    if (list.searched === true) afterFlags(run)
    return
  }
  const items = values.flatMap((value) => (isA(value, 'array') ? value.items : [value]))
  const known =
    items.length > 0 &&
    items.length <= MAX_ROUNDS &&
    items.every((item) => typeof item === 'string' || isA(item, 'input'))
  for (const item of known ? items : [UNKNOWN]) {
    assign(name, item, node.line, { ...run, flag: undefined, uncertain: 0 })
    rounds(body, run)
  }
}
