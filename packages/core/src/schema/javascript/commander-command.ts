import type { ExclusiveArguments } from '../argv-plan.js'
import type { Input } from '../observed/input.js'
import { fitDefault, learnt, lone, typeOfValue, withValue } from '../observed/input-parameter.js'
import type { WordList } from '../observed/word-list.js'
import type {
  CommandParameter,
  Parameter,
  ParameterLevel,
  Place,
  ScriptInterface,
  ValueType,
} from '../parameter.js'
import type { CommanderFlags } from './commander-flags.js'

/** A command of commander, as the code sets it up. */
export interface CommanderCommand {
  name: string
  description?: string
  readonly options: Declared[]
  readonly args: Declared[]
  readonly commands: CommanderCommand[]
  parent?: CommanderCommand
  isDefault?: boolean
  acts?: boolean
  passesThrough?: boolean
  /** That it takes more than the code says. */
  open?: boolean
  /** `program.args` */
  words?: WordList
  /** Actions, read once everything is declared. */
  readonly later: (() => void)[]
}

/** An option or an argument. */
export interface Declared {
  readonly name: string
  readonly flags?: CommanderFlags
  readonly variadic: boolean
  readonly input: Input
  readonly description?: string
  mandatory: boolean
  default?: { readonly value: unknown }
  choices?: readonly unknown[]
  conflicts?: readonly string[]
  /** Each flag adds an item. */
  collects?: boolean
  /** Each flag counts. */
  counts?: boolean
}

export const newCommand = (name: string): CommanderCommand => ({
  ...{ name, options: [], args: [], commands: [], later: [] },
})

/** What a program of commander takes; nothing where nothing is declared. */
export function describeCommander(command: CommanderCommand): ScriptInterface | undefined {
  if (command.parent !== undefined) return undefined
  if (command.options.length + command.args.length + command.commands.length === 0) return undefined
  return {
    kind: 'commander',
    ...(command.description === undefined ? {} : { description: command.description }),
    ...level(command, 'command', 0),
  }
}

const MAX_LEVELS = 5

function level(command: CommanderCommand, property: string, depth: number): ParameterLevel {
  const exclusive = exclusives(command)
  const parameters = [...options(command.options), ...command.args.map((one) => argument(one, command))]
  const commands = depth < MAX_LEVELS ? choices(command, property, depth) : undefined
  return {
    parameters,
    ...(exclusive.length === 0 ? {} : { exclusive }),
    ...(commands === undefined ? {} : { commands }),
  }
}

function choices(command: CommanderCommand, property: string, depth: number): CommandParameter | undefined {
  const [first] = command.commands
  if (first === undefined) return undefined
  const names = [...command.options, ...command.args].map(({ name }) => name)
  const place = [...first.options, ...first.args, ...command.options, ...command.args][0]?.input
  return {
    name: names.includes(property) ? `sub${property}` : property,
    required: command.acts !== true && !command.commands.some(({ isDefault }) => isDefault === true),
    file: place?.file ?? '',
    line: place?.line ?? 1,
    choices: command.commands.map((inner) => ({
      command: inner.name,
      ...(inner.description === undefined ? {} : { description: inner.description }),
      ...level(inner, `${inner.name.replaceAll('-', '_')}_command`, depth + 1),
    })),
  }
}

function exclusives({ options }: CommanderCommand): ExclusiveArguments[] {
  return options.flatMap(({ name, conflicts = [] }) =>
    conflicts
      .filter((other) => options.some((option) => option.name === other))
      .map((other) => ({ names: [name, other], required: false })),
  )
}

function options(all: readonly Declared[]): Parameter[] {
  const found = new Map<string, Parameter>()
  for (const one of all) {
    if (/^--(help|version)$/.test(one.flags?.long ?? '')) continue
    const made = option(one, all)
    const before = found.get(made.name)
    found.set(made.name, before === undefined ? made : merge(before, made))
  }
  return [...found.values()]
}

/** `--color` and `--no-color`. */
function merge(a: Parameter, b: Parameter): Parameter {
  return { ...b, ...a, places: [...a.places, ...b.places] }
}

function option(one: Declared, all: readonly Declared[]): Parameter {
  const { flags, name, input } = one
  const flag = flags?.long ?? flags?.short ?? ''
  const shared = {
    ...{ name, file: input.file, line: input.line, required: one.mandatory && one.default === undefined },
    ...(one.description === undefined ? {} : { description: one.description }),
  }
  if (flags?.negated === true && flags.value === undefined) {
    const both = all.some((other) => other.name === name && other.flags?.negated === false)
    return {
      ...shared,
      type: 'boolean',
      ...(both ? {} : { default: one.default?.value ?? true }),
      places: [lone(flag, false)],
    }
  }
  if (one.counts === true) {
    const base = one.default?.value
    return {
      ...shared,
      type: 'integer',
      default: base,
      places: [{ kind: 'flag', flag, takes: 'count', form: 'auto', adds: true }],
    }
  }
  if (flags?.value === undefined) {
    const assumed = one.default?.value
    return {
      ...shared,
      type: 'boolean',
      ...(typeof assumed === 'boolean' ? { default: assumed } : {}),
      places: [lone(flag)],
    }
  }
  return { ...shared, ...valueRules(one), places: [optionPlace(one, flag)] }
}

function optionPlace(one: Declared, flag: string): Place {
  if (one.collects === true) return { ...withValue(flag), each: true, adds: true } as Place
  return one.variadic ? { kind: 'flag', flag, takes: 'many', form: 'auto' } : withValue(flag)
}

/** Type, list, choices and default. */
function valueRules(
  one: Declared,
): Pick<Parameter, 'type' | 'list' | 'choices' | 'default'> & { required?: boolean } {
  const known = learnt(one.input)
  const several = one.variadic || one.collects === true
  const assumed = one.default?.value ?? known.default
  const choices = one.choices ?? known.choices
  const said: ValueType =
    known.type ?? typeOfValue(several ? undefined : assumed) ?? typeOfValue(choices?.[0]) ?? 'string'
  // With a value that may be left off, a switch is only one of its forms.
  const type = said === 'boolean' && typeof assumed !== 'boolean' ? 'string' : said
  const value = several ? (Array.isArray(assumed) ? assumed : undefined) : fitDefault(assumed, type)
  return {
    type,
    ...(several ? { list: {} } : {}),
    ...(choices === undefined ? {} : { choices }),
    ...(value === undefined ? {} : { default: value }),
    ...(known.required === true && value === undefined ? { required: true } : {}),
  }
}

function argument(one: Declared, command: CommanderCommand): Parameter {
  const value = valueRules(one)
  const { input, name, mandatory, variadic } = one
  const taken = variadic ? (command.passesThrough === true ? 'rest' : 'many') : 'one'
  return {
    ...{ name, file: input.file, line: input.line },
    ...(one.description === undefined ? {} : { description: one.description }),
    ...value,
    ...(value.list !== undefined && mandatory ? { list: { min: 1 } } : {}),
    required: mandatory || value.required === true,
    places: [{ kind: 'positional', takes: taken }],
  }
}
