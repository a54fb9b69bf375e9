import type { CallbackManagerForToolRun } from '@langchain/core/callbacks/manager'
import { ToolMessage } from '@langchain/core/messages'
import { StructuredTool, type ToolReturnType, type ToolRunnableConfig } from '@langchain/core/tools'
import {
  type AnswerOptions,
  answerCall,
  type ModelAnswer,
  type OfferedTool,
  type RunResult,
  type SkillManager,
  toOpenAiTool,
} from '@skilllite/core'
import type { AskedCalls } from './asked-calls.js'
import type { QueuedConfirm } from './queued-confirm.js'
import type { ToolkitOptions } from './toolkit-options.js'

type Config = ToolRunnableConfig & { readonly writer?: ((chunk: unknown) => void) | null }

/** What the tools of one toolkit share. */
export interface SkillToolSetting {
  readonly manager: SkillManager
  readonly run: AnswerOptions
  readonly approval: Pick<ToolkitOptions, 'interrupt'> & { readonly confirm?: QueuedConfirm }
  readonly asked: AskedCalls
}

/** One script of a skill, or a way to the instructions of skills, as a tool of LangChain's. */
export class SkillTool extends StructuredTool<Record<string, unknown>> {
  static override lc_name(): string {
    return 'SkillTool'
  }

  override readonly name: string
  override readonly description: string
  override readonly schema: Record<string, unknown>
  override responseFormat = 'content_and_artifact'

  constructor(
    definition: OfferedTool,
    private readonly setting: SkillToolSetting,
  ) {
    super()
    const described = toOpenAiTool(definition).function
    this.name = described.name
    this.description = described.description
    this.schema = described.parameters
  }

  /**
   * LangChain would check the arguments in here, without the engine's words and defaults, and with whatever pattern a
   * skill declares: it is left to the engine, which checks every call.
   */
  override call<Arg, Given extends ToolRunnableConfig | undefined>(
    arg: Arg,
    config?: Given,
    tags?: string[],
  ): Promise<ToolReturnType<Arg, Given, unknown>> {
    const unchecked: this = Object.create(this, { schema: { value: {} } })
    return super.call.call(unchecked, arg, config, tags) as Promise<ToolReturnType<Arg, Given, unknown>>
  }

  protected override async _call(
    args: Record<string, unknown>,
    _runManager?: CallbackManagerForToolRun,
    config: Config = {},
  ): Promise<[string | ToolMessage, RunResult | undefined]> {
    const { content, isError, result } = await this.answer(args, config)
    const callId = config.toolCall?.id
    if (!isError || callId === undefined) return [content, result]
    const message = {
      content,
      artifact: result,
      tool_call_id: callId,
      name: this.name,
      status: 'error',
    } as const
    return [new ToolMessage(message), result]
  }

  private async answer(args: Record<string, unknown>, config: Config): Promise<ModelAnswer> {
    const { manager, run, approval, asked } = this.setting
    const { toolCall, signal, writer, configurable } = config
    const call = { name: this.name, arguments: args }
    const options: AnswerOptions = {
      ...run,
      signal,
      approved: asked.take({ threadId: configurable?.thread_id, callId: toolCall?.id }),
      onProgress: (progress) =>
        writer?.({ type: 'skill-progress', tool: this.name, id: toolCall?.id, ...progress }),
    }
    const { confirm, interrupt } = approval
    if (confirm !== undefined) {
      return answerCall(manager, call, {
        ...options,
        confirm: ({ report, scanId }) => confirm(report, scanId, signal),
      })
    }
    const answer = await answerCall(manager, call, options)
    if (interrupt === undefined || answer.result?.status !== 'needs-approval') return answer
    // Stops the graph by throwing: nothing has run yet. When the graph goes on, all of this happens again, and here is
    // the answer; it must name what is scanned now.
    const { report, scanId } = answer.result
    const given = interrupt({ type: 'skill-approval', tool: this.name, arguments: args, report, scanId })
    return answerCall(manager, call, { ...options, confirm: (request) => request.scanId === given })
  }
}
