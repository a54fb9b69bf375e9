import { externalBase } from '../attributes.js'
import { type CallArguments, isObject, type PyClass, type PyValue } from '../values.js'
import type { ActionModel, ActionName, ParserModel } from './parser-model.js'

const names: ReadonlySet<string> = new Set([
  ...['store', 'store_true', 'store_false', 'store_const', 'append', 'append_const', 'extend', 'count'],
])

/** Adds what an `add_argument` adds; nothing where its name cannot be known. */
export function addAction(model: ParserModel, args: CallArguments): ActionModel | undefined {
  const { positional, keywords } = args
  const spellings = positional.filter((name) => typeof name === 'string')
  if (spellings.length < positional.length || (spellings.length === 0 && !keywords.has('dest'))) {
    model.unknown++
    return undefined
  }
  const isFlag = (name: string): boolean => name !== '' && model.prefixChars.includes(name.charAt(0))
  const flags = spellings.filter(isFlag)
  const dest = destination(spellings, flags, keywords.get('dest'), model.prefixChars)
  if (dest === undefined) {
    model.unknown++
    return undefined
  }
  const action = actionName(keywords.get('action'))
  const made: ActionModel = {
    flags,
    dest,
    action: flags.length === 0 && action === 'boolean' ? 'store' : action,
    nargs: keywords.get('nargs') ?? ownNargs(keywords.get('action')),
    const: keywords.get('const'),
    default: keywords.has('default') ? keywords.get('default') : model.argumentDefault,
    type: keywords.get('type'),
    choices: keywords.get('choices'),
    help: keywords.get('help'),
    metavar: keywords.get('metavar'),
    required: keywords.get('required') === true,
    file: args.file,
    line: args.node.line,
  }
  if (flags.some((flag) => model.spellings.has(flag))) {
    if (!model.resolves) return undefined
    release(model, new Set(flags))
  }
  for (const flag of flags) model.spellings.add(flag)
  model.actions.push(made)
  return made
}

/** `conflict_handler='resolve'`: the later argument gets the spelling. */
function release(model: ParserModel, flags: ReadonlySet<string>): void {
  for (const [index, action] of [...model.actions.entries()].reverse()) {
    const left = action.flags.filter((flag) => !flags.has(flag))
    if (left.length === action.flags.length) continue
    if (left.length === 0) model.actions.splice(index, 1)
    else model.actions[index] = { ...action, flags: left }
  }
}

function destination(
  spellings: readonly string[],
  flags: readonly string[],
  dest: PyValue | undefined,
  prefixes: string,
): string | undefined {
  if (typeof dest === 'string') return dest
  if (dest !== undefined && dest !== null) return undefined
  const [first] = spellings
  if (flags.length === 0) return first
  const isLong = (flag: string): boolean => flag.length > 1 && prefixes.includes(flag.charAt(1))
  const name = flags.find(isLong) ?? flags[0] ?? ''
  let start = 0
  while (start < name.length && prefixes.includes(name.charAt(start))) start++
  return name.slice(start).replaceAll('-', '_')
}

function actionName(action: PyValue | undefined): ActionName {
  if (action === undefined || action === null) return 'store'
  if (typeof action === 'string') return names.has(action) ? (action as ActionName) : 'none'
  const path = isObject(action, 'external')
    ? action.path
    : isObject(action, 'class')
      ? externalBase(action)
      : undefined
  const name = path?.slice(path.lastIndexOf('.') + 1)
  switch (name) {
    case 'BooleanOptionalAction':
      return 'boolean'
    case '_StoreTrueAction':
      return 'store_true'
    case '_StoreFalseAction':
      return 'store_false'
    case '_AppendAction':
      return 'append'
    case '_CountAction':
      return 'count'
    case '_HelpAction':
    case '_VersionAction':
      return 'none'
    default:
      return 'store'
  }
}

/** The `nargs=0` that an action class of the script gives itself. */
function ownNargs(action: PyValue | undefined): PyValue | undefined {
  if (!isObject(action, 'class')) return undefined
  return callsInitWith(action, 'nargs')
}

function callsInitWith(type: PyClass, keyword: string): PyValue | undefined {
  const init = type.members.get('__init__')
  if (!isObject(init, 'function')) return undefined
  for (const node of init.node.find('keyword_argument', 'default_parameter')) {
    const value = node.field('value')
    if (node.field('name')?.text === keyword && value?.type === 'integer') return Number(value.text)
  }
  return undefined
}
