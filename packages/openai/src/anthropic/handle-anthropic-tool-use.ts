import type { ModelAnswer, SkillManager } from '@skilllite/core'
import { callAnswerer, type HandleOptions } from '../tools/call-answerer.js'
import { forEachCall } from '../tools/for-each-call.js'
import type { ToolCall } from '../tools/tool-call.js'

/** What a model answered through the Messages API. */
export interface AnthropicMessageLike {
  readonly content: readonly { readonly type: string }[]
}

/** The answer to one `tool_use`, for the `content` of the next message, whose role is `user`. */
export interface AnthropicToolResult {
  type: 'tool_result'
  tool_use_id: string
  content: string
  is_error: boolean
}

interface ToolUse {
  readonly type: string
  readonly id?: unknown
  readonly name?: unknown
  readonly input?: unknown
}

/** Runs the tools that a message of the Messages API uses: one block for each use, in their order. Rejects as `handleToolCalls`. */
export async function handleAnthropicToolUse(
  manager: SkillManager,
  message: AnthropicMessageLike,
  options: Omit<HandleOptions, 'programs'> = {},
): Promise<AnthropicToolResult[]> {
  const failed = new Set<ToolCall>()
  const onAnswer = (answer: ModelAnswer, call: ToolCall): void => {
    if (answer.isError) failed.add(call)
    options.onAnswer?.(answer, call)
  }
  const answerer = callAnswerer(manager, { ...options, onAnswer })
  const calls = message.content.flatMap(({ type, ...use }: ToolUse): ToolCall[] =>
    type === 'tool_use'
      ? [{ id: String(use.id), name: String(use.name), arguments: use.input, kind: 'function' }]
      : [],
  )
  const resultFor = async (call: ToolCall): Promise<AnthropicToolResult> => {
    const content = await answerer.tool(call)
    return { type: 'tool_result', tool_use_id: call.id, content, is_error: failed.has(call) }
  }
  return forEachCall(calls, resultFor, options.concurrency)
}
