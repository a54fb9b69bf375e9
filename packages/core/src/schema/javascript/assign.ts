import type { SyntaxNode } from '../../syntax/syntax-node.js'
import { hasDefault, isNamed } from '../observed/input.js'
import { flagInput, namedPositional } from '../observed/observed.js'
import { evaluate, keyText } from './evaluate.js'
import { wordAt } from './item.js'
import { memberOf } from './member.js'
import type { Reading } from './reading.js'
import { assignName, declare, isDoubtful, join, noteName, owner } from './scope.js'
import { array, is, type JsObject, type JsScope, type JsValue, toJson, UNKNOWN } from './values.js'

type Manner = 'declare' | 'assign'

/** Gives a value to a variable, a member, or the names in a pattern. */
export function bindPattern(
  pattern: SyntaxNode,
  value: JsValue,
  scope: JsScope,
  run: Reading,
  manner: Manner,
): void {
  switch (pattern.type) {
    case 'identifier':
    case 'shorthand_property_identifier_pattern':
      if (manner === 'declare') declare(pattern.text, value, scope)
      else
        assignName(
          pattern.text,
          stored(
            pattern.text,
            value,
            owner(pattern.text, scope)?.names.get(pattern.text),
            pattern,
            scope,
            run,
          ),
          scope,
          run,
        )
      break
    case 'member_expression': {
      const name = pattern.field('property')?.text ?? ''
      assignMember(evaluate(pattern.field('object'), scope, run), name, value, pattern, scope, run)
      break
    }
    case 'subscript_expression': {
      const key = evaluate(pattern.field('index'), scope, run)
      const target = evaluate(pattern.field('object'), scope, run)
      if (typeof key === 'string') assignMember(target, key, value, pattern, scope, run)
      else if (is(target, 'object') && (is(key, 'word') || is(value, 'word'))) {
        if (is(key, 'word')) key.list.searched = true
        collectFlag(target, value)
      }
      break
    }
    case 'assignment_pattern':
    case 'object_assignment_pattern': {
      const left = pattern.field('left')
      if (left !== undefined)
        bindPattern(left, orDefault(value, pattern.field('right'), scope, run), scope, run, manner)
      break
    }
    case 'array_pattern':
      bindItems(pattern, value, scope, run, manner)
      break
    case 'object_pattern':
      bindMembers(pattern, value, scope, run, manner)
      break
    case 'required_parameter':
    case 'optional_parameter': {
      const inner = pattern.field('pattern')
      if (inner !== undefined)
        bindPattern(inner, orDefault(value, pattern.field('value'), scope, run), scope, run, manner)
      break
    }
    case 'parenthesized_expression':
    case 'non_null_expression':
      if (pattern.parts[0] !== undefined) bindPattern(pattern.parts[0], value, scope, run, manner)
  }
}

function orDefault(value: JsValue, right: SyntaxNode | undefined, scope: JsScope, run: Reading): JsValue {
  if (right === undefined) return value
  if (value === undefined) return evaluate(right, scope, run)
  return is(value, 'input') ? join(value, evaluate(right, scope, run)) : value
}

function bindItems(pattern: SyntaxNode, value: JsValue, scope: JsScope, run: Reading, manner: Manner): void {
  const list = is(value, 'words') ? value.list : is(value, 'array') ? value.words : undefined
  let index = 0
  for (const child of pattern.children) {
    if (child.type === ',') index++
    if (!child.named || child.type === 'comment') continue
    if (child.type === 'rest_pattern') {
      const inner = child.parts[0]
      let rest: JsValue = UNKNOWN
      if (list !== undefined)
        rest = { kind: 'words', list: { ...list, from: list.from + index, name: undefined } as never }
      else if (is(value, 'array')) rest = array(value.items.slice(index))
      if (is(rest, 'words')) {
        delete rest.list.name
        run.observed.lists.push(rest.list)
      }
      if (inner !== undefined) bindPattern(inner, rest, scope, run, manner)
      continue
    }
    const item =
      list === undefined
        ? is(value, 'array')
          ? value.items[index]
          : UNKNOWN
        : wordAt(list, index, child, scope, run)
    bindPattern(child, item, scope, run, manner)
  }
}

