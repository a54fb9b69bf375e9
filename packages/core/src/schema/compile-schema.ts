import type { ArgumentCheck } from './plain-schema.js'
import { plainSchemaCheck } from './plain-schema.js'
import { schemaBoundsProblem } from './schema-bounds.js'

export type CompiledSchema =
  | { readonly kind: 'ok'; readonly check: ArgumentCheck }
  | { readonly kind: 'invalid'; readonly problem: string }

const compiled = new WeakMap<object, Promise<CompiledSchema>>()

/** Checks that a value is a usable schema of an object and compiles it, once for each schema object. */
export function compileSchema(schema: Readonly<Record<string, unknown>>): Promise<CompiledSchema> {
  let result = compiled.get(schema)
  if (result === undefined) {
    result = compile(schema)
    compiled.set(schema, result)
  }
  return result
}

async function compile(schema: Readonly<Record<string, unknown>>): Promise<CompiledSchema> {
  const problem = schemaBoundsProblem(schema)
  if (problem !== undefined) return { kind: 'invalid', problem }
  if (schema.type !== 'object') {
    return {
      kind: 'invalid',
      problem: `has type ${JSON.stringify(schema.type)}; arguments are always an "object"`,
    }
  }
  const check = plainSchemaCheck(schema)
  if (check !== undefined) return { kind: 'ok', check }
  const { compileFully } = await import('./full-validator.js')
  return compileFully(schema)
}
