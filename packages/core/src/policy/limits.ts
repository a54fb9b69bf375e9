import { quote, SkillLiteError } from '../errors.js'
import { DEFAULT_LIMITS, LIMIT_RANGES } from './default-limits.js'
import type { PolicyOptions } from './policy-options.js'
import type { PolicyLimits } from './sandbox-policy.js'

/** The limits of a run. Throws `OPTION_INVALID` for a number that cannot be meant. */
export function resolveLimits(options: PolicyOptions): PolicyLimits {
  const limits: { -readonly [Name in keyof PolicyLimits]: number } = { ...DEFAULT_LIMITS }
  if (options.timeoutMs !== undefined) {
    // Someone who grants two minutes means two minutes of work, not thirty seconds of it.
    limits.wallMs = inRange('timeoutMs', options.timeoutMs, LIMIT_RANGES.wallMs)
    limits.cpuMs = limits.wallMs
  }
  if (options.memoryMb !== undefined) {
    const [low, high] = LIMIT_RANGES.memoryBytes.map((bytes) => bytes / 1024 / 1024)
    limits.memoryBytes = Math.round(
      inRange('memoryMb', options.memoryMb, [low ?? 1, high ?? 1]) * 1024 * 1024,
    )
  }
  for (const [name, value] of Object.entries(options.limits ?? {})) {
    if (!isLimitName(name)) {
      throw new SkillLiteError(
        'OPTION_INVALID',
        `limits has no ${quote(name)}`,
        `There are ${Object.keys(DEFAULT_LIMITS).join(', ')}.`,
      )
    }
    if (value !== undefined) limits[name] = inRange(`limits.${name}`, value, LIMIT_RANGES[name])
  }
  limits.wallMs = Math.ceil(limits.wallMs)
  limits.cpuMs = Math.ceil(limits.cpuMs)
  for (const name of [
    'pids',
    'files',
    'tempBytes',
    'outputBytes',
    'stdoutBytes',
    'stderrBytes',
    'connections',
    'networkBytes',
  ] as const) {
    limits[name] = Math.floor(limits[name])
  }
  limits.memoryBytes = Math.floor(limits.memoryBytes)
  return Object.freeze(limits)
}

const isLimitName = (name: string): name is keyof PolicyLimits => Object.hasOwn(DEFAULT_LIMITS, name)

function inRange(option: string, value: unknown, [low, high]: readonly [number, number]): number {
  if (typeof value === 'number' && value >= low && value <= high) return value
  const given = typeof value === 'number' ? String(value) : quote(value)
  throw new SkillLiteError(
    'OPTION_INVALID',
    `${option} must be a number from ${low} to ${high}, got ${given}`,
    `Set ${option} within that range, or leave it out for the default.`,
  )
}
