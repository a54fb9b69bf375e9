import { isRecord } from '../schema/plain-keywords.js'
import type { Describable } from './export-tools.js'
import type { JsonSchema } from './tool-definition.js'

/** The part of Zod 4 that is needed: give it the `z` of your own Zod, which the engine does not depend on. */
export interface ZodLike<Parameters, Schema> {
  readonly fromJSONSchema: (schema: Parameters) => Schema
}

/** Keywords whose value is a schema, a list of schemas, or schemas by name. */
const HOLD_SCHEMA = new Set(['items', 'additionalProperties', 'propertyNames', 'contains'])
const HOLD_LIST = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems'])
const HOLD_NAMED = new Set(['properties', '$defs', 'definitions'])

/**
 * Keywords that Zod's conversion knows and that cost nothing to check. `pattern` is not among them: a stranger's
 * expression could keep the host busy for ever, and only the engine's own check is guarded against that.
 */
const HOLD_DATA = new Set([
  ...['type', 'enum', 'const', 'default', 'required', '$ref', 'title', 'description'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  ...['minLength', 'maxLength', 'minItems', 'maxItems'],
])

/**
 * A Zod schema of a tool's arguments, for frameworks that ask for one. It may accept more than the tool does, never
 * less: what Zod cannot say is left out, and every call is checked in full all the same.
 *
 * @param z Zod 4
 */
export function toZod<Parameters, Schema>(tool: Describable, z: ZodLike<Parameters, Schema>): Schema {
  try {
    return z.fromJSONSchema(relax(tool.inputSchema) as Parameters)
  } catch {
    return z.fromJSONSchema({ type: 'object' } as Parameters)
  }
}

/** The schema with those keywords alone that are known. */
function relax(schema: unknown): unknown {
  if (!isRecord(schema)) return schema
  return Object.fromEntries(
    Object.entries(schema).flatMap(([keyword, value]): [string, unknown][] => {
      if (HOLD_DATA.has(keyword)) return [[keyword, value]]
      if (HOLD_SCHEMA.has(keyword)) return [[keyword, relax(value)]]
      if (HOLD_LIST.has(keyword) && Array.isArray(value)) return [[keyword, value.map(relax)]]
      if (HOLD_NAMED.has(keyword) && isRecord(value)) return [[keyword, relaxNamed(value)]]
      return []
    }),
  )
}

const relaxNamed = (schemas: JsonSchema): JsonSchema =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, relax(schema)]))
