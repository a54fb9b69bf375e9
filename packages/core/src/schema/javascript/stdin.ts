import { hasType, isNamed } from '../observed/input.js'
import { memberInput } from '../observed/observed.js'
import { callback } from './call.js'
import type { Reading } from './reading.js'
import { type CallArguments, is, type JsNative, type JsValue, STDIN, UNKNOWN } from './values.js'

/** A method of the text on stdin, or of its pieces. */
export function stdinMethod(method: string, args: CallArguments, run: Reading): JsValue {
  switch (method) {
    case 'on':
    case 'once':
    case 'addListener': {
      const [event] = args.values
      return callback(args, run, event === 'data' ? [read(args, run)] : [])
    }
    case 'setEncoding':
    case 'resume':
    case 'toString':
    case 'trim':
    case 'text':
      return read(args, run)
    case 'json':
      read(args, run)
      return jsonRoot(args, run)
    case 'read':
    case 'split':
      return read(args, run)
    default:
      return callback(args, run)
  }
}

/** Notes that the script reads stdin. */
export function read({ scope, node }: Pick<CallArguments, 'scope' | 'node'>, run: Reading): JsValue {
  run.observed.stdin ??= { kind: 'text', file: scope.file, line: node.line }
  return STDIN
}

/** The JSON that stdin holds. */
export function jsonRoot({ scope, node }: CallArguments, run: Reading): JsValue {
  run.observed.stdin = { kind: 'json', file: scope.file, line: node.line }
  const root: JsNative = {
    kind: 'native',
    member: (name) =>
      name === 'length'
        ? UNKNOWN
        : { kind: 'input', input: memberInput(run.observed, name, scope.file, node.line) },
  }
  return root
}

/** `JSON.parse(value)` */
export function parseJson(args: CallArguments, run: Reading): JsValue {
  const [value] = args.values
  if (is(value, 'stdin')) return jsonRoot(args, run)
  if (!is(value, 'input')) return UNKNOWN
  value.input.encoding = 'json'
  const typed: JsNative = {
    kind: 'native',
    named: (name) => isNamed(value.input, name),
    member: () => {
      hasType(value.input, 'object')
      return UNKNOWN
    },
    method: (name, inner) => {
      if (/^(map|forEach|filter|join|reduce)$/.test(name)) hasType(value.input, 'array')
      return callback(inner, run)
    },
  }
  return typed
}
