import type { ArgumentProblem, Fault } from './argument-problem.js'
import { isKnownDialect, tooLong } from './dialect.js'
import { guarded, TookTooLong } from './guarded.js'
import { isNameList, isRecord, isScalar, valueTests } from './plain-keywords.js'

/** Fills defaults into `args` (changing it) and reports what is wrong. */
export type ArgumentCheck = (args: Record<string, unknown>) => ArgumentProblem[]

type Path = readonly (string | number)[]
type ValueCheck = (value: unknown, path: Path, problems: ArgumentProblem[]) => void
type Schema = Readonly<Record<string, unknown>>

const CHECK_MS = 1_000

/**
 * A check for schemas that only nest objects, lists and scalars, which is what most skills have, or nothing for any
 * other. It agrees with the full validator to the letter; its reason is that loading that one costs more than running
 * a small script.
 */
export function plainSchemaCheck({ $schema: dialect, ...schema }: Schema): ArgumentCheck | undefined {
  if (schema.type !== 'object' || (dialect !== undefined && !isKnownDialect(dialect))) return undefined
  const uses = { pattern: false }
  const check = valueCheck(schema, uses)
  if (check === undefined) return undefined
  const collect: ArgumentCheck = (args) => {
    const problems: ArgumentProblem[] = []
    check(args, [], problems)
    return problems
  }
  if (!uses.pattern) return collect
  return (args) => {
    try {
      return guarded(CHECK_MS, () => collect(args))
    } catch (error) {
      if (error instanceof TookTooLong) return [tooLong]
      throw error
    }
  }
}

/** A check of one value; nothing for a schema with anything out of the ordinary. */
function valueCheck(schema: unknown, uses: { pattern: boolean }): ValueCheck | undefined {
  if (schema === true) return () => {}
  if (!isRecord(schema)) return undefined
  const { properties, required, additionalProperties, items, ...rest } = schema
  const tests = valueTests(rest, uses)
  const object = objectCheck(schema, uses)
  const item = items === undefined ? () => {} : valueCheck(items, uses)
  if (tests === undefined || object === undefined || item === undefined) return undefined
  return (value, path, problems) => {
    for (const test of tests) {
      const fault: Fault | undefined = test(value)
      if (fault !== undefined) problems.push({ path, fault })
    }
    if (isRecord(value)) object(value, path, problems)
    else if (Array.isArray(value)) {
      for (const [index, entry] of value.entries()) item(entry, [...path, index], problems)
    }
  }
}

type ObjectCheck = (value: Record<string, unknown>, path: Path, problems: ArgumentProblem[]) => void

/** The check of what is in an object: members with their defaults, names that must or may not be there. */
function objectCheck(schema: Schema, uses: { pattern: boolean }): ObjectCheck | undefined {
  const { properties = {}, required = [], additionalProperties = true } = schema
  if (!isRecord(properties) || !isNameList(required)) return undefined
  const names = Object.keys(properties)
  // Inherited names (constructor, toString) are the full validator's business.
  if ([...names, ...required].some((name) => name in Object.prototype)) return undefined
  const members = new Map<string, { readonly check: ValueCheck; readonly fallback: unknown }>()
  for (const name of names) {
    const member = properties[name]
    const check = valueCheck(member, uses)
    if (check === undefined) return undefined
    members.set(name, { check, fallback: isRecord(member) ? member.default : undefined })
  }
  const refuses = additionalProperties === false
  const other = refuses ? undefined : valueCheck(additionalProperties, uses)
  if (!refuses && other === undefined) return undefined

  return (value, path, problems) => {
    for (const [name, { fallback }] of members) {
      if (fallback !== undefined && value[name] === undefined) {
        value[name] = isScalar(fallback) ? fallback : structuredClone(fallback)
      }
    }
    for (const name of required) {
      if (!Object.hasOwn(value, name)) problems.push({ path: [...path, name], fault: { kind: 'missing' } })
    }
    for (const name of Object.keys(value)) {
      const inner = [...path, name]
      const check = members.get(name)?.check ?? other
      if (check === undefined) problems.push({ path: inner, fault: { kind: 'unknown', known: names } })
      else check(value[name], inner, problems)
    }
  }
}
