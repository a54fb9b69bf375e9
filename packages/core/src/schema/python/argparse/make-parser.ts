import { BASE } from '../attributes.js'
import { EndOfReading, type Interpreter } from '../interpreter.js'
import { iterate } from '../iterate.js'
import { type CallArguments, isObject, type PyNative, type PyValue, typed, UNKNOWN } from '../values.js'
import { addAction } from './add-argument.js'
import { addSubparsers } from './add-subparsers.js'
import type { ExclusiveGroup, ParserModel } from './parser-model.js'

/** All parsers that a reading comes across, in the order in which they are made. */
export interface ParserRegistry {
  readonly parsers: ParserModel[]
  readonly run: () => Interpreter
}

/** An argument of a call, by its name or its place. */
export const argument = (
  { positional, keywords }: CallArguments,
  name: string,
  index?: number,
): PyValue | undefined => keywords.get(name) ?? (index === undefined ? undefined : positional[index])

const text = (value: PyValue | undefined, fallback: string): string =>
  typeof value === 'string' ? value : fallback

/** `ArgumentParser(…)` */
export function makeParser(args: CallArguments, registry: ParserRegistry): PyNative {
  const model: ParserModel = {
    prog: argument(args, 'prog', 0),
    description: argument(args, 'description', 2),
    prefixChars: text(argument(args, 'prefix_chars'), '-'),
    filePrefixChars: text(argument(args, 'fromfile_prefix_chars'), ''),
    argumentDefault: argument(args, 'argument_default'),
    resolves: argument(args, 'conflict_handler') === 'resolve',
    actions: [],
    exclusive: [],
    spellings: new Set(),
    defaults: new Map(),
    subparsers: undefined,
    parsed: undefined,
    before: [],
    unknown: 0,
  }
  for (const parent of iterate(argument(args, 'parents', 4) ?? null) ?? []) inherit(model, modelOf(parent))
  registry.parsers.push(model)
  return parserNative(model, registry)
}

/** `optparse.OptionParser(…)`: its words between the flags are one list. */
export function makeOptionParser(args: CallArguments, registry: ParserRegistry): PyNative {
  const description = argument(args, 'description', 2)
  const keywords = new Map<string, PyValue>(description === undefined ? [] : [['description', description]])
  const parser = makeParser({ ...args, positional: [], keywords }, registry)
  const rest = new Map<string, PyValue>([['nargs', '*']])
  const model = modelOf(parser)
  if (model !== undefined) addAction(model, { ...args, positional: ['args'], keywords: rest })
  return parser
}

/** `optparse.OptionGroup(parser, …)` */
export function optionGroup(parser: PyValue | undefined): PyValue {
  const model = modelOf(parser)
  return model === undefined ? UNKNOWN : groupNative(model, undefined)
}

/** The parser that a value is, or stands on. */
export function modelOf(value: PyValue | undefined): ParserModel | undefined {
  if (isObject(value, 'instance')) return modelOf(value.members.get(BASE))
  if (!isObject(value, 'native')) return undefined
  const { subject } = value
  return subject instanceof ParserSubject ? subject.model : undefined
}

/** Tells a parser from other native objects. */
class ParserSubject {
  constructor(readonly model: ParserModel) {}
}

/** Words that a parser left over. */
class Leftover {
  constructor(readonly model: ParserModel) {}
}

/** `parents=[…]` */
function inherit(model: ParserModel, parent: ParserModel | undefined): void {
  if (parent === undefined) return
  model.actions.push(...parent.actions)
  model.exclusive.push(...parent.exclusive)
  for (const flag of parent.spellings) model.spellings.add(flag)
  for (const [name, value] of parent.defaults) model.defaults.set(name, value)
  model.unknown += parent.unknown
}

function parserNative(model: ParserModel, registry: ParserRegistry): PyNative {
  const subject = new ParserSubject(model)
  const call = (method: string, args: CallArguments): PyValue => {
    switch (method) {
      case 'add_subparsers':
        return addSubparsers(model, args, registry)
      case 'parse_args':
      case 'parse_intermixed_args':
        return parse(model, args, registry)
      case 'parse_known_args':
      case 'parse_known_intermixed_args':
        model.parsed ??= 'some'
        noteBefore(model, args)
        return knownArguments(model)
      case 'set_defaults':
        for (const [name, value] of args.keywords) model.defaults.set(name, value)
        return null
      case 'get_default': {
        const [name] = args.positional
        return model.actions.find(({ dest }) => dest === name)?.default ?? UNKNOWN
      }
      case 'format_help':
      case 'format_usage':
        return typed('string')
      default:
        return containerCall(model, undefined, self, method, args)
    }
  }
  const self: PyNative = {
    kind: 'native',
    subject,
    call,
    attribute: (name) => {
      if (name === 'prog') return model.prog ?? typed('string')
      return name === 'description' || name === 'epilog' ? typed('string') : undefined
    },
  }
  return self
}

/** What parsers and groups have in common. */
function containerCall(
  model: ParserModel,
  group: ExclusiveGroup | undefined,
  self: PyNative,
  method: string,
  args: CallArguments,
): PyValue {
  switch (method) {
    case 'add_option':
    case 'add_argument': {
      const action = addAction(model, args)
      if (action !== undefined) group?.actions.push(action)
      return action === undefined ? UNKNOWN : { kind: 'native', subject: action }
    }
    case 'add_argument_group':
      return groupNative(model, group)
    case 'add_mutually_exclusive_group': {
      const required = argument(args, 'required', 0) === true
      const inner: ExclusiveGroup = { actions: [], required }
      model.exclusive.push(inner)
      return groupNative(model, inner)
    }
    case '__enter__':
      return self
    default:
      return UNKNOWN
  }
}

function groupNative(model: ParserModel, group: ExclusiveGroup | undefined): PyNative {
  const self: PyNative = {
    kind: 'native',
    subject: group ?? model.actions,
    call: (method, args) =>
      method === 'set_defaults'
        ? parserNativeDefaults(model, args)
        : containerCall(model, group, self, method, args),
  }
  return self
}

function parserNativeDefaults(model: ParserModel, args: CallArguments): PyValue {
  for (const [name, value] of args.keywords) model.defaults.set(name, value)
  return null
}

function parse(model: ParserModel, args: CallArguments, { run }: ParserRegistry): PyValue {
  const words = argument(args, 'args', 0)
  noteBefore(model, args)
  // `parse_args(['--x'])` and `parse_args(sys.argv[2:])` are another matter than the script's own line.
  const own =
    words === undefined || words === null || isObject(words, 'unknown', 'typed') || isWholeLine(words)
  if (isObject(words, 'list') && words.items.every((item) => typeof item === 'string')) return UNKNOWN
  model.parsed = own ? 'all' : (model.parsed ?? 'some')
  const state = run()
  if (own && state.uncertain === 0 && model.before.length === 0) throw new EndOfReading('complete')
  return UNKNOWN
}

const isWholeLine = (words: PyValue): boolean =>
  isObject(words, 'native') &&
  words.subject !== null &&
  (words.subject instanceof Leftover || (words.subject as { whole?: boolean }).whole === true)

function noteBefore(model: ParserModel, args: CallArguments): void {
  const words = argument(args, 'args', 0)
  if (isObject(words, 'native') && words.subject instanceof Leftover) model.before.push(words.subject.model)
}

/** `args, rest = parser.parse_known_args()` */
function knownArguments(model: ParserModel): PyValue {
  const leftover: PyNative = { kind: 'native', subject: new Leftover(model) }
  return { kind: 'tuple', items: [UNKNOWN, leftover] }
}
