import type { ArgvPlan } from '../schema/argv-plan.js'
import type { JsonSchema } from '../schema/json-schema.js'

export type { ArgvPlan } from '../schema/argv-plan.js'
export type { JsonSchema } from '../schema/json-schema.js'

/** What a model is shown of one callable, plus the way back from its arguments to the script. */
export interface ToolDefinition {
  /** Matches `^[a-zA-Z0-9_-]{1,64}$`; stable and unique within a manager. */
  readonly name: string
  readonly description: string
  readonly inputSchema: JsonSchema
  /** Name of the skill that it belongs to. */
  readonly skill: string
  /** Script path relative to the skill directory. */
  readonly script: string
  readonly argvPlan: ArgvPlan
}
