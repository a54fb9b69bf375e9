import { quote, SkillLiteError } from '../errors.js'

const MAX_DEPTH = 64

/**
 * A copy of arguments that is plain JSON data and shares nothing with what the caller holds. Throws `ARGUMENTS_INVALID`
 * for what JSON cannot say.
 */
export function copyArguments(args: unknown, tool: string): Record<string, unknown> {
  if (typeof args !== 'object' || args === null || Array.isArray(args)) {
    throw invalid(tool, `the arguments must be an object, got ${quote(args)}`)
  }
  return copyObject(args, 0, tool)
}

function copyObject(source: object, depth: number, tool: string): Record<string, unknown> {
  const copy: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(source)) {
    if (name === '__proto__') throw invalid(tool, 'an argument may not be named __proto__')
    if (value !== undefined) copy[name] = copyValue(value, depth + 1, name, tool)
  }
  return copy
}

function copyValue(value: unknown, depth: number, name: string, tool: string): unknown {
  if (depth > MAX_DEPTH) throw invalid(tool, `the arguments are nested deeper than ${MAX_DEPTH} levels`)
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (Array.isArray(value))
    return value.map((item: unknown) => copyValue(item ?? null, depth + 1, name, tool))
  if (typeof value === 'object') {
    const prototype: unknown = Object.getPrototypeOf(value)
    // A second realm's plain object has another Object.prototype, whose own prototype is null too.
    if (prototype === null || Object.getPrototypeOf(prototype) === null) return copyObject(value, depth, tool)
  }
  const kind = typeof value === 'object' ? 'an object of a class' : `the ${typeof value} ${String(value)}`
  throw invalid(tool, `${quote(name)} is ${kind}, which JSON cannot hold`)
}

function invalid(tool: string, problem: string): SkillLiteError {
  return new SkillLiteError('ARGUMENTS_INVALID', `Arguments of ${tool}: ${problem}`, 'Pass plain JSON data.')
}
