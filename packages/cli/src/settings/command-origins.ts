import type { OptionOrigins } from '@skilllite/core'
import type { ParsedArguments } from '../command-line/spec.js'

/** By option of the engine: its flag, and the variables of the environment that stand for it. */
const sources: Readonly<Record<string, readonly [flag: string, ...variables: string[]]>> = {
  level: ['level', 'SKILLLITE_LEVEL', 'SKILLBOX_SANDBOX_LEVEL'],
  timeoutMs: ['timeout', 'EXECUTION_TIMEOUT'],
  memoryMb: ['memory', 'MAX_MEMORY_MB'],
  allowHosts: ['allow-host', 'ALLOW_NETWORK'],
  allowRead: ['allow-read'],
  allowWrite: ['allow-write'],
  allowPrograms: ['allow-program'],
  files: ['files'],
  env: ['env'],
  redact: ['no-redact'],
  outputDir: ['output-dir'],
  backend: ['backend'],
}

/** Origins as the command's user knows them: what the engine calls the call is a flag or a variable here. */
export function commandOrigins(
  origins: OptionOrigins,
  parsed: ParsedArguments,
  environment: NodeJS.ProcessEnv,
): OptionOrigins {
  const entries = Object.entries(origins).flatMap(([name, from]) => {
    if (from === 'load') return []
    if (from !== 'call') return [[name, from] as const]
    const [flag = '', ...variables] = sources[name.split('.', 1)[0] ?? ''] ?? []
    if (parsed.values.has(flag) || parsed.flags.has(flag)) return [[name, `--${flag}`] as const]
    const variable = variables.find((candidate) => (environment[candidate] ?? '') !== '')
    return [[name, variable === undefined ? from : `${variable} in the environment`] as const]
  })
  return Object.fromEntries(entries)
}
