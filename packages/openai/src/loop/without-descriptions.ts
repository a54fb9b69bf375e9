type Schema = Readonly<Record<string, unknown>>

/** Words for readers; nothing is checked by them. */
const annotations = new Set(['description', 'title', 'examples'])
/** Keywords whose value is schemas by name, and the names are not keywords. */
const maps = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'])
/** Keywords whose value is data, not a schema. */
const data = new Set(['enum', 'const', 'default', 'required'])

/** The same JSON Schema without what it says for readers. */
export function withoutDescriptions(schema: Schema): Record<string, unknown> {
  const kept = Object.entries(schema).filter(([keyword]) => !annotations.has(keyword))
  return Object.fromEntries(kept.map(([keyword, value]) => [keyword, stripped(keyword, value)]))
}

function stripped(keyword: string, value: unknown): unknown {
  if (data.has(keyword)) return value
  if (Array.isArray(value)) return value.map((entry) => stripped('items', entry))
  if (typeof value !== 'object' || value === null) return value
  if (!maps.has(keyword)) return withoutDescriptions(value as Schema)
  return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, stripped('items', schema)]))
}
