import { commands, globalOptions } from './command-line/commands.js'
import { nearest } from './command-line/nearest.js'
import { parseCommandLine, unknownOption } from './command-line/parse.js'
import type { CommandModule } from './command-line/spec.js'
import { UsageError } from './command-line/usage-error.js'
import * as exec from './commands/exec.js'
import * as run from './commands/run.js'
import { ExitCode } from './exit-codes.js'
import { reportFailure } from './failure.js'
import { writeStderr, writeStdout } from './terminal/output.js'

/**
 * The code of a command. Those that start a script are part of this file, not imported late: their start time is
 * what people wait for, and the bundler leaves out what they do not use only where the import is static.
 */
async function load(name: string): Promise<CommandModule | undefined> {
  if (name === 'run') return run
  if (name === 'exec') return exec
  const { otherCommands } = await import('./other-commands.js')
  return otherCommands[name]
}

/** Does what the command line says. Resolves to the exit status, and never rejects. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    return await dispatch(argv)
  } catch (error) {
    return reportFailure(error)
  }
}

async function dispatch(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv
  if (name === undefined) {
    const { overview } = await import('./other-commands.js')
    writeStderr(overview())
    return ExitCode.usage
  }
  if (name.startsWith('-')) return globalOption(name)
  if (name === 'help') return help(rest[0])
  const spec = commands.find((command) => command.name === name)
  if (spec === undefined) throw unknownCommand(name)
  const parsed = parseCommandLine(spec, rest)
  if (parsed.flags.has('help')) return help(name)
  const module = await load(name)
  if (module === undefined) throw unknownCommand(name)
  return module.command(parsed)
}

async function globalOption(raw: string): Promise<number> {
  if (raw === '--help' || raw === '-h') return help(undefined)
  if (raw === '--version' || raw === '-V') {
    const { version } = await import('./other-commands.js')
    writeStdout(`${version}\n`)
    return ExitCode.ok
  }
  throw unknownOption({ options: globalOptions }, raw)
}

async function help(name: string | undefined): Promise<number> {
  const { commandHelp, overview } = await import('./other-commands.js')
  const spec = commands.find((command) => command.name === name)
  if (name !== undefined && spec === undefined) throw unknownCommand(name)
  writeStdout(spec === undefined ? overview() : commandHelp(spec))
  return ExitCode.ok
}

function unknownCommand(name: string): UsageError {
  const meant = nearest(
    name,
    commands.map((command) => command.name),
  )
  return new UsageError(
    `Unknown command ${JSON.stringify(name)}.`,
    meant === undefined ? 'See skilllite --help.' : `Did you mean ${meant}?`,
  )
}
