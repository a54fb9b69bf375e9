import { callback } from './call.js'
import { flagValue } from './item.js'
import type { Reading } from './reading.js'
import {
  array,
  type CallArguments,
  type Facts,
  is,
  type JsTest,
  type JsValue,
  type JsWord,
  UNKNOWN,
} from './values.js'

/** A method of any of the words. */
export function wordMethod(word: JsWord, method: string, args: CallArguments, run: Reading): JsValue {
  const [first] = args.values
  switch (method) {
    case 'startsWith':
      return typeof first === 'string' ? startsWith(word, first) : UNKNOWN
    case 'slice':
    case 'substring':
    case 'substr':
      return cut(word, args, run)
    case 'replace':
      if (is(first, 'object', 'unknown') || (typeof first === 'string' && first.startsWith('-')))
        return cut(word, args, run)
      return word
    case 'split':
      return first === '=' || is(first, 'object') ? split(word, args, run) : UNKNOWN
    case 'match':
      return matchPieces(word, first)
    case 'trim':
    case 'toLowerCase':
    case 'toString':
      return word
    case 'charAt':
      return first === 0 ? { ...word, piece: 'letter' } : UNKNOWN
    case 'includes':
      return UNKNOWN
    default:
      return callback(args, run)
  }
}

const test = (yes: Facts): JsTest => ({ kind: 'test', yes, no: {} })

/** `word.startsWith('--name=')`, `word.startsWith('-')` */
function startsWith(word: JsWord, prefix: string): JsValue {
  if (/^--?$/.test(prefix)) {
    word.list.searched = true
    return test({ anyFlag: true })
  }
  if (!prefix.startsWith('-')) return UNKNOWN
  word.list.searched = true
  const flag = prefix.replace(/=$/, '')
  return test({ flag: { list: word.list, flags: [flag], joined: true, plus: word.plus } })
}

const within = (word: JsWord, run: Reading) => {
  const { flag } = run
  return flag?.joined === true && word.plus === flag.plus ? flag : undefined
}

/** A part of the word: the value of the flag in whose branch the reading is, else a flag's name or value. */
function cut(word: JsWord, { values, node, scope }: CallArguments, run: Reading): JsValue {
  const flag = within(word, run)
  if (flag !== undefined) {
    flag.used = true
    return flagValue(run, flag, scope.file, node.line)
  }
  const [from, to] = values
  const behind = typeof from === 'object' && !is(from, 'object') && to === undefined
  return { ...word, piece: behind ? 'value' : word.piece === 'whole' ? 'name' : word.piece }
}

function split(word: JsWord, { node, scope }: CallArguments, run: Reading): JsValue {
  const flag = within(word, run)
  if (flag !== undefined) {
    flag.used = true
    return array([flag.flags[0] ?? '', flagValue(run, flag, scope.file, node.line)])
  }
  return array([
    { ...word, piece: 'pair' },
    { ...word, piece: 'value' },
  ])
}

/** `word.match(/^--([^=]+)=(.*)$/)` */
function matchPieces(word: JsWord, pattern: JsValue): JsValue {
  const source = is(pattern, 'object') ? pattern.members.get('source') : undefined
  if (typeof source !== 'string') return UNKNOWN
  const named = /^\^?(--?[a-z][\w-]*)=\(/i.exec(source)
  const groups: JsValue[] = /^\^?--?\(/.test(source)
    ? [word, { ...word, piece: 'pair' }, { ...word, piece: 'value' }, { ...word, piece: 'value' }]
    : []
  if (named === null && groups.length === 0) return UNKNOWN
  return {
    kind: 'native',
    member: (name) => (named === null ? groups[Number(name)] : UNKNOWN),
  }
}
