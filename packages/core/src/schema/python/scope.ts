import type { SyntaxNode } from '../../syntax/syntax-node.js'
import type { Interpreter } from './interpreter.js'
import { join } from './operators.js'
import { external, isObject, type PyScope, type PyValue, UNKNOWN } from './values.js'

/** A new scope inside another one. */
export function innerScope(parent: PyScope | undefined, file: string, more: Partial<PyScope> = {}): PyScope {
  return { names: new Map(), parent, outer: new Set(), file, ...more }
}

/** The value of a name: a variable, or a builtin. */
export function lookUp(name: string, from: PyScope, run: Interpreter): PyValue {
  for (let scope: PyScope | undefined = from; scope !== undefined; scope = scope.parent) {
    const value = scope.names.get(name)
    if (value !== undefined) return value
  }
  return run.readExternal(`builtins.${name}`) ?? external(`builtins.${name}`)
}

/** Gives a variable a value. Where the assignment may not happen, what it had before counts too. */
export function bind(
  name: string,
  value: PyValue,
  scope: PyScope,
  run: Interpreter,
  annotation?: SyntaxNode,
): void {
  const target = scope.outer.has(name) ? ownerOf(name, scope) : scope
  const before = target.names.get(name)
  if (isObject(value, 'native')) value.named?.(name, annotation)
  // A loop's counter that goes on counts on from there in its branch.
  const counts = isObject(value, 'typed') && value.step !== undefined
  const doubtful = !counts && run.uncertain > (run.stack.at(-1)?.uncertain ?? 0)
  target.names.set(name, doubtful && before !== undefined ? join(before, value) : value)
}

function ownerOf(name: string, scope: PyScope): PyScope {
  let module = scope
  for (let outer = scope.parent; outer !== undefined; outer = outer.parent) {
    if (outer.names.has(name)) return outer
    module = outer
  }
  return module
}

/** Forgets what is known of a variable. */
export function forget(name: string, scope: PyScope): void {
  scope.names.set(name, UNKNOWN)
}
