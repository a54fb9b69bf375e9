import { quote, SkillLiteError } from '../errors.js'
import type { ArgumentPlan } from '../schema/argv-plan.js'

// Linux takes no longer word (MAX_ARG_STRLEN), whatever the rest of the line.
const MAX_WORD_BYTES = 131_071

/** One value as a word of the command line. */
export function encodeWord(value: unknown, plan: Pick<ArgumentPlan, 'name' | 'encoding' | 'words'>): string {
  return checkWord(
    plan.encoding === undefined ? plainText(value, plan) : literal(value, plan.encoding),
    plan.name,
  )
}

/** The word itself, provided that a command line can hold it. */
export function checkWord(word: string, name: string): string {
  if (word.includes('\0')) throw refuse(name, word, 'a command line cannot hold a NUL character')
  if (/\p{Surrogate}/u.test(word)) throw refuse(name, word, 'it holds half of a character (a lone surrogate)')
  if (Buffer.byteLength(word) > MAX_WORD_BYTES) {
    throw refuse(
      name,
      word,
      `a word of a command line has at most ${MAX_WORD_BYTES} bytes; give it in a file`,
    )
  }
  return word
}

/** The error for a value that would not reach the script as what it is. */
export function refuse(name: string, value: unknown, reason: string): SkillLiteError {
  return refusal(`${name} cannot be given as ${quote(value)}: ${reason}`)
}

/** The error for arguments that do not go together. */
export function refusal(problem: string): SkillLiteError {
  return new SkillLiteError(
    'ARGUMENTS_INVALID',
    problem,
    'Call again with arguments that the script can be given.',
  )
}

function plainText(value: unknown, { words }: Pick<ArgumentPlan, 'words'>): string {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
      return numberText(value)
    case 'boolean':
      return words?.[value ? 0 : 1] ?? String(value)
    default:
      return JSON.stringify(value)
  }
}

/** Whole numbers in digits, never as `1e+21`. */
function numberText(value: number): string {
  return Number.isInteger(value) ? BigInt(value).toString() : String(value)
}

function literal(value: unknown, encoding: 'json' | 'python'): string {
  return encoding === 'json' ? JSON.stringify(value) : pythonLiteral(value)
}

function pythonLiteral(value: unknown): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'number') return numberText(value)
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(', ')}]`
  if (typeof value === 'object') {
    const members = Object.entries(value).map(
      ([key, member]) => `${JSON.stringify(key)}: ${pythonLiteral(member)}`,
    )
    return `{${members.join(', ')}}`
  }
  return JSON.stringify(value)
}
