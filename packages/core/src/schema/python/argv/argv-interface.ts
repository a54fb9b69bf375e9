import type { Parameter, ScriptInterface } from '../../parameter.js'
import { annotationType } from '../annotation-type.js'
import { jsonDefault } from '../argparse/action-default.js'
import type { UsageWord } from '../usage-line.js'
import { cleanName, plural, saysSomething } from './argument-names.js'
import { flagParameters } from './flag-parameters.js'
import type { ArgvReading, ReadWord } from './words-read.js'

/** What a script takes that looks at `sys.argv` itself; names that the code lacks come from its usage line. */
export function argvInterface(
  reading: ArgvReading,
  usage: readonly UsageWord[],
): ScriptInterface | undefined {
  if (!reading.used) return undefined
  const flags = flagParameters(reading, usage)
  const places = usage.filter(({ flag }) => flag === undefined)
  const words = wordParameters(reading, places)
  const list = listParameter(reading, places, words)
  const parameters = distinct([...flags, ...words, ...(list === undefined ? [] : [list])])
  if (parameters.length === 0)
    return reading.least > 0 ? undefined : { kind: 'argv', parameters: [], ...NO_FLAGS }
  const scans = reading.scans && flags.length > 0
  return {
    kind: reading.getopt === undefined ? 'argv' : 'getopt',
    parameters,
    ...(scans ? { endOfOptions: reading.getopt !== undefined } : NO_FLAGS),
    // A script that takes its first word by index must find it there.
    ...(scans && words.length > 0 && reading.getopt === undefined ? { order: 'positionals-first' } : {}),
  }
}

const NO_FLAGS = { prefixes: '', endOfOptions: false } as const

function wordParameters(reading: ArgvReading, usage: readonly UsageWord[]): Parameter[] {
  // What a script only looks at to see whether it is a flag is no argument of its own.
  const real = [...reading.words.values()].filter(
    ({ names, choices, type, maybeFlag }) =>
      !maybeFlag || names.length > 0 || choices.size > 0 || type !== 'string',
  )
  const last = Math.max(0, ...real.map(({ index }) => index))
  return Array.from({ length: last }, (_, index) => index + 1).flatMap((index) => {
    const word = reading.words.get(index)
    if (word === undefined && reading.scans) return []
    return [wordParameter(word, index, reading, usage[index - 1])]
  })
}

function wordParameter(
  word: ReadWord | undefined,
  index: number,
  reading: ArgvReading,
  usage: UsageWord | undefined,
): Parameter {
  const named = word?.names.find(({ name }) => saysSomething(name))
  const said = annotationType(word?.names.find(({ annotation }) => annotation !== undefined)?.annotation)
  const type = word === undefined || (word.type === 'string' && said.type !== 'any') ? said.type : word.type
  const scalar =
    ['integer', 'number', 'boolean', 'any'].includes(type) && (type !== 'any' || word?.encoding === 'json')
      ? type
      : 'string'
  const choices =
    usage?.choices ?? (word !== undefined && word.choices.size > 1 ? [...word.choices] : undefined)
  const kind = { type: scalar, ...(choices === undefined || scalar !== 'string' ? {} : { choices }) } as const
  const fallback = jsonDefault(word?.default, kind)
  const usageName = usage === undefined || usage.name === '' ? undefined : usage.name
  return {
    name: cleanName(named?.name ?? usageName ?? (choices === undefined ? `arg${index}` : 'command')),
    ...kind,
    ...(fallback === undefined ? {} : { default: fallback }),
    required: isRequired(word, index, reading, usage),
    file: word?.file ?? '',
    line: word?.line ?? 1,
    places: [
      { kind: 'positional', takes: 'one', ...(word?.encoding === 'json' ? { encoding: 'json' } : {}) },
    ],
  }
}

function isRequired(
  word: ReadWord | undefined,
  index: number,
  reading: ArgvReading,
  usage: UsageWord | undefined,
): boolean {
  if (word?.default !== undefined) return false
  if (index <= reading.least) return true
  if (reading.least > 0 && !(word?.certain ?? false)) return false
  return word?.certain === true || (usage !== undefined && !usage.optional)
}

function listParameter(
  reading: ArgvReading,
  usage: readonly UsageWord[],
  words: readonly Parameter[],
): Parameter | undefined {
  const rest =
    reading.rest ??
    (reading.loop === undefined
      ? undefined
      : { ...reading.loop, names: [], joined: false, type: 'string' as const })
  if (rest === undefined) return undefined
  const positional = reading.positionalNames.map(({ name }) => name)
  const listName = [reading.listNames.get(rest.from), ...rest.names].find(
    (name) => name !== undefined && saysSomething(name),
  )
  const looped = [...rest.names, ...positional.toReversed()].map((name) => name.replace(/^.*\./, ''))
  const name =
    (reading.scans && reading.rest === undefined ? undefined : listName) ??
    looped.map((one) => (reading.scans ? one : plural(one))).find(saysSomething)
  const said = usage[words.length]
  // Between flags, something must show that the words there mean anything.
  if (
    reading.scans &&
    reading.rest === undefined &&
    (name === undefined || reading.flags.length === 0) &&
    said === undefined
  )
    return undefined
  if (reading.scans && reading.rest === undefined && name !== undefined && !said?.many)
    return single(reading, name, rest)
  const required = reading.least > words.length || (said !== undefined && !said.optional)
  const common = {
    name: cleanName(name ?? (said === undefined || said.name === '' ? 'args' : said.name)),
    type: rest.type,
    required,
    file: rest.file,
    line: rest.line,
  }
  if (rest.joined) return { ...common, places: [{ kind: 'positional', takes: 'one' }] }
  return { ...common, list: required ? { min: 1 } : {}, places: [{ kind: 'positional', takes: 'many' }] }
}

/** The one word between flags that a scan keeps. */
function single(
  reading: ArgvReading,
  name: string,
  { file, line }: { file: string; line: number },
): Parameter {
  return {
    ...{ name: cleanName(name), type: 'string', required: reading.least > 0, file, line },
    places: [{ kind: 'positional', takes: 'one' }],
  }
}

/** The same name twice would be one property. */
function distinct(parameters: readonly Parameter[]): Parameter[] {
  const taken = new Set<string>()
  return parameters.map((parameter) => {
    let name = parameter.name
    for (let number = 2; taken.has(name); number++) name = `${parameter.name}_${number}`
    taken.add(name)
    return { ...parameter, name }
  })
}
