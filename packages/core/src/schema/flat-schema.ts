import type { ArgumentProblem, Fault } from './argument-problem.js'

/** Fills defaults into `args` (changing it) and reports what is wrong. */
export type ArgumentCheck = (args: Record<string, unknown>) => ArgumentProblem[]

type Path = readonly (string | number)[]
type ValueCheck = (value: unknown, path: Path, problems: ArgumentProblem[]) => void

const annotations = new Set([
  'title',
  'description',
  '$comment',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
])
const typeNames = new Set(['string', 'number', 'integer', 'boolean', 'null', 'array'])

/**
 * A check for the schemas that most skills have (one flat object of scalars and lists of scalars), or nothing for any
 * other. It agrees with the full validator to the letter; its reason is that loading that one costs more than running
 * a small script.
 */
export function flatSchemaCheck(schema: Readonly<Record<string, unknown>>): ArgumentCheck | undefined {
  const properties: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  let required: readonly string[] = []
  let additional = true
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'type') {
      if (value !== 'object') return undefined
    } else if (key === 'properties') {
      if (!isRecord(value)) return undefined
      Object.assign(properties, value)
    } else if (key === 'required') {
      if (!isNameList(value)) return undefined
      required = value
    } else if (key === 'additionalProperties') {
      if (typeof value !== 'boolean') return undefined
      additional = value
    } else if (!isAnnotation(key, value)) return undefined
  }
  if (schema.type !== 'object') return undefined
  const names = Object.keys(properties)
  // Inherited names (constructor, toString) and their defaults are the full validator's business.
  if ([...names, ...required].some((name) => name in Object.prototype)) return undefined

  const members: { name: string; check: ValueCheck; fallback: unknown }[] = []
  for (const name of names) {
    const member = properties[name]
    const check = isRecord(member) ? valueCheck(member, true) : undefined
    if (check === undefined || !isRecord(member)) return undefined
    members.push({ name, check, fallback: member.default })
  }

  return (args) => {
    const problems: ArgumentProblem[] = []
    for (const { name, check, fallback } of members) {
      if (fallback !== undefined && args[name] === undefined) {
        args[name] = Array.isArray(fallback) ? [...(fallback as unknown[])] : fallback
      }
      if (Object.hasOwn(args, name)) check(args[name], [name], problems)
    }
    for (const name of required) {
      if (!Object.hasOwn(args, name)) problems.push({ path: [name], fault: { kind: 'missing' } })
    }
    if (!additional) {
      for (const name of Object.keys(args)) {
        if (!(name in properties)) problems.push({ path: [name], fault: { kind: 'unknown', known: names } })
      }
    }
    return problems
  }
}

/** A check of one value; `undefined` for a schema with anything out of the ordinary. */
function valueCheck(
  schema: Readonly<Record<string, unknown>>,
  listsAllowed: boolean,
): ValueCheck | undefined {
  const tests: ((value: unknown) => Fault | undefined)[] = []
  let itemCheck: ValueCheck | undefined
  for (const [key, limit] of Object.entries(schema)) {
    switch (key) {
      case 'type': {
        const types = typeof limit === 'string' ? [limit] : limit
        if (!isNameList(types) || types.length === 0) return undefined
        if (!types.every((type) => typeNames.has(type) && (listsAllowed || type !== 'array')))
          return undefined
        tests.push((value) =>
          types.some((type) => isOfType(value, type)) ? undefined : { kind: 'type', types },
        )
        break
      }
      case 'enum': {
        if (!Array.isArray(limit) || limit.length === 0 || !limit.every(isScalar)) return undefined
        tests.push((value) =>
          (limit as unknown[]).includes(value) ? undefined : { kind: 'choice', allowed: limit },
        )
        break
      }
      case 'const':
        if (!isScalar(limit)) return undefined
        tests.push((value) => (value === limit ? undefined : { kind: 'choice', allowed: [limit] }))
        break
      case 'minimum':
      case 'maximum':
      case 'exclusiveMinimum':
      case 'exclusiveMaximum': {
        if (typeof limit !== 'number' || !Number.isFinite(limit)) return undefined
        const { comparison, holds } = bounds[key]
        tests.push((value) =>
          typeof value !== 'number' || holds(value, limit) ? undefined : { kind: 'bound', comparison, limit },
        )
        break
      }
      case 'minLength':
      case 'maxLength':
      case 'minItems':
      case 'maxItems': {
        if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 0) return undefined
        const unit = key.endsWith('Length') ? 'characters' : 'items'
        const comparison = key.startsWith('min') ? '>=' : '<='
        tests.push((value) => {
          const size = unit === 'items' ? listSize(value) : textSize(value)
          const holds = size === undefined || (comparison === '>=' ? size >= limit : size <= limit)
          return holds ? undefined : { kind: 'size', unit, comparison, limit }
        })
        break
      }
      case 'items':
        itemCheck = isRecord(limit) ? valueCheck(limit, false) : undefined
        if (itemCheck === undefined) return undefined
        break
      case 'default':
        if (!isScalar(limit) && !(Array.isArray(limit) && limit.every(isScalar))) return undefined
        break
      default:
        if (!isAnnotation(key, limit)) return undefined
    }
  }
  return (value, path, problems) => {
    for (const test of tests) {
      const fault = test(value)
      if (fault !== undefined) problems.push({ path, fault })
    }
    if (itemCheck !== undefined && Array.isArray(value)) {
      for (const [index, item] of value.entries()) itemCheck(item, [...path, index], problems)
    }
  }
}

const bounds = {
  minimum: { comparison: '>=', holds: (value: number, limit: number) => value >= limit },
  maximum: { comparison: '<=', holds: (value: number, limit: number) => value <= limit },
  exclusiveMinimum: { comparison: '>', holds: (value: number, limit: number) => value > limit },
  exclusiveMaximum: { comparison: '<', holds: (value: number, limit: number) => value < limit },
} as const

/** Length in code points, as JSON Schema counts. */
function textSize(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined
  let size = 0
  for (const _ of value) size++
  return size
}

const listSize = (value: unknown): number | undefined => (Array.isArray(value) ? value.length : undefined)

function isOfType(value: unknown, type: string): boolean {
  if (type === 'null') return value === null
  if (type === 'array') return Array.isArray(value)
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'number') return typeof value === 'number' && Number.isFinite(value)
  return type === (typeof value as string)
}

function isAnnotation(key: string, value: unknown): boolean {
  if (!annotations.has(key)) return false
  if (key === 'examples') return Array.isArray(value)
  return (
    typeof value === (key === 'title' || key === 'description' || key === '$comment' ? 'string' : 'boolean')
  )
}

function isScalar(value: unknown): value is string | number | boolean | null {
  return value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
}

function isNameList(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.every((name) => typeof name === 'string') &&
    new Set(value).size === value.length
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
