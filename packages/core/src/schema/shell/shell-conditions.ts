import type { SyntaxNode } from '../../syntax/syntax-node.js'
import { hasType } from '../observed/input.js'
import { flagInput, forgetPeeked } from '../observed/observed.js'
import { arithmetic, expand } from './shell-expand.js'
import type { ShellReading } from './shell-reading.js'
import { isA, NO_FACTS, NO_TEST, type ShellFacts, type ShellTest, type ShellValue } from './shell-values.js'

/** What a condition says of the script's arguments; nothing where it is some other command. */
export function testOf(node: SyntaxNode | undefined, run: ShellReading): ShellTest | undefined {
  if (node === undefined) return undefined
  switch (node.type) {
    case 'test_command':
      return testOf(node.parts[0], run) ?? NO_TEST
    case 'compound_statement': {
      // `(( … ))`
      const [only] = node.parts
      return node.children[0]?.type === '((' ? (testOf(only, run) ?? NO_TEST) : undefined
    }
    case 'parenthesized_expression':
      return testOf(node.parts[0], run)
    case 'negated_command': {
      const inner = testOf(node.parts[0], run)
      return inner === undefined ? undefined : swapped(inner)
    }
    case 'list':
      return logical(node.parts[0], node.children.find(({ named }) => !named)?.type ?? '', node.parts[1], run)
    case 'unary_expression':
      return unary(node, run)
    case 'binary_expression':
      return binary(node, run)
    case 'string':
    case 'simple_expansion':
    case 'expansion':
      return emptiness(expand(node, run), '-n')
    case 'command':
      return testCommand(node, run)
    default:
      return undefined
  }
}

const swapped = ({ yes, no }: ShellTest): ShellTest => ({ yes: no, no: yes })

function logical(
  left: SyntaxNode | undefined,
  operator: string,
  right: SyntaxNode | undefined,
  run: ShellReading,
): ShellTest | undefined {
  const first = testOf(left, run)
  const second = testOf(right, run)
  if (first === undefined || second === undefined) {
    if (first === undefined || operator !== '&&') return undefined
    // `[ -z "$1" ] && echo … && exit`: that the first holds is all that is known.
    return { yes: first.yes, no: NO_FACTS }
  }
  return operator === '&&'
    ? { yes: both(first.yes, second.yes), no: merged(first.no, second.no) }
    : { yes: merged(first.yes, second.yes), no: both(first.no, second.no) }
}

/** Where both hold: of two of which one is enough, neither is needed. */
function both(a: ShellFacts, b: ShellFacts): ShellFacts {
  if (a.missing.length === 0 || b.missing.length === 0) return merged(a, b)
  for (const input of [...a.missing, ...b.missing]) input.optional = true
  return { ...merged(a, b), missing: [] }
}

function merged(a: ShellFacts, b: ShellFacts): ShellFacts {
  const outside = a.outside ?? b.outside
  const flags =
    a.flags !== undefined && b.flags !== undefined
      ? { names: [...a.flags.names, ...b.flags.names], joined: a.flags.joined || b.flags.joined }
      : (a.flags ?? b.flags)
  return {
    missing: [...a.missing, ...b.missing],
    fewer: [...a.fewer, ...b.fewer],
    ...(flags === undefined ? {} : { flags }),
    ...(outside === undefined
      ? {}
      : {
          outside:
            a.outside !== undefined && a.outside.input === b.outside?.input
              ? { input: outside.input, values: [...a.outside.values, ...b.outside.values] }
              : outside,
        }),
  }
}

function unary(node: SyntaxNode, run: ShellReading): ShellTest {
  const operator = node.field('operator')?.text ?? node.children[0]?.text ?? ''
  const operand = node.parts.at(-1)
  if (operator === '!') return swapped(testOf(operand, run) ?? NO_TEST)
  return emptiness(expand(operand, run), operator)
}

/** `-z value`, `-n value`, `-t 0` */
function emptiness(value: ShellValue, operator: string): ShellTest {
  const missing: ShellFacts = isA(value, 'input')
    ? { ...NO_FACTS, missing: [value.input] }
    : isA(value, 'count') || isA(value, 'words')
      ? { ...NO_FACTS, fewer: [{ list: value.list, count: 1 }] }
      : NO_FACTS
  if (operator === '-z') return { yes: missing, no: NO_FACTS }
  if (operator === '-n') return { yes: NO_FACTS, no: missing }
  return NO_TEST
}

