import type { JsonSchema } from '../../src/schema/json-schema.js'

/** A schema in one line: `input: string!, limit: integer = 5, mode: a|b, tags: string[]`. */
export function outline(schema: JsonSchema): string {
  const required = new Set(Array.isArray(schema.required) ? schema.required : [])
  const properties = Object.entries(schema.properties as Record<string, JsonSchema>)
  return properties
    .map(([name, property]) => `${name}: ${type(property)}${required.has(name) ? '!' : ''}`)
    .join(', ')
}

function type(property: JsonSchema): string {
  const assumed = property.default === undefined ? '' : ` = ${JSON.stringify(property.default)}`
  const { items } = property as { readonly items?: JsonSchema }
  if (property.type === 'array') return `${items === undefined ? '' : type(items)}[]${assumed}`
  const values = Array.isArray(property.enum)
    ? property.enum.join('|')
    : [property.type ?? 'any'].flat().join('/')
  return values + assumed
}
