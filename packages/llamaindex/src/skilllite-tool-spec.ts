import type { BaseToolWithCall } from '@llamaindex/core/llms'
import {
  type AnswerOptions,
  answerCall,
  type OfferedTool,
  type SkillManager,
  toOpenAiTool,
} from '@skilllite/core'
import type { ToolSpecOptions } from './tool-spec-options.js'

/** Skills as tools for LlamaIndex: for `agent({ tools, llm })`, or any other agent. */
export class SkillLiteToolSpec {
  private constructor(
    private readonly manager: SkillManager,
    private readonly offered: readonly OfferedTool[],
    private readonly run: AnswerOptions,
    private readonly onProgress: ToolSpecOptions['onProgress'],
  ) {}

  /** @throws SkillLiteError `OPTION_INVALID` where `skills` names what is not there */
  static fromManager(manager: SkillManager, options: ToolSpecOptions = {}): SkillLiteToolSpec {
    const { skills, exclude, activation, commands, workspace, sandboxLevel, confirm, onProgress, ...run } =
      options
    const tools = manager.tools({ include: skills, exclude, activation, commands, workspace })
    const answering: AnswerOptions = {
      ...run,
      tools,
      level: sandboxLevel,
      confirm: confirm && (({ report, scanId }) => confirm(report, scanId)),
    }
    return new SkillLiteToolSpec(manager, tools, answering, onProgress)
  }

  toToolList(): BaseToolWithCall[] {
    return this.offered.map((definition) => this.toTool(definition))
  }

  /** Plain objects, so that it does not matter which copy of LlamaIndex takes them. */
  private toTool(definition: OfferedTool): BaseToolWithCall {
    const { name, description, parameters } = toOpenAiTool(definition).function
    return {
      metadata: { name, description, parameters },
      call: async (input: unknown) => {
        const call = { name, arguments: input as Record<string, unknown> }
        const { content, isError } = await answerCall(this.manager, call, {
          ...this.run,
          onProgress: (progress) => this.onProgress?.(progress, name),
        })
        // LlamaIndex marks as an error only what is thrown, and shows the model its message.
        if (isError) throw new Error(content)
        return content
      },
    }
  }
}
