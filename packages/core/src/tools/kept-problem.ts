import { createHash } from 'node:crypto'
import { compileProblem, type SchemaProblem } from '../schema/input-schema.js'
import { plainSchemaCheck } from '../schema/plain-schema.js'
import type { InterfaceCache } from './interface-cache.js'

/** Knows from the cache that a schema can be used. What cannot be is looked at anew: it may only have taken too long. */
export function keptProblem(cache: InterfaceCache | undefined): SchemaProblem {
  return async (schema) => {
    if (cache === undefined || plainSchemaCheck(schema) !== undefined) return compileProblem(schema)
    const digest = `schema-${createHash('sha256').update(JSON.stringify(schema)).digest('hex')}`
    if (cache.read(digest) === true) return undefined
    const problem = await compileProblem(schema)
    if (problem === undefined) cache.write(digest, true)
    return problem
  }
}
