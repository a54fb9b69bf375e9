import { callValue, spreadFields } from './call.js'
import { callFunction } from './call-function.js'
import { collectionMethod } from './collection-methods.js'
import type { Interpreter } from './interpreter.js'
import { pathText } from './json-value.js'
import { textMethod } from './text-methods.js'
import { type CallArguments, isObject, isSequence, type PyValue, UNKNOWN } from './values.js'

/** Calls a method that is not a function of the skill. */
export function callMethod(self: PyValue, name: string, args: CallArguments, run: Interpreter): PyValue {
  const [first] = args.positional
  if (typeof self === 'string' && name === 'join' && isObject(first, 'native')) {
    const keywords = new Map<string, PyValue>([['joined', true]])
    return first.call?.('__rest__', { ...args, keywords }) ?? UNKNOWN
  }
  if (typeof self === 'string' || (isObject(self, 'typed') && self.type === 'string'))
    return textMethod(self, name, args)
  if (isSequence(self) || isObject(self, 'dict')) return collectionMethod(self, name, args, run)
  if (isObject(self, 'native')) return self.call?.(name, args) ?? UNKNOWN
  if (isObject(self, 'made')) {
    const path = pathText(self)
    if (path !== undefined) return pathMethod(self, path, name, args)
    return (
      run.callExternal(`${self.path}.${name}`, args) ?? {
        kind: 'made',
        path: `${self.path}.${name}`,
        self,
        args,
      }
    )
  }
  if (isObject(self, 'function')) {
    // `main.callback()`, `cli.command()`: something that a decorator put on the function.
    if (name === '__call__') return callFunction(self, args, run)
    run.callExternal(`function.${name}`, { ...args, positional: [self, ...args.positional] })
    return { kind: 'made', path: `function.${name}`, self, args }
  }
  if (isObject(self, 'class')) {
    const [first, ...rest] = args.positional
    const method = self.members.get(name)
    if (validators.has(name) && isObject(first, 'native')) {
      const data = name.endsWith('json') || name === 'parse_raw' ? first.call?.('__json__', args) : first
      if (isObject(data, 'native')) spreadFields(self, { spread: data })
      return { kind: 'instance', type: self, members: new Map() }
    }
    // `Base.__init__(self, …)`
    if (isObject(method, 'function') && first !== undefined) {
      return callFunction(method, { ...args, positional: rest }, run, first)
    }
    return { kind: 'made', path: `class.${name}`, self, args }
  }
  return isObject(self, 'bound') ? callValue(self, args, run) : UNKNOWN
}

/** Ways to make a pydantic model of data. */
const validators = new Set([
  'model_validate',
  'model_validate_json',
  'parse_obj',
  'parse_raw',
  'from_dict',
  'validate',
])

function pathMethod(self: PyValue, path: string, name: string, args: CallArguments): PyValue {
  const same = ['as_posix', '__str__'].includes(name)
  if (same) return path
  if (name === 'joinpath' && isObject(self, 'made')) {
    return { ...self, args: { ...self.args, positional: [...self.args.positional, ...args.positional] } }
  }
  return UNKNOWN
}
