import type { JsonSchema, ToolDefinition } from './tool-definition.js'

/** What every way of showing a tool to a model needs of it. */
export type Describable = Pick<ToolDefinition, 'name' | 'description' | 'inputSchema'>

/** A tool as OpenAI's Chat Completions API and all that are compatible with it take it. */
export interface OpenAiTool {
  readonly type: 'function'
  readonly function: {
    readonly name: string
    readonly description: string
    readonly parameters: Record<string, unknown>
  }
}

/** Keywords of a whole document, which some providers refuse and none needs. */
const DOCUMENT_KEYWORDS = new Set(['$schema', '$id', '$comment'])

/** For the `tools` of a Chat Completions request. Not strict: skills have optional arguments and free-form objects. */
export function toOpenAiTool({ name, description, inputSchema }: Describable): OpenAiTool {
  const parameters = Object.entries(inputSchema).filter(([keyword]) => !DOCUMENT_KEYWORDS.has(keyword))
  return { type: 'function', function: { name, description, parameters: Object.fromEntries(parameters) } }
}

/** The arguments as a JSON Schema document (2020-12) that stands alone: with its dialect, a title and a description. */
export function toJsonSchema({ name, description, inputSchema }: Describable): JsonSchema {
  const { $schema: _dialect, ...schema } = inputSchema
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', title: name, description, ...schema }
}
