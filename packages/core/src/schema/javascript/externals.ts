import { hasType } from '../observed/input.js'
import { wordList } from '../observed/word-list.js'
import { callback } from './call.js'
import { callCommander, commanderExternal } from './commander.js'
import { callMinimist } from './minimist.js'
import { requireModule } from './modules.js'
import { callParseArgs } from './parse-args.js'
import type { Reading } from './reading.js'
import { parseJson, read } from './stdin.js'
import { array, type CallArguments, is, type JsValue, object, STDIN, UNKNOWN } from './values.js'
import { callYargs, yargsExternal } from './yargs.js'

/** What something external is, where a style knows it. */
export function readExternal(path: string, run: Reading): JsValue {
  switch (path) {
    case 'process.argv':
    case 'Bun.argv':
      return words(-2, run)
    case 'Deno.args':
      return words(0, run)
    case 'process.stdin':
    case 'Bun.stdin':
    case 'Deno.stdin.readable':
    case 'process.openStdin':
      return STDIN
    case 'process.exitCode':
      return UNKNOWN
    case 'Infinity':
    case 'NaN':
      return Number(path)
    default:
      return commanderExternal(path, run) ?? yargsExternal(path, run)
  }
}

function words(from: number, run: Reading): JsValue {
  const list = wordList('all', from, 0)
  run.observed.lists.push(list)
  return { kind: 'words', list }
}

/** What a call of something external gives, where a style knows it. */
export function callExternal(path: string, args: CallArguments, made: boolean, run: Reading): JsValue {
  const [first] = args.values
  const own = calls[path]
  if (own !== undefined) return own(first, args, run)
  if (/(^|\.)exit$/.test(path) && /^(process|Deno|exit)/.test(path)) {
    run.ended = true
    return UNKNOWN
  }
  if (path === 'require' || path === 'import') return requireModule(first, args, run)
  const known = callCommander(path, args, run) ?? callYargs(path, args, run) ?? callMinimist(path, args, run)
  if (known !== undefined) return known
  if (/(^|\.)parseArgs$/.test(path) && /^(util|parseArgs)/.test(path)) return callParseArgs(args, run)
  if (/^fs\b.*\.?readFile(Sync)?$/.test(path) && isStdinFile(first)) return read(args, run)
  if (args.values.some((value) => holdsStdin(value))) {
    callback(args, run)
    return /json$/.test(path) ? parseJson({ ...args, values: [STDIN] }, run) : read(args, run)
  }
  return made ? callback(args, run) : callback(args, run)
}

const isStdinFile = (value: JsValue): boolean => value === 0 || value === '/dev/stdin' || is(value, 'stdin')

const holdsStdin = (value: JsValue): boolean =>
  is(value, 'stdin') || (is(value, 'array') && value.items.some((item) => is(item, 'stdin')))

type Call = (first: JsValue, args: CallArguments, run: Reading) => JsValue

const convert =
  (type: 'integer' | 'number' | 'boolean' | 'string'): Call =>
  (first) => {
    if (is(first, 'input') && type !== 'string') hasType(first.input, type)
    if (typeof first === 'string' && (type === 'number' || type === 'integer')) return Number(first)
    if (type === 'string' && typeof first !== 'object') return String(first)
    return is(first, 'input', 'stdin', 'word') ? first : UNKNOWN
  }

const calls: Readonly<Record<string, Call>> = Object.assign(Object.create(null), {
  parseInt: convert('integer'),
  'Number.parseInt': convert('integer'),
  parseFloat: convert('number'),
  'Number.parseFloat': convert('number'),
  Number: convert('number'),
  BigInt: convert('integer'),
  Boolean: convert('boolean'),
  String: convert('string'),
  'path.resolve': lastInput,
  'path.join': lastInput,
  'path.normalize': lastInput,
  'path.isAbsolute': () => UNKNOWN,
  isNaN: nan,
  'Number.isNaN': nan,
  'Number.isFinite': nan,
  'Number.isInteger': (first: JsValue) => typed(first, 'integer'),
  'Array.isArray': (first: JsValue) => typed(first, 'array'),
  'Array.from': (first: JsValue) => (is(first, 'words', 'array') ? first : UNKNOWN),
  Set: (first: JsValue) => (is(first, 'words', 'array') ? first : UNKNOWN),
  Map: () => object(),
  'Object.keys': (first: JsValue) => keysOf(first),
  'Object.fromEntries': fromEntries,
  'Object.entries': (first: JsValue) => entriesOf(first),
  'Object.values': (first: JsValue) => valuesOf(first),
  'Object.freeze': (first: JsValue) => first,
  'Object.assign': assigned,
  'JSON.parse': (_: JsValue, args: CallArguments, run: Reading) => parseJson(args, run),
  'Bun.stdin.text': (_: JsValue, args: CallArguments, run: Reading) => read(args, run),
  'Promise.resolve': (first: JsValue) => first,
  'process.cwd': () => UNKNOWN,
})

function lastInput(_: JsValue, { values }: CallArguments): JsValue {
  const last = values.findLast((value) => is(value, 'input'))
  return last ?? UNKNOWN
}

function nan(first: JsValue): JsValue {
  if (!is(first, 'input')) return UNKNOWN
  hasType(first.input, 'number')
  return UNKNOWN
}

function typed(first: JsValue, type: 'integer' | 'array'): JsValue {
  if (is(first, 'input') && (first.input.source === 'member' || type === 'integer'))
    hasType(first.input, type)
  return UNKNOWN
}

function keysOf(first: JsValue): JsValue {
  return is(first, 'object') && first.flags === undefined ? array([...first.members.keys()]) : UNKNOWN
}

function entriesOf(first: JsValue): JsValue {
  if (!is(first, 'object') || first.flags !== undefined) return UNKNOWN
  return array([...first.members].map((entry) => array(entry)))
}

function valuesOf(first: JsValue): JsValue {
  return is(first, 'object') && first.flags === undefined ? array([...first.members.values()]) : UNKNOWN
}

function assigned(_: JsValue, { values }: CallArguments): JsValue {
  const flags = values.find((value) => is(value, 'object') && value.flags !== undefined)
  return flags ?? values.find((value) => is(value, 'native')) ?? values[0]
}

/** `Object.fromEntries(words.map((word) => word.slice(2).split('=')))` */
function fromEntries(first: JsValue): JsValue {
  if (!is(first, 'words')) return UNKNOWN
  return { ...object(), flags: { joined: true, separate: false } }
}
