import { parseArgs } from 'node:util'
import { nearest } from './nearest.js'
import type { CommandSpec, OptionSpec, ParsedArguments } from './spec.js'
import { UsageError } from './usage-error.js'

/** Reads what follows a command's name. Throws {@link UsageError} for anything the table does not allow. */
export function parseCommandLine(spec: CommandSpec, argv: readonly string[]): ParsedArguments {
  const { tokens } = parseArgs({
    args: [...argv],
    // not strict: the messages below name the nearest option, which node's do not
    strict: false,
    tokens: true,
    allowPositionals: true,
    options: Object.fromEntries(
      spec.options.map((option) => [
        option.name,
        {
          type: option.value === undefined ? ('boolean' as const) : ('string' as const),
          ...(option.short === undefined ? {} : { short: option.short }),
        },
      ]),
    ),
  })
  const byName = new Map(spec.options.map((option) => [option.name, option]))
  const operands: string[] = []
  const flags = new Set<string>()
  const values = new Map<string, string[]>()
  let terminator: number | undefined
  for (const token of tokens) {
    if (token.kind === 'option-terminator') terminator = token.index
    else if (token.kind === 'positional') {
      if (terminator === undefined) operands.push(token.value)
    } else {
      const option = byName.get(token.name)
      if (option === undefined) throw unknownOption(spec, token.rawName)
      if (option.value === undefined) {
        if (token.value !== undefined) throw new UsageError(`--${option.name} takes no value.`)
        flags.add(option.name)
      } else {
        const value = checkValue(option, token.value, token.inlineValue === true)
        values.set(option.name, [...(values.get(option.name) ?? []), value])
      }
    }
  }
  for (const [name, given] of values) {
    if (given.length > 1 && byName.get(name)?.repeatable !== true) {
      throw new UsageError(`--${name} is given ${given.length} times, and takes one value.`)
    }
  }
  const rest = terminator === undefined ? undefined : argv.slice(terminator + 1)
  if (!flags.has('help')) checkOperands(spec, operands, rest)
  return { operands, rest, flags, values }
}

/** The value of an option that may be given once. */
export function optionValue(parsed: ParsedArguments, name: string): string | undefined {
  return parsed.values.get(name)?.[0]
}

/** An option nobody knows, with the one that was probably meant. */
export function unknownOption(
  spec: { name?: string; options: readonly OptionSpec[] },
  raw: string,
): UsageError {
  const name = raw.replace(/^-+/, '')
  const meant = raw.startsWith('--')
    ? nearest(
        name,
        spec.options.map((option) => option.name),
      )
    : undefined
  const command = spec.name === undefined ? 'skilllite' : `skilllite ${spec.name}`
  return new UsageError(
    `Unknown option ${raw} for ${command}.`,
    meant === undefined ? `See ${command} --help.` : `Did you mean --${meant}?`,
  )
}

function checkValue(option: OptionSpec, value: string | undefined, inline: boolean): string {
  // without "=", a value that looks like an option is a forgotten value; a lone "-" is stdin
  const forgotten = value === undefined || (!inline && value.length > 1 && value.startsWith('-'))
  if (forgotten) {
    throw new UsageError(
      `--${option.name} needs a value: --${option.name} ${option.value}.`,
      value === undefined ? undefined : `If ${value} is the value, write --${option.name}=${value}.`,
    )
  }
  if (option.choices !== undefined && !option.choices.includes(value)) {
    const meant = nearest(value, option.choices)
    throw new UsageError(
      `--${option.name} must be one of ${option.choices.join(', ')}; got ${JSON.stringify(value)}.`,
      meant === undefined ? undefined : `Did you mean ${meant}?`,
    )
  }
  return value
}

function checkOperands(
  spec: CommandSpec,
  operands: readonly string[],
  rest: readonly string[] | undefined,
): void {
  const usage = `Usage: skilllite ${spec.name} ${spec.operands}`.trimEnd()
  const [least, most] = spec.arity
  if (operands.length < least) {
    const missing = spec.operands.split(' ')[operands.length] ?? 'more'
    throw new UsageError(`skilllite ${spec.name} needs ${missing.replace('...', '')}.`, usage)
  }
  const extra = operands[most]
  if (extra !== undefined) {
    throw new UsageError(`skilllite ${spec.name} does not expect ${JSON.stringify(extra)}.`, usage)
  }
  const takesCommand = spec.operands.includes(' -- ')
  if (takesCommand && (rest === undefined || rest.length === 0)) {
    throw new UsageError(`skilllite ${spec.name} needs a command after --.`, usage)
  }
  if (!takesCommand && rest !== undefined && rest.length > 0) {
    throw new UsageError(`skilllite ${spec.name} takes nothing after --.`, usage)
  }
}
