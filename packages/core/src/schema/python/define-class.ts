import type { SyntaxNode } from '../../syntax/syntax-node.js'
import { evaluate } from './evaluate.js'
import { executeBlock } from './execute.js'
import type { Interpreter } from './interpreter.js'
import { isEnum } from './iterate.js'
import { innerScope } from './scope.js'
import { isObject, type PyClass, type PyScope, type PyValue } from './values.js'

/** A class as a value; its body is followed now. */
export function defineClass(
  node: SyntaxNode,
  outer: PyScope,
  run: Interpreter,
  decorators: readonly PyValue[],
): PyClass {
  const scope = innerScope(outer, outer.file, { isClass: true })
  const bases = (node.field('superclasses')?.parts ?? [])
    .filter(({ type }) => type !== 'keyword_argument')
    .map((base) => evaluate(base, outer, run))
  const name = node.field('name')?.text ?? ''
  const type: PyClass = {
    kind: 'class',
    name,
    node,
    file: outer.file,
    bases,
    members: scope.names,
    decorators,
  }
  executeBlock(node.field('body'), scope, run)
  if (isEnum(type)) makeMembers(type)
  return type
}

/** The constants of an `Enum` are instances of it, each with a name and a value. */
function makeMembers(type: PyClass): void {
  for (const [name, value] of type.members) {
    if (name.startsWith('_') || isObject(value, 'function', 'class')) continue
    const plain = isObject(value, 'made') && value.path.endsWith('auto') ? name.toLowerCase() : value
    const members = new Map<string, PyValue>([
      ['name', name],
      ['value', plain],
      ['_value_', plain],
    ])
    type.members.set(name, { kind: 'instance', type, members })
  }
}
