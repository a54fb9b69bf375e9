import { quote } from '../errors.js'
import type { ArgumentProblem } from '../schema/argument-problem.js'
import { isRecord } from '../schema/plain-keywords.js'
import { displayPath, type Path, valueAt } from './argument-path.js'
import { nearestName } from './nearest-name.js'
import type { JsonSchema } from './tool-definition.js'

const MAX_LISTED = 20

/** Names under which models give values that should each have had a name of its own. */
const UNNAMED = /^(args|argv|arguments|positional|positionals|_|\d+)$/

/** One problem in words that a model can act on: which argument, what was given, what is allowed. */
export function describeProblem({ path, fault }: ArgumentProblem, args: unknown, schema: JsonSchema): string {
  const where = displayPath(path)
  const got = `got ${quote(valueAt(args, path))}`
  switch (fault.kind) {
    case 'missing': {
      const wanted = describeWanted(schemaAt(schema, path))
      return `${where} is missing${wanted === '' ? '' : `; it must be ${wanted}`}`
    }
    case 'unknown':
      return `${where} is not an argument${describeKnown(String(path.at(-1)), fault.known)}`
    case 'choice': {
      const given = valueAt(args, path)
      const texts = fault.allowed.filter((value) => typeof value === 'string')
      const nearest = typeof given === 'string' ? nearestName(given, texts) : undefined
      const suggestion = nearest === undefined ? '' : `; did you mean ${quote(nearest)}?`
      return `${where} must be ${oneOf(fault.allowed)}, ${got}${suggestion}`
    }
    case 'type':
      return `${where} must be ${fault.types.map(withArticle).join(' or ')}, ${got} (${withArticle(typeOf(valueAt(args, path)))})`
    case 'bound':
      return `${where} must be ${fault.comparison} ${fault.limit}, ${got}`
    case 'size': {
      const comparison = fault.comparison === '>=' ? 'at least' : 'at most'
      return `${where} must have ${comparison} ${fault.limit} ${fault.unit}, got ${sizeOf(valueAt(args, path))}: ${quote(valueAt(args, path))}`
    }
    case 'other':
      return path.length === 0 ? `the arguments ${fault.text}` : `${where} ${fault.text}, ${got}`
  }
}

function describeKnown(given: string, known: readonly string[]): string {
  if (known.length === 0) return ' (there are none)'
  const there = `there are ${listed(known, String)}`
  const nearest = nearestName(given, known)
  if (nearest !== undefined) return `; did you mean ${nearest}? (${there})`
  return UNNAMED.test(given) ? `: give each value by its name (${there})` : ` (${there})`
}

/** What a property takes: its choices, else its types; empty where the schema does not say. */
function describeWanted(property: JsonSchema): string {
  if (Array.isArray(property.enum) && property.enum.length > 0) return oneOf(property.enum)
  const types = [property.type].flat().filter((type) => typeof type === 'string')
  return types.map(withArticle).join(' or ')
}

/** The schema of what stands at a path, as far as it is said plainly. */
function schemaAt(schema: JsonSchema, path: Path): JsonSchema {
  let at: unknown = schema
  for (const part of path) {
    if (!isRecord(at)) return {}
    const { properties, items } = at
    if (typeof part === 'number') at = items
    else at = isRecord(properties) && Object.hasOwn(properties, part) ? properties[part] : undefined
  }
  return isRecord(at) ? at : {}
}

const oneOf = (values: readonly unknown[]): string =>
  `${values.length === 1 ? '' : 'one of '}${listed(values, quote)}`

function listed<T>(values: readonly T[], show: (value: T) => string): string {
  const shown = values.slice(0, MAX_LISTED).map((value) => show(value))
  const rest = values.length - shown.length
  return shown.join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}

/** As JSON Schema counts: items of a list, code points of a text. */
const sizeOf = (value: unknown): number => (Array.isArray(value) ? value.length : [...String(value)].length)

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

const withArticle = (type: string): string => {
  if (type === 'null' || type === 'undefined') return type
  return /^[aeio]/.test(type) ? `an ${type}` : `a ${type}`
}
