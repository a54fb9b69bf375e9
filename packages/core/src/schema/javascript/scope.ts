import { hasDefault, isNamed } from '../observed/input.js'
import type { Reading } from './reading.js'
import { external, is, type JsInput, type JsScope, type JsValue, toJson, UNKNOWN } from './values.js'

export function innerScope(parent: JsScope): JsScope {
  return { names: new Map(), parent, file: parent.file }
}

/** The value of a name: a variable, or a global. */
export function lookUp(name: string, from: JsScope, run: Reading): JsValue {
  const scope = owner(name, from)
  if (scope !== undefined) return scope.names.get(name)
  return name === 'undefined' ? undefined : externalValue(name, run)
}

/** The value of something that is not the skill's. */
export function externalValue(path: string, run: Reading): JsValue {
  return run.readExternal(path) ?? external(path)
}

export function owner(name: string, from: JsScope): JsScope | undefined {
  for (let scope: JsScope | undefined = from; scope !== undefined; scope = scope.parent) {
    if (scope.names.has(name)) return scope
  }
  return undefined
}

/** Whether what happens now may not happen, seen from the function that is being called. */
export const isDoubtful = (run: Reading): boolean => run.uncertain > (run.stack.at(-1)?.uncertain ?? 0)

/** Gives a new variable its value. */
export function declare(name: string, value: JsValue, scope: JsScope): void {
  noteName(name, value)
  scope.names.set(name, value)
}

/** Gives a variable another value. Where that may not happen, what it had before counts too. */
export function assignName(name: string, value: JsValue, scope: JsScope, run: Reading): void {
  const target = owner(name, scope) ?? rootOf(scope)
  const before = target.names.get(name)
  noteName(name, value)
  target.names.set(name, isDoubtful(run) && target.names.has(name) ? join(before, value) : value)
}

export function noteName(name: string, value: JsValue): void {
  if (is(value, 'input')) isNamed(value.input, name)
  if (is(value, 'native')) value.named?.(name)
  if (is(value, 'words')) value.list.name ??= name
  if (is(value, 'array') && value.words !== undefined) value.words.name ??= name
}

function rootOf(scope: JsScope): JsScope {
  let root = scope
  while (root.parent !== undefined) root = root.parent
  return root
}

/** One value where the code takes one of two. What stands beside an input is what the script assumes without it. */
export function join(a: JsValue, b: JsValue): JsValue {
  if (a === b) return a
  if (is(a, 'input') || is(b, 'input')) {
    const [value, other] = is(a, 'input') ? [a, b] : ([b as JsInput, a] as const)
    const folded = toJson(other)
    if (is(other, 'input')) return value
    if (folded !== undefined && typeof folded.value !== 'object') hasDefault(value.input, folded.value)
    else value.input.optional = true
    return value
  }
  if (is(a, 'words', 'word', 'cursor', 'flag-index', 'stdin', 'object', 'array', 'native')) return a
  if (is(b, 'words', 'word', 'stdin', 'object', 'array', 'native', 'function')) return b
  if (a === undefined || a === null || is(a, 'unknown')) return is(b, 'test') ? UNKNOWN : b
  return UNKNOWN
}
