import type { SyntaxNode } from '../../syntax/syntax-node.js'
import { BASE, externalBase, findMember } from './attributes.js'
import { builtins } from './builtins.js'
import { callFunction } from './call-function.js'
import { callMethod } from './call-method.js'
import { fieldsOf } from './class-fields.js'
import { evaluate } from './evaluate.js'
import type { Interpreter } from './interpreter.js'
import { isEnum } from './iterate.js'
import {
  type CallArguments,
  isObject,
  isSequence,
  keyOf,
  type PyClass,
  type PyFunction,
  type PyInstance,
  type PyNative,
  type PyScope,
  type PyValue,
  UNKNOWN,
} from './values.js'

/** A `call` node. */
export function evaluateCall(node: SyntaxNode, scope: PyScope, run: Interpreter): PyValue {
  const callee = node.field('function')
  if (callee?.type === 'identifier' && callee.text === 'super') return superOf(scope, run)
  const fn = evaluate(callee, scope, run)
  const args = evaluateArguments(node, scope, run)
  if (callee?.type === 'attribute' && callee.field('attribute')?.text === 'append') {
    for (const value of args.positional) listed(value, callee.field('object')?.text ?? '', args)
  }
  return callValue(fn, args, run)
}

/** A value that is put into a list of this name. */
function listed(value: PyValue, name: string, args: CallArguments): void {
  if (!isObject(value, 'native')) return
  value.call?.('__listed__', args)
  value.named?.(name, undefined)
}

/** Empty parentheses. */
export const NO_ARGUMENTS = (node: SyntaxNode, file: string): CallArguments => ({
  ...{ positional: [], keywords: new Map(), open: false, node, file },
})

/** What the parentheses of a call hold. */
export function evaluateArguments(node: SyntaxNode, scope: PyScope, run: Interpreter): CallArguments {
  const list = node.field('arguments')
  const positional: PyValue[] = []
  const keywords = new Map<string, PyValue>()
  let open = false
  let spread: PyNative | undefined
  const nodes = list?.type === 'generator_expression' ? [list] : (list?.parts ?? [])
  for (const part of nodes) {
    if (part.type === 'keyword_argument') {
      keywords.set(part.field('name')?.text ?? '', evaluate(part.field('value'), scope, run))
    } else if (part.type === 'dictionary_splat') {
      const value = evaluate(part.parts[0], scope, run)
      if (isObject(value, 'native')) spread = value
      else if (isObject(value, 'dict')) {
        for (const [key, member] of value.entries.values())
          if (typeof key === 'string') keywords.set(key, member)
      } else open = true
    } else if (part.type === 'list_splat') {
      const value = evaluate(part.parts[0], scope, run)
      if (isObject(value, 'native')) value.call?.('__rest__', NO_ARGUMENTS(node, scope.file))
      else if (isSequence(value)) positional.push(...value.items)
      else open = true
    } else positional.push(evaluate(part, scope, run))
  }
  return { positional, keywords, open, node, file: scope.file, ...(spread === undefined ? {} : { spread }) }
}

/** Whether click or typer makes a command of a function: calling it reads the command line. */
function isCommand({ decorators }: PyFunction): boolean {
  return decorators.some(
    (decorator) =>
      isObject(decorator, 'external', 'made') &&
      /click\.(command|group)$|^typer\.Typer\.|^function\.(command|group)$/.test(decorator.path),
  )
}

/** Calls any value. */
export function callValue(fn: PyValue, args: CallArguments, run: Interpreter): PyValue {
  if (typeof fn !== 'object' || fn === null) return UNKNOWN
  switch (fn.kind) {
    case 'function':
      return isCommand(fn) ? UNKNOWN : callFunction(fn, args, run)
    case 'bound':
      return typeof fn.method === 'string'
        ? callMethod(fn.self, fn.method, args, run)
        : callFunction(fn.method, args, run, fn.self)
    case 'class':
      return instantiate(fn, args, run)
    case 'external':
      return callExternal(fn.path, args, run)
    case 'native':
      return fn.call?.('__call__', args) ?? UNKNOWN
    case 'instance': {
      const method = findMember(fn.type, '__call__')
      return isObject(method, 'function') ? callFunction(method, args, run, fn) : UNKNOWN
    }
    case 'made': {
      if (fn.path !== 'functools.partial') return run.callExternal(`${fn.path}()`, args) ?? UNKNOWN
      const [inner, ...first] = fn.args.positional
      const keywords = new Map([...fn.args.keywords, ...args.keywords])
      return callValue(
        inner ?? UNKNOWN,
        { ...args, positional: [...first, ...args.positional], keywords },
        run,
      )
    }
    default:
      return UNKNOWN
  }
}

