import type { PolicyOptions, RunOptions, SandboxLevel } from '@skilllite/core'
import { optionValue } from '../command-line/parse.js'
import type { ParsedArguments } from '../command-line/spec.js'
import { UsageError } from '../command-line/usage-error.js'

/** What the flags say about the sandbox, and in second place the environment. What neither says stays core's. */
export function policyOptions(parsed: ParsedArguments, environment: NodeJS.ProcessEnv): PolicyOptions {
  const level = optionValue(parsed, 'level') ?? levelFrom(environment)
  const seconds = numberFrom(parsed, 'timeout', environment, 'EXECUTION_TIMEOUT')
  const memoryMb = numberFrom(parsed, 'memory', environment, 'MAX_MEMORY_MB')
  const outputDir = optionValue(parsed, 'output-dir')
  const list = (name: string) => parsed.values.get(name)
  return dropUndefined({
    level: level === undefined ? undefined : (Number(level) as SandboxLevel),
    timeoutMs: seconds === undefined ? undefined : Math.round(seconds * 1000),
    memoryMb,
    allowHosts: list('allow-host'),
    allowRead: list('allow-read'),
    files: optionValue(parsed, 'files') as PolicyOptions['files'],
    allowWrite: list('allow-write'),
    allowPrograms: list('allow-program'),
    env: environmentGrants(list('env') ?? []),
    redact: parsed.flags.has('no-redact') ? false : undefined,
    outputDir,
  })
}

/** `--backend`. */
export function backendOption(parsed: ParsedArguments): Pick<RunOptions, 'backend'> {
  const name = optionValue(parsed, 'backend')
  // the parser has checked it against the choices of the table
  return name === undefined ? {} : { backend: name as NonNullable<RunOptions['backend']> }
}

/** Whether a variable of the environment says yes. */
export function isYes(value: string | undefined): boolean {
  return /^(1|true|yes|on)$/i.test(value?.trim() ?? '')
}

function levelFrom(environment: NodeJS.ProcessEnv): string | undefined {
  for (const name of ['SKILLLITE_LEVEL', 'SKILLBOX_SANDBOX_LEVEL']) {
    const value = environment[name]
    if (value === undefined || value === '') continue
    if (/^[123]$/.test(value)) return value
    throw new UsageError(
      `${name} must be 1, 2 or 3; got ${JSON.stringify(value)}.`,
      `Change or unset ${name}.`,
    )
  }
  return undefined
}

function numberFrom(
  parsed: ParsedArguments,
  flag: string,
  environment: NodeJS.ProcessEnv,
  variable: string,
): number | undefined {
  const given = optionValue(parsed, flag)
  const text = given ?? environment[variable]
  if (text === undefined || (given === undefined && text === '')) return undefined
  const value = /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN
  if (value > 0 && Number.isFinite(value)) return value
  const name = given === undefined ? variable : `--${flag}`
  throw new UsageError(`${name} must be a number above 0, got ${JSON.stringify(text)}.`)
}

function environmentGrants(list: readonly string[]): Record<string, string | true> | undefined {
  if (list.length === 0) return undefined
  const grants = new Map<string, string | true>()
  for (const entry of list) {
    const sign = entry.indexOf('=')
    const name = sign < 0 ? entry : entry.slice(0, sign)
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      // what stands after the sign is a secret
      throw new UsageError(`--env needs NAME or NAME=VALUE; ${JSON.stringify(name)} is no name.`)
    }
    grants.set(name, sign < 0 ? true : entry.slice(sign + 1))
  }
  return Object.fromEntries(grants)
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** An option set to undefined is not the same as one left out. */
function dropUndefined<T extends object>(options: T): Defined<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Defined<T>
}
