import type { SyntaxNode } from '../../syntax/syntax-node.js'
import { type Input, isNamed } from '../observed/input.js'
import { flagInput, positionalInput } from '../observed/observed.js'
import type { WordList } from '../observed/word-list.js'
import { memberOf } from './member.js'
import type { Reading } from './reading.js'
import {
  type FlagBag,
  is,
  type JsFlagIndex,
  type JsInput,
  type JsScope,
  type JsValue,
  type JsWord,
  UNKNOWN,
} from './values.js'

/** `value[key]` */
export function item(value: JsValue, key: JsValue, node: SyntaxNode, scope: JsScope, run: Reading): JsValue {
  if (is(value, 'words')) return wordAt(value.list, key, node, scope, run)
  if (is(value, 'array')) {
    if (value.words !== undefined) return wordAt(value.words, key, node, scope, run)
    return typeof key === 'number' ? value.items[key] : UNKNOWN
  }
  if (is(value, 'object') && is(key, 'input')) {
    return { kind: 'lookup', input: key.input, keys: [...value.members.keys()] }
  }
  if (is(value, 'word')) return key === 0 ? { ...value, piece: 'letter' } : UNKNOWN
  if (is(value, 'flag-index')) return UNKNOWN
  if (typeof key === 'string' || typeof key === 'number')
    return memberOf(value, String(key), node, scope, run)
  return UNKNOWN
}

/** A word by its place: a known one, that of a loop, or the one behind a flag. */
export function wordAt(
  list: WordList,
  key: JsValue,
  node: SyntaxNode,
  scope: JsScope,
  run: Reading,
): JsValue {
  if (typeof key === 'number') {
    if (key < 0 || list.from + key < 0 || !Number.isInteger(key)) return UNKNOWN
    return {
      kind: 'input',
      input: positionalInput(run.observed, list, key, scope.file, node.line, run.command),
    }
  }
  if (is(key, 'cursor')) return nextWord(list, key.plus, node, scope, run)
  if (is(key, 'flag-index')) return atFlag(key, node, scope, run)
  return UNKNOWN
}

function atFlag(at: JsFlagIndex, node: SyntaxNode, scope: JsScope, run: Reading): JsValue {
  if (at.plus < 0 || (at.plus === 0 && !at.joined)) return UNKNOWN
  const match = { list: at.list, flags: at.flags, joined: at.joined && at.plus === 0, plus: 0 }
  if (match.joined) return { kind: 'word', list: { ...at.list, searched: true }, plus: 0, piece: 'whole' }
  return flagValue(run, { ...match, used: false }, scope.file, node.line)
}

/** The loop's word, or the one that follows it; within the branch of a flag, that is the flag's value. */
export function nextWord(
  list: WordList,
  plus: number,
  node: SyntaxNode,
  scope: JsScope,
  run: Reading,
): JsValue {
  const { flag } = run
  if (flag !== undefined && plus > flag.plus) {
    flag.used = true
    return flagValue(run, flag, scope.file, node.line)
  }
  const word: JsWord = { kind: 'word', list, plus, piece: 'whole' }
  if (plus === 0) list.whole ??= { file: scope.file, line: node.line }
  return word
}

/** The value that comes with a flag. */
export function flagValue(
  run: Reading,
  match: NonNullable<Reading['flag']>,
  file: string,
  line: number,
  joined = match.joined,
): JsInput {
  const input = flagInput(run.observed, match.flags, file, line)
  if (joined) input.joined = true
  else input.separate = true
  return { kind: 'input', input }
}

/** A member of an object whose keys are flags. */
export function baggedFlag(
  bag: FlagBag,
  name: string,
  node: SyntaxNode,
  scope: JsScope,
  run: Reading,
): JsInput {
  const flag = name.length === 1 ? `-${name}` : `--${name}`
  const input = flagInput(run.observed, [flag], scope.file, node.line)
  if (!isTested(node) || !(bag.separate || bag.joined)) read(input, bag)
  isNamed(input, name)
  return { kind: 'input', input }
}

function read(input: Input, { joined, separate }: FlagBag): void {
  input.joined ||= joined
  input.separate ||= separate
}

/** Whether the value is only looked at for being there. */
export function isTested(node: SyntaxNode): boolean {
  let at = node
  while (at.parent?.type === 'parenthesized_expression') at = at.parent
  const { parent } = at
  switch (parent?.type) {
    case 'unary_expression':
      return parent.field('operator')?.text === '!'
    case 'if_statement':
    case 'while_statement':
      return true
    case 'ternary_expression':
      return at.role === 'condition'
    case 'binary_expression':
      return (
        (parent.field('operator')?.text === '&&' && at.role === 'left') ||
        ['true', 'false'].includes(parent.field('right')?.text ?? '') ||
        (['||', '&&'].includes(parent.field('operator')?.text ?? '') && isTested(parent))
      )
    default:
      return false
  }
}
