import type { InferredInterface } from './inference.js'
import type { JsonSchema } from './json-schema.js'

/** What a script takes whose arguments cannot be understood: anything. */
export const FALLBACK_SCHEMA: JsonSchema = Object.freeze({
  type: 'object',
  properties: {
    args: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description:
        'The words of the command line, each an item of its own: flags and values as the script expects them.',
    },
    stdin: { type: 'string', description: 'Text for the standard input of the script.' },
  },
  additionalProperties: false,
})

/** The interface of a script that nothing is known of, so that it can be run all the same. */
export function fallbackInterface(file: string): Omit<InferredInterface, 'needs' | 'diagnostics'> {
  return {
    inputSchema: FALLBACK_SCHEMA,
    argvPlan: { kind: 'raw' },
    kind: 'fallback',
    evidence: ['args', 'stdin'].map((property) => ({ property, kind: 'fallback', file, line: 1 })),
  }
}
