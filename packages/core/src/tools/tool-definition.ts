/** A JSON Schema (2020-12) of type `object`. */
export type JsonSchema = Readonly<Record<string, unknown>>

/**
 * How validated arguments become a command line, stdin or both. Data, so that it can be cached, printed and tested.
 *
 * - `stdin-json`: the arguments are one JSON object on stdin; the command line is empty.
 */
export type ArgvPlan = { readonly kind: 'stdin-json' }

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
