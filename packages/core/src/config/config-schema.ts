import * as z from 'zod'
import { LIMIT_RANGES } from '../policy/default-limits.js'
import { checkVariableName } from '../policy/environment.js'
import { parseHostPattern } from '../policy/hosts/host-pattern.js'

const text = z.string().min(1)
const texts = z.array(text)

/** What checks a value elsewhere and throws, as a rule of the schema: its message is the problem. */
const checkedBy = (check: (value: string) => unknown) =>
  text.check((context) => {
    try {
      check(context.value)
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      context.issues.push({ code: 'custom', input: context.value, message })
    }
  })

const limits = z.strictObject(
  Object.fromEntries(
    Object.entries(LIMIT_RANGES).map(([name, [low, high]]) => [
      name,
      z.number().min(low).max(high).optional(),
    ]),
  ),
)

const grants = z.strictObject({
  level: z.union([z.literal(1), z.literal(2), z.literal(3)]).optional(),
  timeoutMs: z.number().min(LIMIT_RANGES.wallMs[0]).max(LIMIT_RANGES.wallMs[1]).optional(),
  memoryMb: z.number().min(1).optional(),
  limits: limits.optional(),
  allowHosts: z.array(checkedBy(parseHostPattern)).optional(),
  allowRead: texts.optional(),
  allowWrite: texts.optional(),
  allowPrograms: texts.optional(),
  env: z.array(checkedBy(checkVariableName)).optional(),
  files: z.enum(['listed', 'arguments']).optional(),
  redact: z.boolean().optional(),
  outputDir: text.optional(),
  dependencies: z.enum(['deny', 'ask', 'allow']).optional(),
  backend: z.enum(['namespaces', 'landlock', 'seatbelt']).optional(),
})

/** The form of a configuration. */
export const configSchema = z.strictObject({
  skillsDir: z.union([text, texts]).optional(),
  discover: z.boolean().optional(),
  approvals: text.optional(),
  concurrency: z.number().int().min(1).optional(),
  defaults: grants.optional(),
  skills: z.record(z.string(), grants).optional(),
})

/** Names that may stand where something unknown does, by the part of the configuration. */
export const knownKeys = (path: readonly PropertyKey[]): readonly string[] => {
  if (path.length === 0) return Object.keys(configSchema.shape)
  return path.at(-1) === 'limits' ? Object.keys(limits.shape) : Object.keys(grants.shape)
}
