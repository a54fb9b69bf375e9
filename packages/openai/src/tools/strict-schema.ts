import type { JsonSchema } from '@skilllite/core'

type Schema = Readonly<Record<string, unknown>>

/** What strict mode takes as it is. */
const KEPT = new Set([
  ...['type', 'description', 'enum', 'pattern', 'format', '$ref'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'minItems', 'maxItems'],
])
const FORMATS = new Set(
  'date-time time date duration email hostname ipv4 ipv6 uuid'.split(' ') as readonly unknown[],
)
/** What only narrows or explains: a description says it as well, and the engine checks it anyway. */
const TOLD = new Set([
  ...[
    'default',
    'examples',
    'minLength',
    'maxLength',
    'uniqueItems',
    'minProperties',
    'maxProperties',
    'format',
  ],
])
/** What says nothing of the values. */
const DROPPED = new Set(['title', '$schema', '$id', '$comment', 'deprecated', 'readOnly', 'writeOnly'])
/** Handled one by one. */
const STRUCTURE = new Set([
  'properties',
  'required',
  'additionalProperties',
  'items',
  'anyOf',
  'oneOf',
  'const',
  '$defs',
])

const MAX_DEPTH = 10
const MAX_PROPERTIES = 5_000
const MAX_CHOICES = 1_000

/** Thrown within this file only: the schema has something that strict mode cannot say. */
class NotStrict extends Error {}

interface Counts {
  properties: number
  choices: number
}

/**
 * The same arguments in the subset of JSON Schema that OpenAI's strict mode takes: every object closed, every property
 * required, those that were optional nullable instead, other keywords told in the description. Nothing where that
 * cannot be done without losing arguments, for example for an object with free names.
 */
export function strictSchema(schema: JsonSchema): Record<string, unknown> | undefined {
  if (schema.type !== 'object' || 'anyOf' in schema || 'oneOf' in schema || '$ref' in schema) return undefined
  try {
    const counts = { properties: 0, choices: 0 }
    // Without arguments it may be called with none.
    return strictOf('properties' in schema ? schema : { ...schema, properties: {} }, 0, counts)
  } catch (error) {
    if (error instanceof NotStrict) return undefined
    throw error
  }
}

function strictOf(schema: unknown, depth: number, counts: Counts): Record<string, unknown> {
  if (!isRecord(schema) || depth > MAX_DEPTH) throw new NotStrict()
  const strict: Record<string, unknown> = {}
  const told: string[] = []
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === 'format' ? FORMATS.has(value) : KEPT.has(keyword)) strict[keyword] = value
    else if (TOLD.has(keyword)) told.push(`${keyword}: ${JSON.stringify(value)}`)
    else if (!DROPPED.has(keyword) && !STRUCTURE.has(keyword)) throw new NotStrict()
  }
  const { description = '' } = schema
  if (told.length > 0) strict.description = `${description} (${told.join('; ')})`.trim()
  if ('const' in schema) strict.enum = [schema.const]
  const alternatives = schema.anyOf ?? schema.oneOf
  if (alternatives !== undefined) strict.anyOf = listOf(alternatives, depth, counts)
  if (isRecord(schema.$defs)) strict.$defs = definitions(schema.$defs, counts)
  if (Array.isArray(strict.enum)) addChoices(strict, strict.enum, counts)
  if ('$ref' in strict) return strict
  if (strict.type === undefined && strict.anyOf === undefined) throw new NotStrict()
  const types = [strict.type].flat()
  if (types.includes('object')) Object.assign(strict, closedObject(schema, depth, counts))
  if (types.includes('array')) strict.items = strictOf(schema.items, depth + 1, counts)
  return strict
}

/** The types of the choices must be told, too. */
function addChoices(strict: Record<string, unknown>, choices: readonly unknown[], counts: Counts): void {
  counts.choices += choices.length
  if (
    counts.choices > MAX_CHOICES ||
    choices.some((choice) => typeof choice === 'object' && choice !== null)
  ) {
    throw new NotStrict()
  }
  strict.type ??= [...new Set(choices.map((choice) => (choice === null ? 'null' : typeof choice)))]
}

function closedObject(schema: Schema, depth: number, counts: Counts): Schema {
  const { properties, required = [], additionalProperties = false } = schema
  // Arguments with names of the caller's own would be lost.
  if (!isRecord(properties) || additionalProperties !== false || !Array.isArray(required))
    throw new NotStrict()
  if (required.some((name) => !Object.hasOwn(properties, name))) throw new NotStrict()
  const names = Object.keys(properties)
  counts.properties += names.length
  if (counts.properties > MAX_PROPERTIES) throw new NotStrict()
  const strict = names.map((name) => {
    const property = strictOf(properties[name], depth + 1, counts)
    return [name, required.includes(name) ? property : nullable(property)]
  })
  return { properties: Object.fromEntries(strict), required: names, additionalProperties: false }
}

/** The same schema, where null means that the argument is left out. */
function nullable(schema: Record<string, unknown>): Record<string, unknown> {
  const { type, anyOf, enum: choices } = schema
  if (Array.isArray(anyOf)) return { ...schema, anyOf: [...anyOf, { type: 'null' }] }
  if (type === undefined) return { anyOf: [schema, { type: 'null' }] }
  const types = [...new Set([type, 'null'].flat())]
  if (!Array.isArray(choices)) return { ...schema, type: types }
  return { ...schema, type: types, enum: [...new Set([...choices, null])] }
}

function listOf(schemas: unknown, depth: number, counts: Counts): Record<string, unknown>[] {
  if (!Array.isArray(schemas)) throw new NotStrict()
  return schemas.map((schema) => strictOf(schema, depth + 1, counts))
}

function definitions(schemas: Schema, counts: Counts): Record<string, unknown> {
  const strict = Object.entries(schemas).map(([name, schema]) => [name, strictOf(schema, 1, counts)])
  return Object.fromEntries(strict)
}

const isRecord = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
