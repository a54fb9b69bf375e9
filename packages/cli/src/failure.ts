import { UsageError } from './command-line/usage-error.js'
import { ExitCode, signalNumbers } from './exit-codes.js'
import { visible } from './terminal/escape.js'
import { StdoutClosed, tell } from './terminal/output.js'
import { styleFor } from './terminal/style.js'

/** A failure as data: what `--format json` prints for it. */
export interface Failure {
  readonly status: 'failed'
  /** A code of core's errors; `USAGE` and `INTERNAL` are the command's own. */
  readonly code: string
  readonly message: string
  readonly hint?: string
}

const notFound: ReadonlySet<string> = new Set([
  'SKILL_NOT_FOUND',
  'SCRIPT_UNKNOWN',
  'SCRIPT_MISSING',
  'TOOL_UNKNOWN',
])

/** Tells on stderr what went wrong and what to do, without a stack trace. Returns the exit status. */
export function reportFailure(error: unknown): number {
  if (StdoutClosed.is(error)) return ExitCode.signal + signalNumbers.SIGPIPE
  const failure = failureOf(error)
  const style = styleFor(2)
  tell(`${style.red('skilllite:')} ${visible(failure.message)}`)
  if (failure.hint !== undefined && failure.hint !== '')
    tell(`  ${visible(failure.hint).replaceAll('\n', '\n  ')}`)
  return exitCodeOf(failure)
}

export function exitCodeOf(failure: Failure): number {
  if (failure.code === 'USAGE') return ExitCode.usage
  return notFound.has(failure.code) ? ExitCode.notFound : ExitCode.failure
}

/** Any thrown value as a {@link Failure}. */
export function failureOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error)
  if (UsageError.is(error)) return failure('USAGE', message, error.hint)
  if (isSkillLiteError(error)) {
    if (error.code !== 'OPTION_INVALID') return failure(error.code, message, error.hint)
    return failure(error.code, asFlags(message), error.hint && asFlags(error.hint))
  }
  return failure(
    'INTERNAL',
    `Something failed that should not have: ${message}`,
    'Please report it, with the command line, at https://github.com/EXboys/skilllite/issues.',
  )
}

/** The engine speaks of its options; here they are flags. */
function asFlags(text: string): string {
  return text.replace(/\b[a-z]+[A-Z][A-Za-z]+\b/g, (name) => flags[name] ?? name)
}

const flags: Readonly<Record<string, string>> = {
  timeoutMs: '--timeout',
  memoryMb: '--memory',
  allowHosts: '--allow-host',
  allowRead: '--allow-read',
  allowWrite: '--allow-write',
  allowPrograms: '--allow-program',
  outputDir: '--output-dir',
  allowSourceBuilds: '--allow-source',
}

function failure(code: string, message: string, hint: string | undefined): Failure {
  return { status: 'failed', code, message, ...(hint === undefined ? {} : { hint }) }
}

/** By brand, not by class: wrong usage must not cost the loading of core. */
function isSkillLiteError(error: unknown): error is Error & { code: string; hint: string | undefined } {
  return error instanceof Error && Symbol.for('skilllite.error') in error
}
