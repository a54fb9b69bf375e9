import type { Parameter, Place } from '../../parameter.js'
import type { Interpreter } from '../interpreter.js'
import { iterate } from '../iterate.js'
import { toJson } from '../json-value.js'
import type { CallArguments, PyValue } from '../values.js'
import { isObject } from '../values.js'
import { jsonDefault } from './action-default.js'
import { type ActionType, actionType } from './action-type.js'
import { helpText } from './help-text.js'
import type { ActionModel, ParserModel } from './parser-model.js'

const constants: Readonly<Record<string, string>> = {
  'argparse.OPTIONAL': '?',
  'argparse.ZERO_OR_MORE': '*',
  'argparse.ONE_OR_MORE': '+',
  'argparse.REMAINDER': '...',
  'argparse.PARSER': 'A...',
}

const nargsOf = ({ nargs }: ActionModel): PyValue | undefined =>
  isObject(nargs, 'external') ? constants[nargs.path] : (nargs ?? undefined)

/** The one to write: the first long spelling, else the first. */
function spelling({ flags }: ActionModel, prefixes: string): string {
  return flags.find((flag) => flag.length > 2 && prefixes.includes(flag.charAt(1))) ?? flags[0] ?? ''
}

/** One parameter for all arguments that have the same destination. */
export function parameterOf(
  actions: readonly ActionModel[],
  model: ParserModel,
  args: CallArguments,
  run: Interpreter,
): Parameter | undefined {
  const taking = actions.filter(({ action }) => action !== 'none')
  const main = taking.find(({ action }) => !isLone(action)) ?? taking[0]
  if (main === undefined) return undefined
  const type = actionType(main.type, args, run)
  const fallback = defaultOf(taking[0] ?? main, model)
  const kind = kindOf(main, taking, type, fallback)
  const places = taking.flatMap((action) => placesOf(action, type, model, taking.length, kind.type))
  const description = taking.map((action) => helpText(action, fallback)).find((text) => text !== undefined)
  const value = jsonDefault(fallback, kind)
  return {
    name: main.dest,
    ...kind,
    ...(value === undefined ? {} : { default: value }),
    required: isRequired(main),
    ...(description === undefined ? {} : { description }),
    file: main.file,
    line: main.line,
    places,
  }
}

const isLone = (action: ActionModel['action']): boolean =>
  action === 'store_const' || action === 'store_true' || action === 'store_false'

function isRequired(action: ActionModel): boolean {
  if (action.flags.length > 0) return action.required
  const nargs = nargsOf(action)
  return nargs !== '?' && nargs !== '*' && nargs !== '...'
}

function defaultOf(action: ActionModel, model: ParserModel): PyValue | undefined {
  const value = model.defaults.get(action.dest) ?? action.default
  if (isObject(value, 'external')) return undefined
  if (value !== undefined) return value
  if (action.action === 'store_true') return false
  return action.action === 'store_false' ? true : undefined
}

type Kind = Pick<Parameter, 'type' | 'list' | 'choices'>

function kindOf(
  main: ActionModel,
  all: readonly ActionModel[],
  type: ActionType,
  fallback: PyValue | undefined,
): Kind {
  const choices = choicesOf(main) ?? type.choices
  const allowed = choices === undefined ? {} : { choices }
  switch (main.action) {
    case 'store_true':
    case 'store_false':
    case 'boolean':
      return { type: 'boolean' }
    case 'count':
      return { type: 'integer' }
    case 'store_const':
      return all.length === 1 ? { type: 'boolean' } : constantKind(all, fallback)
    case 'append_const':
      return { ...constantKind(all, undefined), list: {} }
    case 'append': {
      if (main.nargs !== undefined && main.nargs !== null && nargsOf(main) !== '?')
        return { type: 'array', list: {} }
      return { type: type.type, ...allowed, list: {} }
    }
    default: {
      const nargs = nargsOf(main)
      if (nargs === 0) return { type: 'boolean' }
      const list = listOf(nargs) ?? (main.action === 'extend' ? {} : undefined)
      return { type: type.type, ...allowed, ...(list === undefined ? {} : { list }) }
    }
  }
}

