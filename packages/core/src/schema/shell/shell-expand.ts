import type { SyntaxNode } from '../../syntax/syntax-node.js'
import { hasType } from '../observed/input.js'
import { forgetPeeked } from '../observed/observed.js'
import { type ShellReading, spend } from './shell-reading.js'
import { substitution } from './shell-substitution.js'
import { isA, type ShellValue, UNKNOWN } from './shell-values.js'
import { assumes, flagValue, placeValue } from './shell-variables.js'

const MAX_TEXT = 10_000

/** What a word, a string or an expansion gives. */
export function expand(node: SyntaxNode | undefined, run: ShellReading): ShellValue {
  if (node === undefined) return ''
  spend(run)
  switch (node.type) {
    case 'word':
    case 'number':
    case 'test_operator':
    case 'extglob_pattern':
    case 'regex':
    case 'string_content':
      return node.text.replace(/\\(.)/g, '$1')
    case 'raw_string':
      return node.text.slice(1, -1)
    case 'ansi_c_string':
      return node.text.slice(2, -1)
    case 'string':
    case 'concatenation':
      return pieces(node, run)
    case 'simple_expansion':
      return variable(node.parts[0]?.text ?? '', node, run)
    case 'expansion':
      return expansion(node, run)
    case 'command_substitution':
      return substitution(node, run)
    case 'arithmetic_expansion':
      arithmetic(node, run)
      return UNKNOWN
    case 'array':
      return { kind: 'array', items: node.parts.slice(0, 500).map((part) => expand(part, run)) }
    case 'variable_name':
      return variable(node.text, node, run)
    case 'parenthesized_expression':
      return expand(node.parts[0], run)
    default:
      return UNKNOWN
  }
}

function pieces(node: SyntaxNode, run: ShellReading): ShellValue {
  const { parts } = node
  // Blanks between expansions are no nodes of their own.
  const covered = parts.reduce((sum, part) => sum + part.end - part.start, 0)
  const quotes = node.type === 'string' ? 2 : 0
  const values = parts.map((part) => expand(part, run))
  const [only] = values
  if (
    values.length === 1 &&
    only !== undefined &&
    (covered + quotes === node.end - node.start || typeof only !== 'string')
  ) {
    return covered + quotes === node.end - node.start ? only : UNKNOWN
  }
  if (values.every((value) => typeof value === 'string')) {
    const text = node.type === 'string' ? node.text.slice(1, -1) : values.join('')
    return text.length > MAX_TEXT || /[$`]/.test(text) ? UNKNOWN : text
  }
  return values.find((value) => isA(value, 'stdin')) ?? UNKNOWN
}

/** The value of `$name`. */
export function variable(name: string, node: SyntaxNode, run: ShellReading): ShellValue {
  // Without braces a place has one digit: `$12` and `$1x` are `$1` and more.
  if (/^[1-9]/.test(name)) {
    return placeValue(Number(node.type === 'simple_expansion' ? name[0] : name), node.line, run)
  }
  switch (name) {
    case '@':
    case '*':
      if (run.parameters.kind === 'given') {
        const [only] = run.parameters.values
        return isA(only, 'words') && run.parameters.values.length === 1
          ? only
          : { kind: 'array', items: run.parameters.values }
      }
      return { kind: 'words', list: run.parameters.list }
    case '#':
      return run.parameters.kind === 'given' ? UNKNOWN : { kind: 'count', list: run.parameters.list }
    case 'OPTARG':
      return flagValue(node.line, run, false)
    default:
      return run.variables.get(name) ?? UNKNOWN
  }
}

/** `${name:-default}` and its like. */
function expansion(node: SyntaxNode, run: ShellReading): ShellValue {
  const place = node.parts[0]
  const subscript = place?.type === 'subscript' ? place : undefined
  const name = subscript === undefined ? (place?.text ?? '') : (subscript.field('name')?.text ?? '')
  const index = subscript?.field('index')?.text
  const value = subscript === undefined ? variable(name, node, run) : element(name, index, node, run)
  const operator = node.children.find(({ role }) => role === 'operator')
  const first = node.children[1]?.text
  if (first === '#' && operator !== undefined && operator.start < (place?.start ?? 0)) {
    return isA(value, 'words') ? { kind: 'count', list: value.list } : UNKNOWN
  }
  if (operator === undefined) return value
  const rest = node.parts.slice(1).filter(({ start }) => start > operator.start)
  const text = rest.length === 0 ? '' : rest.length === 1 ? expand(rest[0], run) : UNKNOWN
  switch (operator.text) {
    case ':-':
    case '-':
    case ':=':
    case '=':
      return withDefault(value, text, operator.text, name, run)
    case ':?':
    case '?':
      if (isA(value, 'input')) value.input.required = true
      return value
    case ':+':
    case '+':
      if (isA(text, 'words')) {
        // `${1+"$@"}`
        if (isA(value, 'input')) forgetPeeked(run.observed, value.input)
        return text
      }
      if (isA(value, 'input')) value.input.optional = true
      return UNKNOWN
    default:
      return cut(value, operator.text, node, run)
  }
}

/** `${name[0]}`, `${name[@]}` */
function element(name: string, index: string | undefined, node: SyntaxNode, run: ShellReading): ShellValue {
  const value = run.variables.get(name)
  if (isA(value, 'words')) {
    if (index === '@' || index === '*') return value
    if (/^\d+$/.test(index ?? '') && run.parameters.kind === 'script') {
      const { parameters } = run
      run.parameters = { kind: 'script', list: value.list, loops: run.loops }
      const item = placeValue(Number(index) + 1, node.line, run)
      run.parameters = parameters
      return item
    }
  }
  if (isA(value, 'array'))
    return index === '@' || index === '*' ? value : (value.items[Number(index)] ?? UNKNOWN)
  return UNKNOWN
}

function withDefault(
  value: ShellValue,
  text: ShellValue,
  operator: string,
  name: string,
  run: ShellReading,
): ShellValue {
  if (isA(value, 'input')) {
    if (typeof text === 'string') assumes(value.input, text)
    else value.input.optional = true
    return value
  }
  if (operator.endsWith('=') && name !== '' && !run.variables.has(name)) run.variables.set(name, text)
  if (typeof value === 'string') return value === '' && operator.startsWith(':') ? text : value
  if (isA(value, 'words') || isA(value, 'word') || isA(value, 'stdin')) return value
  return isA(text, 'input') || isA(text, 'words') ? text : UNKNOWN
}

/** `${word#*=}`: the value in a word that is a flag; elsewhere a piece of the same value. */
function cut(value: ShellValue, operator: string, node: SyntaxNode, run: ShellReading): ShellValue {
  if (isA(value, 'word')) {
    return run.flag?.joined === true && /^[#:/]/.test(operator) ? flagValue(node.line, run, true) : UNKNOWN
  }
  return isA(value, 'input') && /^(,,?|\^\^?|%%?|##?|\/\/?)$/.test(operator) ? value : UNKNOWN
}

/** Variables that are counted with are whole numbers. */
export function arithmetic(node: SyntaxNode, run: ShellReading): void {
  for (const part of node.find('variable_name')) {
    const value = variable(part.text, part, run)
    if (isA(value, 'input')) hasType(value.input, 'integer')
  }
}
