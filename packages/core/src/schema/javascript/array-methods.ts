import type { SyntaxNode } from '../../syntax/syntax-node.js'
import { isNamed } from '../observed/input.js'
import { wordList } from '../observed/word-list.js'
import { callback, callFunction } from './call.js'
import type { Reading } from './reading.js'
import {
  array,
  type CallArguments,
  type Facts,
  is,
  type JsArray,
  type JsValue,
  STDIN,
  UNKNOWN,
} from './values.js'

const MAX_ITEMS = 2_000

/** A method of a list that the script made itself. */
export function arrayMethod(self: JsArray, method: string, args: CallArguments, run: Reading): JsValue {
  const [first] = args.values
  switch (method) {
    case 'push':
      return push(self, args, run)
    case 'includes':
      return includes(self, first)
    case 'indexOf':
      return UNKNOWN
    case 'join':
      if (self.items.some((item) => is(item, 'stdin'))) return STDIN
      return typeof first === 'string' && self.items.every((item) => typeof item === 'string')
        ? self.items.join(first)
        : UNKNOWN
    case 'map':
    case 'flatMap':
    case 'forEach': {
      if (!is(first, 'function')) return UNKNOWN
      const results = self.items.map((item, index) => callFunction(first, [item, index], run))
      return method === 'map' ? array(results) : UNKNOWN
    }
    case 'concat': {
      const more = args.values.map((value) => (is(value, 'array') ? value.items : undefined))
      return more.includes(undefined)
        ? UNKNOWN
        : array([...self.items, ...more.flatMap((items) => items ?? [])])
    }
    case 'slice':
      return typeof first === 'number' || first === undefined ? array(self.items.slice(first)) : UNKNOWN
    case 'filter':
      callback(args, run, [UNKNOWN])
      return self.items.some((item) => is(item, 'input', 'stdin')) ? self : UNKNOWN
    default:
      return callback(args, run, [UNKNOWN])
  }
}

function push(self: JsArray, args: CallArguments, run: Reading): JsValue {
  for (const value of args.values) {
    if (
      is(value, 'word') &&
      value.piece === 'whole' &&
      run.flag === undefined &&
      run.loops > value.list.loops
    ) {
      if (self.words === undefined) {
        self.words = wordList('values', 0, 0)
        run.observed.lists.push(self.words)
      }
      self.words.whole ??= { file: args.scope.file, line: args.node.line }
      const name = args.node.field('function')?.field('object')
      self.words.name ??= identifierIn(name)
    } else if (self.items.length < MAX_ITEMS) {
      if (is(value, 'input') && run.flag !== undefined) {
        value.input.each = true
        const target = args.node.field('function')?.field('object')
        isNamed(value.input, target?.field('property')?.text ?? target?.text ?? '')
      }
      self.items.push(value)
    }
  }
  return UNKNOWN
}

const identifierIn = (node: SyntaxNode | undefined): string => {
  const name = node?.field('property')?.text ?? node?.text ?? ''
  return /^[A-Za-z_$][\w$]{0,60}$/.test(name) ? name : 'args'
}

/** `['a', 'b'].includes(input)` */
function includes(self: JsArray, value: JsValue): JsValue {
  const values = self.items.filter((item) => typeof item === 'string' || typeof item === 'number')
  if (values.length !== self.items.length) return UNKNOWN
  if (is(value, 'input')) {
    return { kind: 'test', yes: {}, no: { outside: { input: value.input, values } } }
  }
  if (is(value, 'word') && values.every((flag) => String(flag).startsWith('-'))) {
    value.list.searched = true
    const yes: Facts = {
      flag: { list: value.list, flags: values.map(String), joined: false, plus: value.plus },
    }
    return { kind: 'test', yes, no: {} }
  }
  return typeof value === 'string' || typeof value === 'number' ? values.includes(value) : UNKNOWN
}
