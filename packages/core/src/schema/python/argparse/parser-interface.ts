import type { ExclusiveArguments } from '../../argv-plan.js'
import type { CommandParameter, Parameter, ParameterLevel, ScriptInterface } from '../../parameter.js'
import type { Interpreter } from '../interpreter.js'
import type { CallArguments, PyValue } from '../values.js'
import { parameterOf } from './action-parameter.js'
import { helpText } from './help-text.js'
import type { ActionModel, ParserModel, SubparsersModel } from './parser-model.js'

interface Context {
  readonly args: CallArguments
  readonly run: Interpreter
}

/** What a script with this parser takes. */
export function parserInterface(model: ParserModel, context: Context): ScriptInterface {
  const whole = withBefore(model)
  const flags = allActions(whole).flatMap((action) => action.flags)
  const description = plainText(model.description)
  return {
    kind: 'argparse',
    ...(description === undefined ? {} : { description }),
    ...(whole.unknown === 0 ? {} : { incomplete: 'it adds arguments whose names its code computes' }),
    prefixes: model.prefixChars,
    endOfOptions: true,
    // A flag like -1 makes argparse take -5 for a flag too.
    ...(flags.some((flag) => /^-\d/.test(flag)) ? {} : { negativeNumbers: true }),
    ...(model.filePrefixChars === '' ? {} : { filePrefixes: model.filePrefixChars }),
    ...levelOf(whole, context, new Set(), 0),
  }
}

/** The parser with the arguments of those that parsed the line before it. */
function withBefore(model: ParserModel): ParserModel {
  const actions = [...model.actions]
  for (const { actions: earlier } of model.before) {
    for (const action of earlier) if (!actions.some(({ dest }) => dest === action.dest)) actions.push(action)
  }
  return { ...model, actions }
}

function allActions(model: ParserModel, depth = 0): ActionModel[] {
  const inner = [...(model.subparsers?.choices.values() ?? [])]
  return [
    ...model.actions,
    ...(depth > 8 ? [] : inner.flatMap(({ parser }) => allActions(parser, depth + 1))),
  ]
}

function levelOf(
  model: ParserModel,
  context: Context,
  taken: ReadonlySet<string>,
  depth: number,
): ParameterLevel {
  const byDest = new Map<string, ActionModel[]>()
  for (const action of model.actions) {
    if (action.dest === 'help' && action.action === 'none') continue
    byDest.set(action.dest, [...(byDest.get(action.dest) ?? []), action])
  }
  const parameters = [...byDest.values()].flatMap((actions) => {
    const parameter = parameterOf(actions, model, context.args, context.run)
    return parameter === undefined ? [] : [parameter]
  })
  const { subparsers } = model
  const commands =
    subparsers === undefined || subparsers.choices.size === 0 || depth > 6
      ? undefined
      : commandsOf(subparsers, parameters, context, taken, depth)
  return {
    parameters,
    exclusive: exclusiveOf(model, parameters),
    ...(commands === undefined ? {} : { commands }),
  }
}

function exclusiveOf(model: ParserModel, parameters: readonly Parameter[]): ExclusiveArguments[] {
  const known = new Set(parameters.map(({ name }) => name))
  return model.exclusive.flatMap(({ actions, required }) => {
    const names = [...new Set(actions.map(({ dest }) => dest))].filter((name) => known.has(name))
    // Flags of one destination exclude each other by themselves; a single argument is only needed.
    return names.length === 0 || (names.length === 1 && !required) ? [] : [{ names, required }]
  })
}

function commandsOf(
  { dest, required, help, choices, file, line }: SubparsersModel,
  parameters: readonly Parameter[],
  context: Context,
  taken: ReadonlySet<string>,
  depth: number,
): CommandParameter {
  const own = new Set([...taken, ...parameters.map(({ name }) => name)])
  for (const { parser } of choices.values()) for (const action of allActions(parser)) own.add(action.dest)
  const name = freeName([dest, 'command', 'subcommand', 'command_name'], own, depth)
  const within = new Set([...taken, name])
  const description = plainText(help)
  return {
    name,
    required,
    ...(description === undefined ? {} : { description }),
    file,
    line,
    choices: [...choices].map(([command, { parser, help: text }]) => {
      const said = commandText(text, parser)
      return {
        command,
        ...(said === undefined ? {} : { description: said }),
        ...levelOf(parser, context, within, depth + 1),
      }
    }),
  }
}

function freeName(
  wanted: readonly (string | undefined)[],
  taken: ReadonlySet<string>,
  depth: number,
): string {
  const free = wanted.find((name) => name !== undefined && !taken.has(name))
  return free ?? `subcommand_${depth + 1}`
}

function commandText(help: PyValue | undefined, parser: ParserModel): string | undefined {
  const text = typeof help === 'string' ? help : plainText(parser.description)?.split(/\n\s*\n/, 1)[0]
  if (text === undefined) return undefined
  const empty = { choices: undefined, dest: '', metavar: undefined, nargs: undefined, type: undefined }
  return helpText({ help: text, ...empty }, undefined)
    ?.replace(/\s+/g, ' ')
    .trim()
}

function plainText(value: PyValue | undefined): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}