function listOf(nargs: PyValue | undefined): Parameter['list'] {
  if (typeof nargs === 'number') return { min: nargs, max: nargs }
  if (nargs === '+' || nargs === 'A...') return { min: 1 }
  return nargs === '*' || nargs === '...' ? {} : undefined
}

function choicesOf({ choices }: ActionModel): readonly unknown[] | undefined {
  const items = choices === undefined ? undefined : iterate(choices)
  const values = items?.map(
    (item) => toJson(isObject(item, 'instance') ? (item.members.get('value') ?? item) : item)?.value,
  )
  // Lists and the like stand for themselves by a text that only the script knows.
  const plain = values?.every((value) => ['string', 'number', 'boolean'].includes(typeof value))
  return values === undefined || values.length === 0 || plain !== true ? undefined : values
}

/** What a flag without a value stands for: its constant, or its own name where that cannot be known. */
function constantOf(action: ActionModel): unknown {
  const json = action.const === undefined ? undefined : toJson(action.const)
  return json?.value ?? (action.flags[0] ?? '').replace(/^\W+/, '')
}

function constantKind(actions: readonly ActionModel[], fallback: PyValue | undefined): Kind {
  // No flag at all stands for the default.
  const other = fallback === undefined || fallback === null ? undefined : toJson(fallback)?.value
  const choices = [...new Set([...(other === undefined ? [] : [other]), ...actions.map(constantOf)])]
  const types = new Set(choices.map((value) => typeof value))
  const whole = choices.every((value) => Number.isInteger(value))
  const [type] = types
  if (types.size !== 1 || type === 'object') return { type: 'any', choices }
  return {
    type: type === 'number' ? (whole ? 'integer' : 'number') : (type as 'string' | 'boolean'),
    choices,
  }
}

function placesOf(
  action: ActionModel,
  { encoding, words, path }: ActionType,
  model: ParserModel,
  count: number,
  type: Parameter['type'],
): Place[] {
  const nargs = nargsOf(action)
  const more = {
    ...(encoding === undefined ? {} : { encoding }),
    ...(words === undefined ? {} : { words }),
    ...(path === undefined ? {} : { path }),
  }
  if (action.flags.length === 0) {
    const takes = nargs === '...' ? 'rest' : listOf(nargs) === undefined ? 'one' : 'many'
    return [{ kind: 'positional', takes, ...more }]
  }
  const flag = { kind: 'flag', flag: spelling(action, model.prefixChars), form: 'auto' } as const
  const lone = { ...flag, takes: 'nothing' } as const
  switch (action.action) {
    case 'store_true':
    case 'store_false':
      return [{ ...lone, when: action.action === 'store_true' }]
    case 'boolean':
      return [
        { ...lone, when: true },
        { ...lone, flag: flag.flag.replace(/^--/, '--no-'), when: false },
      ]
    case 'store_const':
      return [
        { ...lone, when: count === 1 || type === 'boolean' ? loneValue(action, count) : constantOf(action) },
      ]
    case 'append_const':
      return [{ ...lone, each: true, when: constantOf(action) }]
    case 'count':
      return [{ ...flag, takes: 'count', adds: true }]
    case 'append': {
      const each = { ...flag, ...more, each: true, adds: true } as const
      if (nargs === undefined || nargs === '?') return [{ ...each, takes: 'one' }]
      return [{ ...each, takes: 'many', ...(typeof nargs === 'number' ? { exactly: nargs } : {}) }]
    }
    default:
      if (nargs === 0) return [{ ...lone, when: true }]
      if (nargs === '?') return [{ ...flag, ...more, takes: 'one', form: 'joined' }]
      if (listOf(nargs) === undefined && action.action !== 'extend')
        return [{ ...flag, ...more, takes: 'one' }]
      return [
        {
          ...{ ...flag, ...more, takes: 'many' },
          ...(typeof nargs === 'number' ? { exactly: nargs } : {}),
          ...(action.action === 'extend' ? { adds: true } : {}),
        },
      ]
  }
}

const loneValue = (action: ActionModel, count: number): unknown => (count === 1 ? true : constantOf(action))
