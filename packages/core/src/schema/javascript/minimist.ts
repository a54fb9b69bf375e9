import { type Input, isNamed, newInput } from '../observed/input.js'
import { bestFlag, fitDefault, learnt, lone, withValue } from '../observed/input-parameter.js'
import { listParameters } from '../observed/list-parameters.js'
import { type WordList, wordList } from '../observed/word-list.js'
import type { Parameter, Place, ScriptInterface } from '../parameter.js'
import type { Reading } from './reading.js'
import { type CallArguments, is, type JsNative, type JsValue, NO_MEMBER, toJson } from './values.js'

/** Parsers that look at the line without being told everything: `minimist(argv, { boolean: [...] })`. */
const PACKAGE = /^(minimist|mri|yargs-parser)$/

interface MinimistOption {
  readonly input: Input
  kind: 'string' | 'boolean' | 'array' | 'number' | undefined
  default?: unknown
  /** Whether its value is used, not only looked for. */
  read: boolean
}

export function callMinimist(path: string, args: CallArguments, run: Reading): JsValue {
  if (!PACKAGE.test(path)) return undefined
  const options = new Map<string, MinimistOption>()
  const config = is(args.values[1], 'object') ? args.values[1].members : new Map<string, JsValue>()
  const at = { file: args.scope.file, line: args.node.line }
  const option = (name: string, line = at.line): MinimistOption => {
    const known = options.get(name)
    if (known !== undefined) return known
    const input = newInput('flag', at.file, line)
    input.flags.add(flagOf(name))
    const made: MinimistOption = { input, kind: undefined, read: false }
    options.set(name, made)
    return made
  }
  for (const [key, others] of membersOf(config.get('alias'))) {
    const one = option(key)
    for (const other of textsOf(others)) {
      one.input.flags.add(flagOf(other))
      options.set(other, one)
    }
  }
  for (const kind of ['string', 'boolean', 'array', 'number'] as const) {
    for (const name of textsOf(config.get(kind))) option(name).kind = kind
  }
  for (const [name, value] of membersOf(config.get('default'))) {
    const folded = toJson(value)
    if (folded !== undefined) option(name).default = folded.value
  }
  const list = wordList('values', 0, 0)
  run.observed.lists.push(list)
  run.observed.parsers.push({ describe: () => describe(options, list, run) })
  const result: JsNative = {
    kind: 'native',
    member: (name) => {
      if (name === '_') return { kind: 'words', list }
      if (name === '--') return NO_MEMBER
      const one = option(name)
      isNamed(one.input, name)
      one.read = true
      return { kind: 'input', input: one.input }
    },
  }
  return result
}

const flagOf = (name: string): string => (name.length === 1 ? `-${name}` : `--${name}`)

const membersOf = (value: JsValue): Iterable<[string, JsValue]> => (is(value, 'object') ? value.members : [])

function textsOf(value: JsValue): string[] {
  const items = is(value, 'array') ? value.items : [value]
  return items.filter((item): item is string => typeof item === 'string' && item !== '_')
}

const HELP = /^(h|help|version)$/

function describe(
  options: Map<string, MinimistOption>,
  list: WordList,
  run: Reading,
): ScriptInterface | undefined {
  const distinct = new Map<MinimistOption, string[]>()
  for (const [name, one] of options) distinct.set(one, [...(distinct.get(one) ?? []), name])
  const flags = [...distinct].filter(([, names]) => !names.some((name) => HELP.test(name)))
  const parameters = [
    ...flags.map(([one, names]) => parameter(one, names)),
    ...listParameters(run.observed, list),
  ]
  if (parameters.length === 0) return undefined
  // A flag that nobody declared boolean would take the next word for its value.
  const greedy = flags.some(([one]) => one.kind === undefined && isSwitch(one))
  return {
    kind: 'minimist',
    parameters,
    ...(greedy ? { order: 'positionals-first', endOfOptions: false } : {}),
  }
}

const isSwitch = ({ kind, input, default: assumed }: MinimistOption): boolean =>
  kind === 'boolean' ||
  (kind === undefined &&
    (typeof assumed === 'boolean' || learnt(input).type === 'boolean' || input.stands !== undefined))

function parameter(one: MinimistOption, names: readonly string[]): Parameter {
  const { input } = one
  const name = names.find((each) => each.length > 1) ?? names[0] ?? ''
  const flag = bestFlag(input.flags)
  const known = learnt(input)
  const shared = { name, file: input.file, line: input.line, required: known.required === true }
  if (isSwitch(one)) {
    const assumed = one.default ?? known.default
    return {
      ...shared,
      type: 'boolean',
      ...(typeof assumed === 'boolean' ? { default: assumed } : {}),
      places: switchPlaces(one, flag),
    }
  }
  const type = one.kind === 'number' ? 'number' : (known.type ?? typeFromDefault(one) ?? 'string')
  const assumed = fitDefault(one.default ?? known.default, type)
  const place: Place = withValue(flag)
  return {
    ...shared,
    type,
    ...(one.kind === 'array' ? { list: {} } : {}),
    ...(known.choices === undefined ? {} : { choices: known.choices }),
    ...(assumed === undefined ? {} : { default: assumed, required: false }),
    places: [one.kind === 'array' ? ({ ...place, each: true } as Place) : place],
  }
}

/** A declared switch takes a word `true` that follows it, so that it is spelled in one word. */
function switchPlaces({ kind, default: assumed }: MinimistOption, flag: string): Place[] {
  if (kind === 'boolean' && flag.startsWith('--')) return [withValue(flag, 'joined')]
  return [
    lone(flag),
    ...(assumed === true && flag.startsWith('--') ? [lone(`--no-${flag.slice(2)}`, false)] : []),
  ]
}

const typeFromDefault = (one: MinimistOption) =>
  one.kind === 'string' ? 'string' : typeof one.default === 'number' ? 'number' : undefined
