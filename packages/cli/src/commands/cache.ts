import { type CachedEnvironment, cachedEnvironments, pruneEnvironments } from '@skilllite/core'
import { optionValue } from '../command-line/parse.js'
import type { ParsedArguments } from '../command-line/spec.js'
import { UsageError } from '../command-line/usage-error.js'
import { ExitCode } from '../exit-codes.js'
import { visibleJson, visibleLine } from '../terminal/escape.js'
import { tell, writeStdout } from '../terminal/output.js'
import { styleFor } from '../terminal/style.js'
import { table } from '../terminal/table.js'

const DEFAULT_DAYS = 30

/** `skilllite cache list` and `skilllite cache prune`. */
export async function command(parsed: ParsedArguments): Promise<number> {
  const json = optionValue(parsed, 'format') === 'json'
  switch (parsed.operands[0]) {
    case 'list':
      return list(json)
    case 'prune':
      return prune(unusedDays(parsed), json)
    default:
      throw new UsageError('skilllite cache needs list or prune.', 'See skilllite cache --help.')
  }
}

async function list(json: boolean): Promise<number> {
  const environments = await cachedEnvironments()
  if (json) writeStdout(`${visibleJson(environments)}\n`)
  else if (environments.length === 0) tell('skilllite: no packages are installed for skills.')
  else
    writeStdout(table(['KEY', 'FOR', 'PACKAGES', 'SIZE', 'LAST USED'], environments.map(rowOf), styleFor(1)))
  return ExitCode.ok
}

async function prune(days: number, json: boolean): Promise<number> {
  const pruned = await pruneEnvironments(days)
  if (json) writeStdout(`${visibleJson(pruned)}\n`)
  else {
    const { environments, abandoned, bytes } = pruned
    const more = abandoned === 0 ? '' : `, and what ${abandoned} interrupted installations had left`
    tell(`skilllite: removed ${environments.length} environments (${mebibytes(bytes)})${more}.`)
  }
  return ExitCode.ok
}

function rowOf({ key, language, interpreter, packages, bytes, lastUsed }: CachedEnvironment): string[] {
  const name = language === 'python' ? 'Python' : 'Node'
  return [
    key.slice(0, 12),
    `${name} ${interpreter}`,
    packages.join(' '),
    mebibytes(bytes),
    lastUsed.slice(0, 10),
  ].map(visibleLine)
}

function unusedDays(parsed: ParsedArguments): number {
  const text = optionValue(parsed, 'unused')
  if (parsed.flags.has('all')) {
    if (text !== undefined) throw new UsageError('Give --unused or --all, not both.')
    return 0
  }
  if (text === undefined) return DEFAULT_DAYS
  const days = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (days > 0) return days
  throw new UsageError(
    `--unused must be a number of days above 0, got ${JSON.stringify(text)}.`,
    '--all removes all.',
  )
}

const mebibytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`
