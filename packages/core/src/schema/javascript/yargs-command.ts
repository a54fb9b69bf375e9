import { listParameters } from '../observed/list-parameters.js'
import type { WordList } from '../observed/word-list.js'
import type { Parameter, ParameterLevel, ScriptInterface } from '../parameter.js'
import type { Reading } from './reading.js'
import { newOption, type YargsOption, yargsParameter } from './yargs-options.js'

/** A command of yargs, as the code sets it up. */
export interface YargsCommand {
  readonly name: string
  readonly description?: string
  readonly options: Map<string, YargsOption>
  readonly positionals: { readonly name: string; readonly required: boolean; readonly variadic: boolean }[]
  readonly commands: YargsCommand[]
  /** The level that is used where no command is named: `$0`. */
  readonly isDefault: boolean
  words?: WordList
  demanded?: boolean
  readonly at: { readonly file: string; readonly line: number }
}

export const newCommand = (name: string, at: YargsCommand['at'], description?: string): YargsCommand => ({
  ...{
    name,
    at,
    options: new Map(),
    positionals: [],
    commands: [],
    isDefault: name === '$0' || name === '*',
  },
  ...(description === undefined ? {} : { description }),
})

/** What a program of yargs takes; nothing where nothing is declared. */
export function describeYargs(top: YargsCommand, run: Reading): ScriptInterface | undefined {
  const found = level(top, run, 'command', 0)
  if (found.parameters.length === 0 && found.commands === undefined) return undefined
  // The words behind `--` never reach the positionals of a command, and a switch takes a `true` that follows it.
  return { kind: 'yargs', ...found, order: 'positionals-first', endOfOptions: false, dashIsFlag: true }
}

const MAX_LEVELS = 5

function level(command: YargsCommand, run: Reading, property: string, depth: number): ParameterLevel {
  const fallback = command.commands.find(({ isDefault }) => isDefault)
  const others = command.commands.filter((inner) => inner !== fallback)
  const parameters: Parameter[] = []
  for (const at of fallback === undefined ? [command] : [command, fallback]) {
    const names = new Set(at.positionals.map(({ name }) => name))
    for (const one of at.options.values()) if (!names.has(one.name)) parameters.push(yargsParameter(one))
    for (const place of at.positionals) {
      parameters.push(
        yargsParameter(at.options.get(place.name) ?? newOption(place.name, at.at.file, at.at.line), place),
      )
    }
  }
  if (command.words !== undefined) parameters.push(...listParameters(run.observed, command.words))
  const exclusive = [...command.options.values()].flatMap(({ name, conflicts = [] }) =>
    conflicts.map((other) => ({ names: [name, other], required: false })),
  )
  return {
    parameters,
    ...(exclusive.length === 0 ? {} : { exclusive }),
    ...(others.length === 0 || depth >= MAX_LEVELS
      ? {}
      : {
          commands: {
            name: parameters.some(({ name }) => name === property) ? `sub${property}` : property,
            required: fallback === undefined && command.demanded === true,
            ...command.at,
            choices: others.map((inner) => ({
              command: inner.name,
              ...(inner.description === undefined ? {} : { description: inner.description }),
              ...level(inner, run, `${inner.name.replaceAll('-', '_')}_command`, depth + 1),
            })),
          },
        }),
  }
}
