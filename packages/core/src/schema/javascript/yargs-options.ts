import { type Input, newInput } from '../observed/input.js'
import { bestFlag, fitDefault, learnt, lone, typeOfValue, withValue } from '../observed/input-parameter.js'
import type { Parameter, Place, ValueType } from '../parameter.js'
import { is, type JsValue, toJson } from './values.js'

/** An option or positional of yargs, as the code sets it up. */
export interface YargsOption {
  readonly name: string
  readonly input: Input
  readonly aliases: Set<string>
  type?: 'string' | 'number' | 'boolean' | 'array' | 'count'
  /** That it takes several. */
  several?: boolean
  description?: string
  required?: boolean
  default?: { readonly value: unknown }
  choices?: readonly unknown[]
  nargs?: number
  conflicts?: readonly string[]
}

export const newOption = (name: string, file: string, line: number): YargsOption => ({
  ...{ name, input: newInput('flag', file, line), aliases: new Set() },
})

/** Takes over what `.option(name, rules)` says. */
export function applyRules(one: YargsOption, rules: JsValue): void {
  if (!is(rules, 'object')) return
  for (const [key, value] of rules.members) applyRule(one, key, value)
}

export function applyRule(one: YargsOption, key: string, value: JsValue): void {
  const folded = toJson(value)?.value
  switch (key) {
    case 'alias':
      for (const alias of [folded].flat()) if (typeof alias === 'string') one.aliases.add(alias)
      break
    case 'type':
      if (folded === 'array') one.several = true
      else if (folded === 'string' || folded === 'number' || folded === 'boolean' || folded === 'count')
        one.type = folded
      break
    case 'array':
      if (folded !== false) one.several = true
      break
    case 'string':
    case 'number':
    case 'boolean':
    case 'count':
      if (folded !== false) one.type = key
      break
    case 'describe':
    case 'description':
    case 'desc':
      if (typeof folded === 'string') one.description = folded
      break
    case 'demandOption':
    case 'demand':
    case 'require':
    case 'required':
      one.required = value !== false
      break
    case 'default':
      if (folded !== undefined) one.default = { value: folded }
      break
    case 'choices':
      if (Array.isArray(folded)) one.choices = folded
      break
    case 'nargs':
      if (typeof folded === 'number' && folded > 1) {
        one.several = true
        one.nargs = folded
      }
      break
    case 'conflicts':
      one.conflicts = [folded].flat().filter((name): name is string => typeof name === 'string')
  }
}

export const flagOf = (name: string): string => (name.length === 1 ? `-${name}` : `--${name}`)

/** The parameter of an option; with `place`, of a positional. */
export function yargsParameter(
  one: YargsOption,
  positional?: { readonly required: boolean; readonly variadic: boolean },
): Parameter {
  const { input, name } = one
  const known = learnt(input)
  const several = one.several === true || positional?.variadic === true
  const assumed = one.default?.value ?? (several ? undefined : known.default)
  const choices = one.choices ?? known.choices
  const type = typeOf(one, several, assumed, choices, known.type)
  const value = several ? (Array.isArray(assumed) ? assumed : undefined) : fitDefault(assumed, type)
  const required = positional?.required ?? (one.required === true && value === undefined)
  const min = positional?.required === true && several ? 1 : one.nargs
  return {
    ...{ name, type, required: required || (known.required === true && value === undefined) },
    ...(several
      ? {
          list: {
            ...(min === undefined ? {} : { min }),
            ...(one.nargs === undefined ? {} : { max: one.nargs }),
          },
        }
      : {}),
    ...(choices === undefined || type === 'boolean' ? {} : { choices }),
    ...(value === undefined ? {} : { default: value }),
    ...(one.description === undefined ? {} : { description: one.description }),
    ...{ file: input.file, line: input.line },
    places:
      positional === undefined
        ? places(one, type, value)
        : [{ kind: 'positional', takes: several ? 'many' : 'one' }],
  }
}

function typeOf(
  one: YargsOption,
  several: boolean,
  assumed: unknown,
  choices: readonly unknown[] | undefined,
  learned: ValueType | undefined,
): ValueType {
  if (one.type === 'count') return 'integer'
  if (one.type === 'number') return learned === 'integer' ? 'integer' : 'number'
  if (one.type !== undefined && one.type !== 'array')
    return learned === 'number' || learned === 'integer' ? learned : one.type
  return (several ? undefined : (learned ?? typeOfValue(assumed))) ?? typeOfValue(choices?.[0]) ?? 'string'
}

function places(one: YargsOption, type: ValueType, assumed: unknown): Place[] {
  const flag = bestFlag([flagOf(one.name), ...[...one.aliases].map(flagOf)])
  if (one.type === 'count') return [{ kind: 'flag', flag, takes: 'count', form: 'auto' }]
  if (type === 'boolean' && one.several !== true) {
    return [
      lone(flag),
      ...(assumed === true && flag.startsWith('--') ? [lone(`--no-${flag.slice(2)}`, false)] : []),
    ]
  }
  if (one.several !== true) return [withValue(flag)]
  // A value joined to the flag of a list would lose its quotes.
  return [
    {
      kind: 'flag',
      flag,
      takes: 'many',
      form: 'separate',
      ...(one.nargs === undefined ? {} : { exactly: one.nargs }),
    },
  ]
}