function bindMembers(
  pattern: SyntaxNode,
  value: JsValue,
  scope: JsScope,
  run: Reading,
  manner: Manner,
): void {
  for (const part of pattern.parts) {
    if (part.type === 'rest_pattern') {
      if (part.parts[0] !== undefined)
        bindPattern(part.parts[0], is(value, 'object', 'native') ? value : UNKNOWN, scope, run, manner)
      continue
    }
    const target = part.type === 'pair_pattern' ? part.field('value') : part
    const named = part.type === 'object_assignment_pattern' ? part.field('left') : part
    const key = part.type === 'pair_pattern' ? keyText(part.field('key'), scope, run) : named?.text
    if (target === undefined || key === undefined) continue
    bindPattern(target, memberOf(value, key, part, scope, run), scope, run, manner)
  }
}

function assignMember(
  target: JsValue,
  name: string,
  value: JsValue,
  node: SyntaxNode,
  scope: JsScope,
  run: Reading,
): void {
  if (!is(target, 'object')) {
    if (is(target, 'external') && is(value, 'function', 'class', 'object'))
      exportMember(target.path, name, value, scope)
    else stored(name, value, undefined, node, scope, run)
    return
  }
  const before = target.members.get(name)
  const kept = stored(name, value, before, node, scope, run)
  assignTo.member(target, name, isDoubtful(run) && target.members.has(name) ? join(before, kept) : kept, true)
}

/** `exports.name = value`, `module.exports = { name }` */
function exportMember(path: string, name: string, value: JsValue, scope: JsScope): void {
  let root = scope
  while (root.parent !== undefined) root = root.parent
  if (path === 'exports' || path === 'module.exports') root.names.set(name, value)
  else if (path === 'module' && is(value, 'object')) {
    for (const [key, member] of value.members) root.names.set(key, member)
  } else if (path === 'module') root.names.set('default', value)
}

export const assignTo = {
  member(target: JsObject, name: string, value: JsValue, naming: boolean): void {
    if (naming) noteName(name, value)
    target.members.set(name, value)
  },
}

/** A member whose key comes from the command line: the object holds flags. */
function collectFlag(target: JsObject, value: JsValue): void {
  target.flags ??= { joined: false, separate: false }
  if (is(value, 'word')) value.list.searched = true
  if (is(value, 'word') && value.plus > 0) target.flags.separate = true
  else if (is(value, 'word') || is(value, 'unknown')) target.flags.joined = true
}

/** `while ((word = words.shift()))` */
function isCondition(node: SyntaxNode): boolean {
  let at = node
  while (at.parent?.type.endsWith('_expression') === true) at = at.parent
  return at.role === 'condition'
}

/** What is kept where the code stores a value: the branch of a flag says what the flag stands for. */
function stored(
  name: string,
  value: JsValue,
  before: JsValue,
  node: SyntaxNode,
  scope: JsScope,
  run: Reading,
): JsValue {
  const { flag } = run
  if (is(value, 'word') && value.piece === 'whole' && flag === undefined && run.loops > value.list.loops) {
    if (isCondition(node)) return value
    const input = namedPositional(run.observed, value.list, name, scope.file, node.line)
    if (before === undefined || before === null) return { kind: 'input', input }
    return join({ kind: 'input', input }, before)
  }
  if (flag === undefined || flag.used || is(before, 'cursor')) return value
  const folded = toJson(value)
  if (folded === undefined || (typeof folded.value === 'object' && folded.value !== null)) return value
  const input = flagInput(run.observed, flag.flags, scope.file, node.line)
  if (input.separate || input.joined) return value
  input.stands ??= folded
  isNamed(input, name)
  const assumed = toJson(before)
  if (assumed !== undefined && typeof assumed.value !== 'object') hasDefault(input, assumed.value)
  return { kind: 'input', input }
}
