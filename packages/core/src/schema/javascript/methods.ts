import { hasType } from '../observed/input.js'
import { arrayMethod } from './array-methods.js'
import { callback, callFunction } from './call.js'
import { memberOf } from './member.js'
import type { Reading } from './reading.js'
import { stdinMethod } from './stdin.js'
import { textMethod } from './text-methods.js'
import { type CallArguments, type JsInput, type JsValue, UNKNOWN } from './values.js'
import { wordMethod } from './word-methods.js'
import { wordsMethod } from './words-methods.js'

/** Calls a method of a value. */
export function callMethod(self: JsValue, method: string, args: CallArguments, run: Reading): JsValue {
  if (typeof self === 'string') return textMethod(self, method, args)
  if (typeof self !== 'object' || self === null) return callback(args, run)
  switch (self.kind) {
    case 'words':
      return wordsMethod(self.list, method, args, run)
    case 'array':
      return self.words !== undefined && method !== 'push'
        ? wordsMethod(self.words, method, args, run)
        : arrayMethod(self, method, args, run)
    case 'word':
      return wordMethod(self, method, args, run)
    case 'input':
      return inputMethod(self, method, args, run)
    case 'native':
      if (self.method !== undefined) return self.method(method, args)
      return callback(args, run)
    case 'function':
      if (method === 'call') return callFunction(self, args.values.slice(1), run)
      if (method === 'bind') return self
      return callback(args, run)
    case 'stdin':
      return stdinMethod(method, args, run)
    case 'object':
      if (method === 'get' || method === 'has') {
        const [key] = args.values
        if (typeof key === 'string') return memberOf(self, key, args.node, args.scope, run)
      }
      return callback(args, run)
    default:
      return callback(args, run)
  }
}

const LIST_METHODS = /^(map|forEach|filter|reduce|some|every|find|join|flatMap|push|sort|entries|at|flat)$/
const TEXT_METHODS =
  /^(trim|toUpperCase|toLowerCase|split|replace|replaceAll|startsWith|endsWith|match|charAt|padStart|padEnd|substring|charCodeAt|normalize|localeCompare|repeat)$/

function inputMethod(self: JsInput, method: string, args: CallArguments, run: Reading): JsValue {
  const { input } = self
  if (input.source === 'member') {
    if (LIST_METHODS.test(method)) hasType(input, 'array')
    if (TEXT_METHODS.test(method)) hasType(input, 'string')
    if (method === 'toFixed') hasType(input, 'number')
  }
  callback(args, run)
  return /^(trim|toLowerCase|toUpperCase|toString|trimEnd|trimStart|normalize|replace|replaceAll)$/.test(
    method,
  )
    ? self
    : UNKNOWN
}
