import type { SyntaxNode } from '../../syntax/syntax-node.js'
import { callFunction } from './call-function.js'
import type { Interpreter } from './interpreter.js'
import { pathText } from './json-value.js'
import {
  external,
  isObject,
  isSequence,
  keyOf,
  type PyClass,
  type PyExternal,
  type PyFunction,
  type PyInstance,
  type PyValue,
  sequence,
  typed,
  UNKNOWN,
} from './values.js'

/** The native object that an instance of a subclass of something external stands on. */
export const BASE = '__base__'

/** `value.name` */
export function attributeOf(value: PyValue, name: string, run: Interpreter): PyValue {
  if (typeof value !== 'object') return { kind: 'bound', self: value, method: name }
  if (value === null) return UNKNOWN
  switch (value.kind) {
    case 'external': {
      const path = `${value.path}.${name}`
      return run.readExternal(path) ?? external(path)
    }
    case 'native':
      return value.attribute?.(name) ?? { kind: 'bound', self: value, method: name }
    case 'instance':
      return instanceAttribute(value, name, run)
    case 'class':
      return classAttribute(value, name)
    case 'unknown':
      return UNKNOWN
    case 'function':
      if (name === '__name__') return value.name
      if (name === '__doc__') return UNKNOWN
      return { kind: 'bound', self: value, method: name }
    case 'made':
      return pathAttribute(value, name) ?? { kind: 'bound', self: value, method: name }
    default:
      return { kind: 'bound', self: value, method: name }
  }
}

function pathAttribute(value: PyValue, name: string): PyValue | undefined {
  const path = pathText(value)
  if (path === undefined) return undefined
  const base = path.slice(path.lastIndexOf('/') + 1)
  if (name === 'name') return base
  return name === 'stem' ? base.replace(/(?<=.)\.[^.]*$/, '') : undefined
}

function instanceAttribute(instance: PyInstance, name: string, run: Interpreter): PyValue {
  const own = instance.members.get(name)
  if (own !== undefined) return own
  const inherited = findMember(instance.type, name)
  if (isObject(inherited, 'function')) {
    if (hasDecorator(inherited, 'builtins.property'))
      return callFunction(inherited, NO_ARGUMENTS(inherited), run, instance)
    if (hasDecorator(inherited, 'builtins.staticmethod')) return inherited
    return { kind: 'bound', self: instance, method: inherited }
  }
  if (inherited !== undefined) return inherited
  const base = instance.members.get(BASE)
  return base === undefined ? UNKNOWN : attributeOf(base, name, run)
}

const NO_ARGUMENTS = ({ node, file }: PyFunction) => ({
  positional: [],
  keywords: new Map<string, PyValue>(),
  open: false,
  node,
  file,
})

function classAttribute(type: PyClass, name: string): PyValue {
  if (name === '__name__') return type.name
  const found = findMember(type, name)
  if (isObject(found, 'function') && hasDecorator(found, 'builtins.classmethod')) {
    return { kind: 'bound', self: type, method: found }
  }
  return found ?? { kind: 'bound', self: type, method: name }
}

/** A member of a class or of those that it is derived from. */
export function findMember(type: PyClass, name: string, depth = 0): PyValue | undefined {
  const own = type.members.get(name)
  if (own !== undefined || depth > 20) return own
  for (const base of type.bases) {
    const found = isObject(base, 'class') ? findMember(base, name, depth + 1) : undefined
    if (found !== undefined) return found
  }
  return undefined
}

/** The external class that a class is derived from, if any: `argparse.ArgumentParser`. */
export function externalBase(type: PyClass, depth = 0): string | undefined {
  for (const base of type.bases) {
    if (isObject(base, 'external')) return base.path
    const inherited = isObject(base, 'class') && depth < 20 ? externalBase(base, depth + 1) : undefined
    if (inherited !== undefined) return inherited
  }
  return undefined
}

export function hasDecorator({ decorators }: Pick<PyFunction, 'decorators'>, path: string): boolean {
  return decorators.some((decorator) => isObject(decorator, 'external', 'made') && decorator.path === path)
}

/** `value[index]` */
export function itemOf(value: PyValue, index: PyValue, node: SyntaxNode, file: string): PyValue {
  if (isObject(value, 'native')) return value.item?.(index) ?? UNKNOWN
  if (isObject(value, 'dict')) {
    const key = keyOf(index)
    return (key === undefined ? undefined : value.entries.get(key)?.[1]) ?? UNKNOWN
  }
  if (isObject(value, 'class')) {
    return typeof index === 'string' ? (value.members.get(index) ?? UNKNOWN) : value
  }
  if (isObject(value, 'external')) return annotationOf(value, index, node, file)
  if (typeof index !== 'number') return isObject(value, 'typed') && value.type === 'string' ? value : UNKNOWN
  if (typeof value === 'string') return value.at(index) ?? UNKNOWN
  if (isSequence(value)) return value.items.at(index) ?? UNKNOWN
  return isObject(value, 'typed') && value.type === 'string' ? typed('string') : UNKNOWN
}

/** `value[from:to:step]`; null where a bound is not given. */
export function sliceOf(value: PyValue, from: PyValue, to: PyValue, step: PyValue): PyValue {
  if (isObject(value, 'native')) return value.slice?.(from, to) ?? UNKNOWN
  if (isObject(value, 'typed')) return value
  const bounds = [from, to].map((bound) => (bound === null ? undefined : bound))
  if (!bounds.every((bound) => bound === undefined || typeof bound === 'number')) return UNKNOWN
  const [start, end] = bounds as [number | undefined, number | undefined]
  if (step !== null && step !== 1) {
    if (step !== -1 || start !== undefined || end !== undefined) return UNKNOWN
    if (typeof value === 'string') return [...value].reverse().join('')
    return isSequence(value) ? sequence(value.kind, value.items.toReversed()) : UNKNOWN
  }
  if (typeof value === 'string') return value.slice(start, end)
  return isSequence(value) ? sequence(value.kind, value.items.slice(start, end)) : UNKNOWN
}

/** `list[str]`, `Literal['a', 'b']`: an annotation. */
function annotationOf(value: PyExternal, index: PyValue, node: SyntaxNode, file: string): PyValue {
  const positional = isObject(index, 'tuple') ? index.items : [index]
  return {
    kind: 'made',
    path: value.path,
    args: { positional, keywords: new Map(), open: false, node, file },
  }
}
