/** Larger schemas are refused: a model could not use them, and every one is compiled in the host. */
export const MAX_SCHEMA_BYTES = 256 * 1024
const MAX_DEPTH = 40

/**
 * Says what makes a stranger's schema unfit to be looked at more closely, or nothing. Checks size, depth, references
 * that leave the schema, and keys that would reach an object's prototype.
 */
export function schemaBoundsProblem(schema: unknown): string | undefined {
  let budget = MAX_SCHEMA_BYTES
  const visit = (value: unknown, depth: number, key: string): string | undefined => {
    if (depth > MAX_DEPTH) return `is nested deeper than ${MAX_DEPTH} levels`
    switch (typeof value) {
      case 'string':
        budget -= value.length + 3
        if ((key === '$ref' || key === '$dynamicRef') && !value.startsWith('#')) {
          return `refers to ${JSON.stringify(value.slice(0, 80))}; only references within the schema (#/…) are followed`
        }
        break
      case 'number':
      case 'boolean':
        budget -= 8
        break
      case 'object':
        budget -= 4
        if (value === null) break
        if (Array.isArray(value)) {
          for (const item of value) {
            const problem = visit(item, depth + 1, '')
            if (problem !== undefined) return problem
          }
          break
        }
        for (const name of Object.keys(value)) {
          if (name === '__proto__') return 'has a key named __proto__'
          budget -= name.length + 3
          const problem = visit((value as Record<string, unknown>)[name], depth + 1, name)
          if (problem !== undefined) return problem
        }
        break
      default:
        return `holds a ${typeof value}, which is not JSON`
    }
    return budget < 0 ? `is larger than ${MAX_SCHEMA_BYTES / 1024} KiB` : undefined
  }
  return visit(schema, 0, '')
}
