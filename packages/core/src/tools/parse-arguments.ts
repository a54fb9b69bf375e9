import { quote, SkillLiteError } from '../errors.js'

/** The arguments of a call that came as JSON text; no text at all means no arguments. Throws `ARGUMENTS_INVALID`. */
export function parseArguments(text: string, tool: string): Record<string, unknown> {
  let value: unknown
  try {
    value = text.trim() === '' ? {} : JSON.parse(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw invalid(tool, `are not JSON: ${reason}, got ${quote(text)}`, error)
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>
  }
  throw invalid(tool, `must be a JSON object, got ${quote(text)}`)
}

function invalid(tool: string, problem: string, cause?: unknown): SkillLiteError {
  return new SkillLiteError(
    'ARGUMENTS_INVALID',
    `Arguments of ${quote(tool)} ${problem}`,
    'Call again with one JSON object.',
    { cause },
  )
}
