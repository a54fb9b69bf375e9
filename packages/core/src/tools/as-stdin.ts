import type { Coercion } from './coerce-arguments.js'
import type { JsonSchema } from './tool-definition.js'

/** What is known of a script of which nothing is known but that it reads stdin, and may take words. */
const STREAMS = ['stdin', 'args']

/**
 * JSON on stdin is how skills are called that say nothing of their arguments. So where a script is known to read stdin
 * and nothing else is known of it, arguments that it does not have are the text that it reads.
 */
export function asStdin(
  args: Record<string, unknown>,
  schema: JsonSchema,
): { readonly args: Record<string, unknown>; readonly coerced: readonly Coercion[] } {
  const known = Object.keys((schema.properties as object | undefined) ?? {})
  const given = Object.keys(args)
  const free = known.includes('stdin') && known.every((name) => STREAMS.includes(name))
  if (!free || given.length === 0 || given.some((name) => known.includes(name))) return { args, coerced: [] }
  const stdin = JSON.stringify(args)
  return { args: { stdin }, coerced: [{ argument: 'stdin', from: args, to: stdin }] }
}
