import { flagInput } from '../observed/observed.js'
import { type WordList, wordList } from '../observed/word-list.js'
import { callback, callFunction, perhaps } from './call.js'
import { testOf } from './conditions.js'
import { baggedFlag, flagValue, nextWord, wordAt } from './item.js'
import type { Reading } from './reading.js'
import {
  array,
  type CallArguments,
  is,
  type JsFunction,
  type JsValue,
  type JsWord,
  UNKNOWN,
} from './values.js'

/** A method of the command line's words. */
export function wordsMethod(list: WordList, method: string, args: CallArguments, run: Reading): JsValue {
  const { values, node, scope } = args
  const [first] = values
  const found = is(first, 'function') ? matched(list, first, run) : undefined
  switch (method) {
    case 'slice': {
      if (first !== undefined && typeof first !== 'number') return wholeOf(list, args)
      return part(list, Math.max(first ?? 0, 0), run)
    }
    case 'shift':
      return shift(list, args, run)
    case 'at':
      return wordAt(list, first, node, scope, run)
    case 'includes':
    case 'has':
    case 'indexOf':
    case 'lastIndexOf':
      return typeof first === 'string' ? search(list, method, first, args, run) : UNKNOWN
    case 'some':
      if (found?.flag === undefined) return UNKNOWN
      return { kind: 'input', input: flagInput(run.observed, found.flag.flags, scope.file, node.line) }
    case 'findIndex':
      return found?.flag === undefined
        ? UNKNOWN
        : { kind: 'flag-index', list, flags: found.flag.flags, joined: found.flag.joined, plus: 0 }
    case 'find': {
      const flag = found?.flag
      if (flag === undefined)
        return found?.anyFlag === true ? UNKNOWN : wordAt(only(list, run), 0, node, scope, run)
      // What is done with it is done within that flag's branch.
      return {
        kind: 'native',
        method: (name, inner) => ofFlag(flag, name, inner, run),
        member: () => UNKNOWN,
      }
    }
    case 'filter':
      if (found?.flag?.joined === true) {
        const value = flagValue(run, { ...found.flag, used: false }, scope.file, node.line)
        value.input.each = true
        return array([value])
      }
      return found?.anyFlag === true ? { kind: 'words', list } : { kind: 'words', list: only(list, run) }
    case 'forEach':
    case 'map':
    case 'flatMap':
    case 'every':
      return each(list, args, run)
    case 'reduce':
      return reduce(list, args, run)
    case 'entries':
      return { kind: 'words', list }
    case 'get':
      return typeof first === 'string'
        ? baggedFlag({ joined: false, separate: true }, first.replace(/^-+/, ''), node, scope, run)
        : UNKNOWN
    case 'splice':
      return typeof first === 'number' && values.length === 1 ? part(list, Math.max(first, 0), run) : UNKNOWN
    case 'join':
      wholeOf(list, args)
      // What the joined words are called says what the words are.
      return {
        kind: 'native',
        named: (name) => {
          list.name ??= name
        },
      }
    case 'pop':
      return UNKNOWN
    default:
      callback(args, run)
      return wholeOf(list, args)
  }
}

function wholeOf(list: WordList, { scope, node }: CallArguments): JsValue {
  list.whole ??= { file: scope.file, line: node.line }
  return UNKNOWN
}

function part(list: WordList, from: number, run: Reading): JsValue {
  const rest = wordList(list.only, list.from + from, run.loops)
  if (run.command !== undefined) rest.command = run.command
  run.observed.lists.push(rest)
  return { kind: 'words', list: rest }
}

/** Those of the words that are no flags. */
function only(list: WordList, run: Reading): WordList {
  const values = wordList('values', list.only === 'values' ? list.from : Math.max(list.from, 0), run.loops)
  run.observed.lists.push(values)
  return values
}

function shift(list: WordList, args: CallArguments, run: Reading): JsValue {
  if (run.flag !== undefined && run.loops > list.loops)
    return nextWord(list, run.flag.plus + 1, args.node, args.scope, run)
  if (run.loops > list.loops) return nextWord(list, 0, args.node, args.scope, run)
  const value = wordAt(list, 0, args.node, args.scope, run)
  list.from++
  return value
}

function search(
  list: WordList,
  method: string,
  word: string,
  { scope, node }: CallArguments,
  run: Reading,
): JsValue {
  if (word === '--') return UNKNOWN
  if (method === 'includes' || method === 'has') {
    return { kind: 'input', input: flagInput(run.observed, [word], scope.file, node.line) }
  }
  return { kind: 'flag-index', list, flags: [word], joined: false, plus: 0 }
}

const wordOf = (list: WordList): JsWord => ({ kind: 'word', list, plus: 0, piece: 'whole' })

/** What a predicate on words looks for. */
function matched(list: WordList, predicate: JsFunction, run: Reading) {
  const body = predicate.node.field('body')
  if (body === undefined || (body.type === 'statement_block' && body.parts.length > 2)) return undefined
  const searching = { ...list }
  const value = perhaps(
    () => inLoop(run, () => callFunction(predicate, [wordOf(searching), UNKNOWN], run)),
    run,
  )
  return testOf(value).yes
}

function each(list: WordList, { values, scope, node }: CallArguments, run: Reading): JsValue {
  const [first] = values
  list.whole ??= { file: scope.file, line: node.line }
  if (!is(first, 'function')) return UNKNOWN
  perhaps(
    () =>
      inLoop(run, () =>
        callFunction(first, [wordOf(list), { kind: 'cursor', plus: 0 }, { kind: 'words', list }], run),
      ),
    run,
  )
  return UNKNOWN
}

function reduce(list: WordList, { values, scope, node }: CallArguments, run: Reading): JsValue {
  const [first, start] = values
  list.whole ??= { file: scope.file, line: node.line }
  if (!is(first, 'function')) return UNKNOWN
  perhaps(
    () => inLoop(run, () => callFunction(first, [start, wordOf(list), { kind: 'cursor', plus: 0 }], run)),
    run,
  )
  return start
}

function inLoop<T>(run: Reading, read: () => T): T {
  run.loops++
  try {
    return read()
  } finally {
    run.loops--
  }
}

/** A method of the word that `find()` gave. */
function ofFlag(
  flag: NonNullable<ReturnType<typeof testOf>['yes']['flag']>,
  method: string,
  args: CallArguments,
  run: Reading,
): JsValue {
  const value = () => flagValue(run, { ...flag, used: false }, args.scope.file, args.node.line)
  switch (method) {
    case 'split':
      return array([flag.flags[0] ?? '', value()])
    case 'slice':
    case 'substring':
    case 'substr':
    case 'replace':
      return value()
    default:
      return UNKNOWN
  }
}
