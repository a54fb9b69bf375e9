import type { Fault } from './argument-problem.js'

type Test = (value: unknown) => Fault | undefined

const typeNames = new Set(['string', 'number', 'integer', 'boolean', 'null', 'array', 'object'])

/** Tests for the keywords that look at one value alone; nothing where one is unknown or not well formed. */
export function valueTests(
  keywords: Readonly<Record<string, unknown>>,
  uses: { pattern: boolean },
): readonly Test[] | undefined {
  const tests: Test[] = []
  for (const [key, limit] of Object.entries(keywords)) {
    if (isAnnotation(key, limit)) continue
    if (key === 'pattern') uses.pattern = true
    const test = valueTest(key, limit)
    if (test === undefined) return undefined
    tests.push(test)
  }
  return tests
}

function valueTest(key: string, limit: unknown): Test | undefined {
  switch (key) {
    case 'type': {
      const types = typeof limit === 'string' ? [limit] : limit
      if (!isNameList(types) || types.length === 0 || !types.every((type) => typeNames.has(type)))
        return undefined
      return (value) => (types.some((type) => isOfType(value, type)) ? undefined : { kind: 'type', types })
    }
    case 'enum': {
      if (!Array.isArray(limit) || limit.length === 0 || !limit.every(isScalar)) return undefined
      const allowed: readonly unknown[] = limit
      return (value) => (allowed.includes(value) ? undefined : { kind: 'choice', allowed })
    }
    case 'const':
      if (!isScalar(limit)) return undefined
      return (value) => (value === limit ? undefined : { kind: 'choice', allowed: [limit] })
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum': {
      if (typeof limit !== 'number' || !Number.isFinite(limit)) return undefined
      const { comparison, holds } = bounds[key]
      return (value) =>
        typeof value !== 'number' || holds(value, limit) ? undefined : { kind: 'bound', comparison, limit }
    }
    case 'minLength':
    case 'maxLength':
    case 'minItems':
    case 'maxItems': {
      if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 0) return undefined
      const unit = key.endsWith('Length') ? 'characters' : 'items'
      const comparison = key.startsWith('min') ? '>=' : '<='
      return (value) => {
        const size = unit === 'items' ? listSize(value) : textSize(value)
        const holds = size === undefined || (comparison === '>=' ? size >= limit : size <= limit)
        return holds ? undefined : { kind: 'size', unit, comparison, limit }
      }
    }
    case 'pattern': {
      const expression = typeof limit === 'string' ? regularExpression(limit) : undefined
      if (expression === undefined) return undefined
      return (value) =>
        typeof value !== 'string' || expression.test(value)
          ? undefined
          : { kind: 'other', text: `must match pattern "${String(limit)}"` }
    }
    default:
      return undefined
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

function regularExpression(source: string): RegExp | undefined {
  try {
    return new RegExp(source, 'u')
  } catch {
    return undefined
  }
}

function isOfType(value: unknown, type: string): boolean {
  if (type === 'null') return value === null
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return isRecord(value)
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'number') return typeof value === 'number' && Number.isFinite(value)
  return type === (typeof value as string)
}

/** Whether a keyword says nothing about values; `default` is the object's concern that the value belongs to. */
function isAnnotation(key: string, value: unknown): boolean {
  switch (key) {
    case 'title':
    case 'description':
    case '$comment':
      return typeof value === 'string'
    case 'deprecated':
    case 'readOnly':
    case 'writeOnly':
      return typeof value === 'boolean'
    case 'examples':
      return Array.isArray(value)
    case 'default':
      return true
    default:
      return false
  }
}

export function isScalar(value: unknown): value is string | number | boolean | null {
  return value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
}

export function isNameList(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.every((name) => typeof name === 'string') &&
    new Set(value).size === value.length
  )
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
