import type { SyntaxNode } from '../../syntax/syntax-node.js'
import { forgetPeeked } from '../observed/observed.js'
import { branch, type Ending } from './shell-execute.js'
import { expand } from './shell-expand.js'
import { learnFromEnd } from './shell-learning.js'
import type { ShellReading } from './shell-reading.js'
import { isA, NO_FACTS, type ShellFacts, type ShellValue } from './shell-values.js'

/** A `case`: each item is a branch. */
export function executeCase(node: SyntaxNode, run: ShellReading): Ending {
  const subject = expand(node.field('value'), run)
  const letters = run.letterVariable !== undefined && subjectName(node) === run.letterVariable
  const patternsInAll = node.parts.flatMap((item) =>
    item.type === 'case_item' ? item.fields('value').flatMap(patternsOf) : [],
  )
  if (isA(subject, 'input') && patternsInAll.every((pattern) => /^(-.|\*$)/.test(pattern)))
    forgetPeeked(run.observed, subject.input)
  const known: string[] = []
  const endings: Ending[] = []
  let complete = false
  for (const item of node.parts) {
    if (item.type !== 'case_item') continue
    const patterns = item.fields('value').flatMap((value) => patternsOf(value))
    const body = item.parts.filter(({ role }) => role !== 'value')
    const ending = branch(body, letters ? letterFacts(patterns, run) : factsOf(subject, patterns), run)
    const rest = patterns.some((pattern) => pattern === '*' || pattern === '?*')
    if (rest && isA(subject, 'input') && (ending === 'exit' || ending === 'return')) {
      learnFromEnd({ ...NO_FACTS, outside: { input: subject.input, values: known } }, run)
    }
    known.push(...patterns.filter((pattern) => /^[\w.:][\w.:-]*$/.test(pattern)))
    complete ||= rest
    endings.push(item.fields('termination').some(({ text }) => text !== ';;') ? undefined : ending)
  }
  if (isA(subject, 'input'))
    for (const value of known) if (!subject.input.compared.includes(value)) subject.input.compared.push(value)
  const [first] = endings
  return complete && first === 'exit' && endings.every((ending) => ending === 'exit') ? 'exit' : undefined
}

const subjectName = (node: SyntaxNode): string =>
  (node.field('value')?.text ?? '').replace(/^"?\$\{?|\}?"?$/g, '')

/** `-a|--all`, also where the grammar gives it as one pattern. */
const patternsOf = (value: SyntaxNode): string[] =>
  value.text
    .replace(/["'\\]/g, '')
    .split('|')
    .map((text) => text.trim())
    .filter((text) => text !== '')

function factsOf(subject: ShellValue, patterns: readonly string[]): ShellFacts {
  const flags = patterns.flatMap((pattern) => {
    const match = /^(--?[\w?][\w-]*)(=\*?|\*)?$/.exec(pattern)
    return match === null
      ? []
      : [{ name: (match[1] ?? '').replace(/-$/, ''), joined: match[2]?.startsWith('=') === true }]
  })
  if (flags.length === 0) {
    const command = patterns.filter((pattern) => /^\w[\w:.-]*$/.test(pattern))
    const first = isA(subject, 'input') && subject.input.position?.index === 0
    return first && command.length > 0 ? { ...NO_FACTS, command } : NO_FACTS
  }
  if (isA(subject, 'word')) subject.list.searched = true
  else if (!isA(subject, 'input') || subject.input.source !== 'positional') return NO_FACTS
  return {
    ...NO_FACTS,
    flags: { names: flags.map(({ name }) => name), joined: flags.some(({ joined }) => joined) },
  }
}

/** The letter that `getopts` found. */
function letterFacts(patterns: readonly string[], run: ShellReading): ShellFacts {
  const names = patterns.flatMap((pattern) => (run.letters.has(pattern) ? [`-${pattern}`] : []))
  return names.length === 0 ? NO_FACTS : { ...NO_FACTS, flags: { names, joined: false } }
}