function binary(node: SyntaxNode, run: ShellReading): ShellTest {
  const operator = node.field('operator')?.text ?? ''
  if (/^(&&|\|\||-a|-o)$/.test(operator)) {
    return (
      logical(node.field('left'), /^(&&|-a)$/.test(operator) ? '&&' : '||', node.field('right'), run) ??
      NO_TEST
    )
  }
  const arithmeticOnly = node.closest('test_command', 'compound_statement')?.children[0]?.type === '(('
  if (arithmeticOnly) arithmetic(node, run)
  return compare(expand(node.field('left'), run), operator, expand(node.field('right'), run), node, run)
}

function compare(
  left: ShellValue,
  operator: string,
  right: ShellValue,
  node: SyntaxNode,
  run: ShellReading,
): ShellTest {
  if (isA(left, 'count') && typeof right === 'string') return countTest(left.list, operator, Number(right))
  if (/^-(eq|ne|lt|le|gt|ge)$/.test(operator)) {
    for (const value of [left, right]) if (isA(value, 'input')) hasType(value.input, 'integer')
    return NO_TEST
  }
  if (operator === '=~') {
    const pattern = node.field('right')?.text ?? ''
    if (isA(left, 'input') && /^\^-?\??(\[0-9\]|\\d|\[\[:digit:\]\])[+*]?\$?$/.test(pattern))
      hasType(left.input, 'integer')
    return NO_TEST
  }
  if (typeof right !== 'string' || !/^(==?|!=)$/.test(operator)) return NO_TEST
  const test = equal(left, right, node, run)
  return operator === '!=' ? swapped(test) : test
}

function equal(left: ShellValue, text: string, node: SyntaxNode, run: ShellReading): ShellTest {
  const flag = /^(--?[\w][\w-]*)(=\*)?$/.exec(text)
  if (isA(left, 'word') && flag !== null) {
    left.list.searched = true
    return {
      yes: { ...NO_FACTS, flags: { names: [flag[1] ?? ''], joined: flag[2] !== undefined } },
      no: NO_FACTS,
    }
  }
  if (!isA(left, 'input')) return NO_TEST
  const { input } = left
  if (text === '') return { yes: { ...NO_FACTS, missing: [input] }, no: NO_FACTS }
  if (flag !== null && input.source === 'positional') {
    forgetPeeked(run.observed, input)
    if (!/^(-h|--help|-V|--version)$/.test(text)) flagInput(run.observed, [text], run.file, node.line)
    return { yes: { ...NO_FACTS, flags: { names: [text], joined: false } }, no: NO_FACTS }
  }
  if ((text === 'true' || text === 'false') && input.stands === undefined) hasType(input, 'boolean')
  if (!/^[\w.:/-]+$/.test(text)) return NO_TEST
  if (!input.compared.includes(text)) input.compared.push(text)
  const yes = input.position?.index === 0 ? { ...NO_FACTS, command: [text] } : NO_FACTS
  return { yes, no: { ...NO_FACTS, outside: { input, values: [text] } } }
}

function countTest(list: ShellFacts['fewer'][number]['list'], operator: string, count: number): ShellTest {
  const few = (number: number): ShellFacts =>
    number > 0 ? { ...NO_FACTS, fewer: [{ list, count: number }] } : NO_FACTS
  switch (operator) {
    case '-lt':
    case '<':
      return { yes: few(count), no: NO_FACTS }
    case '-le':
    case '<=':
      return { yes: few(count + 1), no: NO_FACTS }
    case '-eq':
    case '==':
    case '=':
      return count === 0 ? { yes: few(1), no: NO_FACTS } : { yes: NO_FACTS, no: few(count) }
    case '-ne':
    case '!=':
      return { yes: few(count), no: count === 0 ? few(1) : NO_FACTS }
    case '-gt':
    case '>':
      return { yes: NO_FACTS, no: few(count + 1) }
    case '-ge':
    case '>=':
      return { yes: NO_FACTS, no: few(count) }
    default:
      return NO_TEST
  }
}

/** `test …` and `[ …` as plain commands. */
function testCommand(node: SyntaxNode, run: ShellReading): ShellTest | undefined {
  if (node.field('name')?.text !== 'test') return undefined
  const words = node.fields('argument')
  const negated = words[0]?.text === '!'
  const [first, second, third] = negated ? words.slice(1) : words
  const test =
    third !== undefined && second !== undefined
      ? compare(expand(first, run), second.text, expand(third, run), node, run)
      : second === undefined
        ? emptiness(expand(first, run), '-n')
        : emptiness(expand(second, run), first?.text ?? '')
  return negated ? swapped(test) : test
}
