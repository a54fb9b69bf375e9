import { commands, globalOptions } from '../command-line/commands.js'
import type { CommandSpec, OptionSpec } from '../command-line/spec.js'

/** The completion script for fish, made from the command table. */
export function fishScript(): string {
  const first = '-n __fish_use_subcommand'
  return `${[
    '# fish completion for skilllite. Use: skilllite completion fish | source',
    'complete -c skilllite -f',
    ...commands.map(
      (command) => `complete -c skilllite ${first} -a ${command.name} -d ${quoted(command.about)}`,
    ),
    ...globalOptions.map((option) => `complete -c skilllite ${first} ${optionPart(option)}`),
    ...commands.flatMap(linesOf),
  ].join('\n')}\n`
}

function linesOf(command: CommandSpec): string[] {
  const condition = `-n ${quoted(`__fish_seen_subcommand_from ${command.name}`)}`
  const { completes = 'none' } = command
  const places = {
    skill: ["-a '(skilllite completion names 2>/dev/null)'", "-a '(__fish_complete_directories)'"],
    directory: ["-a '(__fish_complete_directories)'"],
    none: [],
  }
  const operands = typeof completes === 'string' ? places[completes] : [`-a ${quoted(completes.join(' '))}`]
  return [...command.options.map(optionPart), ...operands].map(
    (part) => `complete -c skilllite ${condition} ${part}`,
  )
}

function optionPart(option: OptionSpec): string {
  const short = option.short === undefined ? '' : `-s ${option.short} `
  const value = option.value === undefined ? '' : option.completes === undefined ? ' -x' : ' -r -F'
  const choices = option.choices === undefined ? '' : ` -a ${quoted(option.choices.join(' '))}`
  return `${short}-l ${option.name}${value}${choices} -d ${quoted(option.about)}`
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
