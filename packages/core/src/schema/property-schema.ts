import type { JsonSchema } from './json-schema.js'
import type { Parameter } from './parameter.js'

const MAX_DESCRIPTION = 1_000
const MAX_CHOICES = 500

/** The JSON Schema of one parameter. */
export function propertySchema(parameter: Parameter, notes: readonly string[] = []): JsonSchema {
  const { list } = parameter
  const value = valueSchema(parameter)
  const description = describe(parameter.description, notes)
  return {
    ...(list === undefined
      ? value
      : {
          type: 'array',
          ...(Object.keys(value).length === 0 ? {} : { items: value }),
          ...(list.min === undefined || list.min === 0 ? {} : { minItems: list.min }),
          ...(list.max === undefined ? {} : { maxItems: list.max }),
        }),
    ...(parameter.default === undefined || parameter.default === null ? {} : { default: parameter.default }),
    ...(description === undefined ? {} : { description }),
  }
}

function valueSchema({ type, choices }: Parameter): JsonSchema {
  const allowed = choices !== undefined && choices.length > 0 && choices.length <= MAX_CHOICES
  return { ...(type === 'any' ? {} : { type }), ...(allowed ? { enum: choices } : {}) }
}

function describe(text: string | undefined, notes: readonly string[]): string | undefined {
  const own = text?.replace(/\s+/g, ' ').trim() ?? ''
  const parts = [own, ...notes].filter((part) => part !== '')
  if (parts.length === 0) return undefined
  const whole = parts.join(parts.length > 1 && !/[.!?:)]$/.test(own) ? '. ' : ' ')
  return whole.length > MAX_DESCRIPTION ? `${whole.slice(0, MAX_DESCRIPTION - 1)}…` : whole
}

/** One schema for the arguments of one name that several sub-commands take, as narrow as all of them allow. */
export function widestSchema(schemas: readonly JsonSchema[]): JsonSchema {
  const [first = {}, ...others] = schemas
  return others.reduce(widen, first)
}

function widen(a: JsonSchema, b: JsonSchema): JsonSchema {
  const merged: Record<string, unknown> = {}
  const types = [...new Set([a.type, b.type].flat())]
  if (!types.includes(undefined)) merged.type = types.length === 1 ? types[0] : types
  if (Array.isArray(a.enum) && Array.isArray(b.enum)) merged.enum = [...new Set([...a.enum, ...b.enum])]
  for (const key of ['items', 'minItems', 'maxItems', 'default']) {
    if (a[key] !== undefined && JSON.stringify(a[key]) === JSON.stringify(b[key])) merged[key] = a[key]
  }
  const description = a.description ?? b.description
  if (description !== undefined) merged.description = description
  return merged
}
