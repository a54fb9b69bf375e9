/** Every code a {@link SkillLiteError} can carry. Codes are stable; messages are not. */
export type ErrorCode =
  // reading skills
  | 'SKILL_NOT_FOUND'
  | 'SKILL_FILE_MISSING'
  | 'SKILL_UNREADABLE'
  | 'SKILL_TOO_LARGE'
  | 'SKILL_NOT_A_FILE'
  | 'SKILL_ENCODING'
  | 'SKILL_FRONT_MATTER_MISSING'
  | 'SKILL_FRONT_MATTER_UNCLOSED'
  | 'SKILL_FRONT_MATTER_INVALID'
  | 'SKILL_FIELD_MISSING'
  | 'SKILL_FIELD_INVALID'
  | 'SKILL_SCHEMA_INVALID'
  | 'RESOURCE_OUTSIDE_SKILL'
  | 'RESOURCE_NOT_FOUND'
  | 'RESOURCE_TOO_LARGE'
  | 'RESOURCE_NOT_A_FILE'
  | 'RESOURCE_UNREADABLE'
  // calling tools
  | 'TOOL_UNKNOWN'
  | 'SCRIPT_UNKNOWN'
  | 'SCRIPT_MISSING'
  | 'ARGUMENTS_INVALID'
  | 'OPTION_INVALID'
  | 'CONFIG_INVALID'
  // running
  | 'INTERPRETER_MISSING'
  | 'DEPENDENCY_INVALID'
  | 'DEPENDENCY_INSTALL_FAILED'
  | 'DEPENDENCY_LOCK_INVALID'
  | 'SANDBOX_BINARY_MISSING'
  | 'SANDBOX_UNAVAILABLE'
  | 'SANDBOX_SETUP_FAILED'
  | 'SANDBOX_PROTOCOL'
  // asking a model
  | 'ENDPOINT_SETTINGS_MISSING'
  | 'ENDPOINT_FAILED'

const brand = Symbol.for('skilllite.error')

/**
 * The one error type that SkillLite throws. `message` says what is wrong and where, `hint` what to do next,
 * `code` is for programs. Use {@link SkillLiteError.is} rather than `instanceof`: two copies of the package
 * in one process have two classes, but one brand.
 */
export class SkillLiteError extends Error {
  override readonly name = 'SkillLiteError'
  readonly [brand] = true

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly hint?: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }

  static is(error: unknown): error is SkillLiteError {
    return typeof error === 'object' && error !== null && brand in error
  }
}

/**
 * What is not seen but acts: control characters, the formats that turn the direction of text or hide it, line and
 * paragraph separators, and private characters, which each terminal shows as it likes.
 */
const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]/gu

/** Shows a value from outside in a message: one line, what is not seen escaped, cut at `max` characters. Never throws. */
export function quote(value: unknown, max = 80): string {
  const text = jsonOf(value, max).replace(unseen, escapeUnicode)
  return text.length > max ? `${text.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '')}…` : text
}

function jsonOf(value: unknown, max: number): string {
  // Its start is all that can be shown, and there may be gigabytes of it.
  if (typeof value === 'string') return JSON.stringify(value.slice(0, max))
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    // Circular, nested too deeply, a bigint, or with a toJSON that throws.
    return typeof value === 'bigint' ? `${value}` : `a value of type ${typeof value}`
  }
}

const escapeUnicode = (character: string): string =>
  character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
