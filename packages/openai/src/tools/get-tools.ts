import { type OfferedTool, type SkillManager, type ToolsOptions, toOpenAiTool } from '@skilllite/core'
import { strictSchema } from './strict-schema.js'

/** A tool of the Chat Completions API and of everything that is compatible with it. */
export interface ChatTool {
  type: 'function'
  function: {
    name: string
    description: string
    parameters: Record<string, unknown>
    /** Only where it is true: not every endpoint knows it. */
    strict?: boolean
  }
}

/** A tool of the Responses API. */
export interface ResponsesTool {
  type: 'function'
  name: string
  description: string
  parameters: Record<string, unknown>
  strict: boolean
}

/** Which tools to offer, and in which form. */
export interface GetToolsOptions extends ToolsOptions {
  /** Has the model keep to the schema to the letter, where the schema can be said in that mode; other tools stay as they
   *  are. Arguments that may be left out are then null instead, and left out again before the call.
   *  @default false */
  readonly strict?: boolean
  /** Whose form of a tool: of Chat Completions or of Responses.
   *  @default 'chat' */
  readonly api?: 'chat' | 'responses'
}

/** The tools of the skills, for `tools` of a request. Throws `OPTION_INVALID` for names in the options that nothing has. */
export function getTools(
  manager: SkillManager,
  options: GetToolsOptions & { readonly api: 'responses' },
): ResponsesTool[]
export function getTools(
  manager: SkillManager,
  options?: GetToolsOptions & { readonly api?: 'chat' },
): ChatTool[]
export function getTools(manager: SkillManager, options: GetToolsOptions = {}): (ChatTool | ResponsesTool)[] {
  const { strict = false, api = 'chat', ...chosen } = options
  const tools = manager.tools(chosen).map((tool) => chatTool(tool, strict))
  if (api === 'chat') return tools
  // Where it says nothing, this API would take every schema as strict.
  return tools.map((tool) => ({ type: 'function', ...tool.function, strict: tool.function.strict === true }))
}

/** One tool for Chat Completions. */
export function chatTool(tool: OfferedTool, strict: boolean): ChatTool {
  const plain = toOpenAiTool(tool)
  const parameters = strict ? strictSchema(plain.function.parameters) : undefined
  return parameters === undefined
    ? plain
    : { ...plain, function: { ...plain.function, parameters, strict: true } }
}
