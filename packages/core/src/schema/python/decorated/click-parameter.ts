import type { Parameter, Place } from '../../parameter.js'
import { jsonDefault } from '../argparse/action-default.js'
import { type CallArguments, isObject, isSequence, type PyValue } from '../values.js'
import { clickType, pathType } from './value-type.js'

/** `@click.option(…)` */
export function clickOption(args: CallArguments): Parameter | undefined {
  const { keywords } = args
  const declared = args.positional.filter((name) => typeof name === 'string')
  const spellings = declared
    .filter((name) => name.startsWith('-'))
    .map((name) => name.split('/').map((part) => part.trim()))
  const flags = spellings.flatMap(([flag]) => (flag === undefined ? [] : [flag]))
  const opposite = spellings.flatMap(([, flag]) => (flag === undefined ? [] : [flag]))[0]
  const flag = flags.toSorted((a, b) => dashes(b) - dashes(a))[0]
  const name =
    declared.find((text) => /^[A-Za-z_]\w*$/.test(text)) ??
    flag?.replace(/^-+/, '').replaceAll('-', '_').toLowerCase()
  if (flag === undefined || name === undefined) return undefined
  const fallback = keywords.get('default')
  const shared = {
    name,
    required: keywords.get('required') === true || (isTrue(keywords.get('prompt')) && fallback === undefined),
    ...describe(keywords.get('help')),
    ...place(args),
  }
  const place1 = { kind: 'flag', flag, form: 'auto' } as const
  if (keywords.get('count') === true) {
    return {
      ...shared,
      type: 'integer',
      ...withDefault(fallback ?? 0, { type: 'integer' }),
      places: [{ ...place1, takes: 'count' }],
    }
  }
  if (
    opposite !== undefined ||
    keywords.get('is_flag') === true ||
    (keywords.has('flag_value') && !keywords.has('type'))
  ) {
    const known = typeof fallback === 'boolean' ? fallback : false
    const off: Place[] =
      opposite === undefined ? [] : [{ ...place1, flag: opposite, takes: 'nothing', when: false }]
    return {
      ...shared,
      type: 'boolean',
      default: known,
      places: [{ ...place1, takes: 'nothing', when: true }, ...off],
    }
  }
  const type = keywords.get('type')
  const width = isSequence(type) ? type.items.length : keywords.get('nargs')
  const kind = clickType(
    isSequence(type) ? type.items[0] : type,
    isSequence(fallback) ? fallback.items[0] : fallback,
  )
  const words = {
    ...(kind.type === 'boolean' ? { words: ['true', 'false'] as const } : {}),
    ...pathType(isSequence(type) ? type.items[0] : type),
  }
  if (keywords.get('multiple') === true) {
    const list = { ...kind, list: {} }
    return {
      ...shared,
      ...list,
      ...withDefault(fallback, list),
      places: [{ ...place1, ...words, takes: 'one', each: true }],
    }
  }
  if (typeof width === 'number' && width > 1) {
    const list = { ...kind, list: { min: width, max: width } }
    return {
      ...shared,
      ...list,
      ...withDefault(fallback, list),
      places: [{ ...place1, takes: 'many', exactly: width }],
    }
  }
  return {
    ...shared,
    ...kind,
    ...withDefault(fallback, kind),
    places: [{ ...place1, ...words, takes: 'one' }],
  }
}

/** `@click.argument(…)` */
export function clickArgument(args: CallArguments): Parameter | undefined {
  const { keywords } = args
  const [name] = args.positional
  if (typeof name !== 'string') return undefined
  const nargs = keywords.get('nargs') ?? 1
  const fallback = keywords.get('default')
  const kind = clickType(keywords.get('type'), fallback)
  const many = typeof nargs === 'number' && nargs !== 1
  const required = keywords.has('required')
    ? keywords.get('required') === true
    : fallback === undefined && nargs !== -1
  const list = many
    ? { list: nargs === -1 ? (required ? { min: 1 } : {}) : { min: Number(nargs), max: Number(nargs) } }
    : {}
  return {
    ...{ name: name.toLowerCase().replaceAll('-', '_'), ...kind, ...list, required },
    ...withDefault(fallback, { ...kind, ...list }),
    ...describe(keywords.get('help')),
    ...place(args),
    places: [{ kind: 'positional', takes: many ? 'many' : 'one', ...pathType(keywords.get('type')) }],
  }
}

const dashes = (flag: string): number => /^-*/.exec(flag)?.[0].length ?? 0
const isTrue = (value: PyValue | undefined): boolean => value === true || typeof value === 'string'

const place = ({ file, node }: CallArguments) => ({ file, line: node.line })

function describe(help: PyValue | undefined): { description?: string } {
  return typeof help === 'string' && help.trim() !== '' ? { description: help } : {}
}

export function withDefault(
  fallback: PyValue | undefined,
  kind: Pick<Parameter, 'type' | 'list' | 'choices'>,
) {
  const value = isObject(fallback, 'function') ? undefined : jsonDefault(fallback, kind)
  return value === undefined ? {} : { default: value }
}
