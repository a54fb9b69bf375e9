import { type SkillManager, type ToolsOptions, toOpenAiTool } from '@skilllite/core'

/** A tool of Anthropic's Messages API. */
export interface AnthropicTool {
  name: string
  description: string
  input_schema: { type: 'object'; [keyword: string]: unknown }
}

/** The tools of the skills, for `tools` of a request to the Messages API. */
export function getAnthropicTools(manager: SkillManager, options: ToolsOptions = {}): AnthropicTool[] {
  return manager.tools(options).map((tool) => {
    const { name, description, parameters } = toOpenAiTool(tool).function
    return { name, description, input_schema: { ...parameters, type: 'object' } }
  })
}
