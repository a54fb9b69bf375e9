import { commands, globalOptions } from './commands.js'
import type { CommandSpec, OptionSpec } from './spec.js'

/** `skilllite --help`. */
export function overview(): string {
  const width = Math.max(...commands.map((command) => command.name.length))
  return [
    'Run Agent Skills as typed tools in a native sandbox.',
    '',
    'Usage: skilllite COMMAND [OPTION]...',
    '',
    'Commands:',
    ...commands.map((command) => `  ${command.name.padEnd(width)}  ${command.about}`),
    '',
    'Options:',
    ...optionLines(globalOptions),
    '',
    'Environment:',
    '  SKILLLITE_SKILLS_DIR  Where skills are, as --skills-dir',
    '  SKILLLITE_LEVEL       Sandbox level, as --level',
    '  EXECUTION_TIMEOUT, MAX_MEMORY_MB, ALLOW_NETWORK  Limits and network, as --timeout, --memory, --allow-host',
    '',
    'See skilllite COMMAND --help for a command.',
    '',
  ].join('\n')
}

/** `skilllite COMMAND --help`. */
export function commandHelp(spec: CommandSpec): string {
  return [
    `${spec.about}.`,
    '',
    `Usage: skilllite ${spec.name} ${spec.operands}`.trimEnd(),
    '',
    ...(spec.details === undefined ? [] : [spec.details, '']),
    'Options:',
    ...optionLines(spec.options),
    '',
    'Example:',
    `  ${spec.example}`,
    '',
  ].join('\n')
}

function optionLines(options: readonly OptionSpec[]): string[] {
  const heads = options.map((option) => {
    const short = option.short === undefined ? '    ' : `-${option.short}, `
    return `  ${short}--${option.name}${option.value === undefined ? '' : ` ${option.value}`}`
  })
  const width = Math.max(...heads.map((head) => head.length))
  return options.map((option, index) => `${(heads[index] ?? '').padEnd(width)}  ${option.about}`)
}
