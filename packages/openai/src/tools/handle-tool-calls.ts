import type { SkillManager } from '@skilllite/core'
import { type CallAnswerer, callAnswerer, type HandleOptions } from './call-answerer.js'
import { forEachCall } from './for-each-call.js'
import {
  type ResponseCall,
  type ResponseLike,
  type ResponseOutputForInput,
  responseCalls,
} from './response-item.js'
import { type ChatCompletionLike, type ChatMessageLike, chatToolCalls, type ToolCall } from './tool-call.js'

/** The answer to one call, for `messages` of the next request to Chat Completions. */
export interface ChatToolMessage {
  role: 'tool'
  tool_call_id: string
  content: string
}

/**
 * Runs the calls of a model's answer, and gives what the next request needs besides that answer itself: a message for
 * every call of Chat Completions, an input item for every call of the Responses API. A call that cannot be run, or that
 * fails, is answered in words.
 *
 * Rejects with an `AbortError` when `signal` fires, and for what only the host can mend, as `answerCall` does; then
 * nothing runs any more.
 */
export async function handleToolCalls(
  manager: SkillManager,
  response: ResponseLike,
  options?: HandleOptions,
): Promise<ResponseOutputForInput[]>
export async function handleToolCalls(
  manager: SkillManager,
  response: ChatCompletionLike | ChatMessageLike,
  options?: HandleOptions,
): Promise<ChatToolMessage[]>
export async function handleToolCalls(
  manager: SkillManager,
  response: ResponseLike | ChatCompletionLike | ChatMessageLike,
  options: HandleOptions = {},
): Promise<ResponseOutputForInput[] | ChatToolMessage[]> {
  const answerer = callAnswerer(manager, options)
  if ('output' in response) {
    return forEachCall(responseCalls(response), (call) => itemFor(call, answerer), options.concurrency)
  }
  const messageFor = async (call: ToolCall): Promise<ChatToolMessage> => ({
    role: 'tool',
    tool_call_id: call.id,
    content: await answerer.tool(call),
  })
  return forEachCall(chatToolCalls(response), messageFor, options.concurrency)
}

async function itemFor(item: ResponseCall, answerer: CallAnswerer): Promise<ResponseOutputForInput> {
  const caller = item.caller === undefined ? {} : { caller: item.caller }
  if (item.kind === 'shell') {
    const { shell } = item
    const { maxOutputLength } = shell
    return {
      type: 'shell_call_output',
      call_id: shell.id,
      output: await answerer.shell(shell),
      ...(maxOutputLength === undefined ? {} : { max_output_length: maxOutputLength }),
      ...caller,
    }
  }
  const { call } = item
  const type = call.kind === 'custom' ? 'custom_tool_call_output' : 'function_call_output'
  return { type, call_id: call.id, output: await answerer.tool(call), ...caller }
}
