import type { Parameter, ScriptInterface } from './parameter.js'
import { usageDescriptions } from './usage-descriptions.js'
import { readUsage, type Usage } from './usage-text.js'

/** Lets what a script says of itself name and explain what its code only takes by its place. */
export function applyUsage(found: ScriptInterface, text: string): ScriptInterface {
  const usage = readUsage(text)
  const descriptions = usageDescriptions(text)
  if (usage === undefined && descriptions.size === 0) return found
  const positionals = found.parameters.filter(isPositional)
  const fits = usage !== undefined && usage.positionals.length >= positionals.length
  const names = new Set(found.parameters.map(({ name }) => name))
  let place = -1
  return {
    ...found,
    parameters: found.parameters.map((parameter) => {
      let made = parameter
      if (isPositional(parameter)) {
        place++
        const said = usage?.positionals[place]
        if (said !== undefined && fits) made = named(made, said, names)
        if (said !== undefined && !said.required && made.default === undefined && fits)
          made = { ...made, required: false }
      } else if (usage !== undefined) made = withChoices(made, usage)
      return described(made, descriptions, place)
    }),
  }
}

const isPositional = ({ places }: Parameter): boolean => places.some(({ kind }) => kind === 'positional')

/** Names that only say where something stands. */
const PLACE_NAME = /^([a-z_]\d?|arg\d*|args|argv|words|_|value|val|v|x|a|p|param\d*|rest)$/

function named(parameter: Parameter, said: Usage['positionals'][number], names: Set<string>): Parameter {
  const choices =
    parameter.choices ??
    (parameter.type === 'string' && parameter.list === undefined ? said.choices : undefined)
  const better = PLACE_NAME.test(parameter.name) && !names.has(said.name)
  if (better) names.add(said.name)
  return {
    ...parameter,
    ...(better ? { name: said.name } : {}),
    ...(choices === undefined ? {} : { choices }),
  }
}

function withChoices(parameter: Parameter, usage: Usage): Parameter {
  const flags = flagsOf(parameter)
  const said = usage.flags.find((one) => one.flags.some((flag) => flags.includes(flag)))
  return said?.choices === undefined || parameter.choices !== undefined || parameter.type !== 'string'
    ? parameter
    : { ...parameter, choices: said.choices }
}

const flagsOf = ({ places }: Parameter): string[] =>
  places.flatMap((place) => (place.kind === 'flag' ? [place.flag] : []))

function described(
  parameter: Parameter,
  descriptions: ReadonlyMap<string, string>,
  place: number,
): Parameter {
  if (parameter.description !== undefined) return parameter
  const keys = isPositional(parameter)
    ? [parameter.name.toLowerCase(), `$${place + 1}`]
    : [...flagsOf(parameter), ...(parameter.places.length === 0 ? [parameter.name.toLowerCase()] : [])]
  const description = keys.map((key) => descriptions.get(key)).find((text) => text !== undefined)
  return description === undefined ? parameter : { ...parameter, description }
}

/** The interface that a usage line alone describes, provided that it speaks of this script. */
export function usageInterface(text: string, file: string): ScriptInterface | undefined {
  const usage = readUsage(text)
  const base = file.split('/').at(-1) ?? file
  const own = (name: string) => /\$|PROGRAM|%/.test(name) || name.includes(base.replace(/\.\w+$/, ''))
  if (usage === undefined || !own(usage.program)) return undefined
  const at = { file, line: 1 }
  const flags = usage.flags
    .filter(({ flags }) => !flags.some((flag) => /^(-h|--help|-V|--version)$/.test(flag)))
    .map(({ flags, value, choices, required }): Parameter => {
      const flag = flags.find((one) => one.startsWith('--')) ?? flags[0] ?? ''
      const name = flag.replace(/^-+/, '').replaceAll('-', '_')
      return value === undefined
        ? {
            ...at,
            name,
            type: 'boolean',
            required: false,
            places: [{ kind: 'flag', flag, takes: 'nothing', form: 'auto', when: true }],
          }
        : {
            ...{ ...at, name, type: 'string', required },
            ...(choices === undefined ? {} : { choices }),
            places: [{ kind: 'flag', flag, takes: 'one', form: 'separate' }],
          }
    })
  const positionals = usage.positionals.map(
    ({ name, required, many, choices }): Parameter => ({
      ...{ ...at, name, type: 'string', required },
      ...(many ? { list: required ? { min: 1 } : {} } : {}),
      ...(choices === undefined ? {} : { choices }),
      places: [{ kind: 'positional', takes: many ? 'many' : 'one' }],
    }),
  )
  const seen = new Set<string>()
  const parameters = [...flags, ...positionals].filter(({ name }) => !seen.has(name) && seen.add(name))
  return {
    kind: 'usage',
    parameters,
    prefixes: flags.length > 0 ? '-' : '',
    endOfOptions: false,
    order: 'flags-first',
  }
}