function callExternal(path: string, args: CallArguments, run: Interpreter): PyValue {
  const result = run.callExternal(path, args)
  if (result !== undefined) return result
  if (path.startsWith('builtins.')) {
    const name = path.slice('builtins.'.length)
    const builtin = Object.hasOwn(builtins, name) ? builtins[name] : undefined
    return builtin?.(args, run) ?? { kind: 'made', path, args }
  }
  // `curses.wrapper(main)`, `anyio.run(main)`: others call the function.
  const [callback, ...rest] = args.positional
  if (isObject(callback, 'function') && /\.(run|wrapper|main|run_until_complete)$/.test(path)) {
    return callFunction(callback, { ...args, positional: rest, open: true }, run)
  }
  return { kind: 'made', path, args }
}

/** An instance of a class of the skill; on a parser of its own where the class is derived from one. */
function instantiate(type: PyClass, args: CallArguments, run: Interpreter): PyValue {
  if (isEnum(type)) {
    const wanted = keyOf(args.positional[0] ?? UNKNOWN)
    const found = [...type.members.values()].find(
      (member) => isObject(member, 'instance') && keyOf(member.members.get('value') ?? UNKNOWN) === wanted,
    )
    return found !== undefined && wanted !== undefined ? found : UNKNOWN
  }
  const instance: PyInstance = { kind: 'instance', type, members: new Map() }
  const initializer = findMember(type, '__init__')
  if (isObject(initializer, 'function')) callFunction(initializer, args, run, instance)
  else if (!initializeBase(instance, type, args, run)) {
    spreadFields(type, args)
    setFields(instance, args)
  }
  return instance
}

function initializeBase(instance: PyInstance, type: PyClass, args: CallArguments, run: Interpreter): boolean {
  const base = externalBase(type)
  const native = base === undefined ? undefined : run.callExternal(base, args)
  if (native !== undefined) instance.members.set(BASE, native)
  return native !== undefined
}

/** `Model(**data)`: the data has the fields of the class. */
export function spreadFields(type: PyClass, { spread }: Pick<CallArguments, 'spread'>): void {
  if (spread === undefined) return
  for (const { name, fallback, annotation } of fieldsOf(type)) spread.spread?.(name, fallback, annotation)
}

/** The fields of a dataclass or the like, in the order in which they are declared. */
function setFields(instance: PyInstance, args: CallArguments): void {
  const names = [...instance.type.members]
    .filter(([, value]) => !isObject(value, 'function'))
    .map(([name]) => name)
  for (const [index, value] of args.positional.entries()) {
    const name = names[index]
    if (name !== undefined) instance.members.set(name, value)
  }
  for (const [name, value] of args.keywords) instance.members.set(name, value)
}

/** `super()`: the methods of the base classes, for the object at hand. */
function superOf(from: PyScope, run: Interpreter): PyValue {
  let scope: PyScope | undefined = from
  while (scope !== undefined && scope.self === undefined) scope = scope.parent
  const self = scope?.self
  if (self === undefined) return UNKNOWN
  const { value, type } = self
  const call = (name: string, args: CallArguments): PyValue => {
    for (const base of type.bases) {
      const method = isObject(base, 'class') ? findMember(base, name) : undefined
      if (isObject(method, 'function')) return callFunction(method, args, run, value)
    }
    if (!isObject(value, 'instance')) return UNKNOWN
    if (name === '__init__') {
      initializeBase(value, type, args, run)
      return null
    }
    const native = value.members.get(BASE)
    return native === undefined ? UNKNOWN : callMethod(native, name, args, run)
  }
  return { kind: 'native', subject: self, call }
}
