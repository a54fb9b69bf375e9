import type { SkillManager } from '@skilllite/core'
import type Current from 'openai'
import type Oldest from 'openai-6-oldest'
import type Next from 'openai-7'
import { describe, expectTypeOf, test } from 'vitest'
import {
  type AnthropicTool,
  type AnthropicToolResult,
  type ChatTool,
  type ChatToolMessage,
  getAnthropicTools,
  getShellTool,
  getTools,
  type HandleOptions,
  handleAnthropicToolUse,
  handleToolCalls,
  type ResponseOutputForInput,
  type ResponsesTool,
  type RunnableTool,
  runnableTools,
  strictSchema,
} from '../src/index.js'

declare const manager: SkillManager
declare const oldest: Oldest.Chat.ChatCompletion
declare const current: Current.Chat.ChatCompletion
declare const next: Next.Chat.ChatCompletion

/** Code that is type-checked and never run. */
const checked = (_code: () => unknown): void => {}

test('results are of the API that was asked for', () => {
  expectTypeOf(handleToolCalls).parameter(2).toEqualTypeOf<HandleOptions | undefined>()
  expectTypeOf(handleAnthropicToolUse).returns.resolves.toEqualTypeOf<AnthropicToolResult[]>()
  expectTypeOf(getAnthropicTools).returns.toEqualTypeOf<AnthropicTool[]>()
  expectTypeOf(runnableTools).returns.toEqualTypeOf<RunnableTool[]>()
  expectTypeOf(strictSchema).returns.toEqualTypeOf<Record<string, unknown> | undefined>()
  checked(() => {
    expectTypeOf(getTools(manager)).toEqualTypeOf<ChatTool[]>()
    expectTypeOf(getTools(manager, { strict: true, api: 'chat' })).toEqualTypeOf<ChatTool[]>()
    expectTypeOf(getTools(manager, { api: 'responses' })).toEqualTypeOf<ResponsesTool[]>()
    expectTypeOf(handleToolCalls(manager, current)).resolves.toEqualTypeOf<ChatToolMessage[]>()
    expectTypeOf(handleToolCalls(manager, { output: [] })).resolves.toEqualTypeOf<ResponseOutputForInput[]>()
    // @ts-expect-error there is no such API
    getTools(manager, { api: 'assistants' })
    // @ts-expect-error an approval is bound to one call: answerCall takes it
    handleToolCalls(manager, current, { approved: 'id' })
    // @ts-expect-error a question is about a call, not the other way round
    handleToolCalls(manager, current, { confirm: (call: { name: string }) => call.name !== '' })
  })
})

describe('the SDK takes what we give, and we take what it gives', () => {
  test('in its oldest version', () => {
    expectTypeOf<ChatTool>().toExtend<Oldest.Chat.ChatCompletionTool>()
    expectTypeOf<ResponsesTool>().toExtend<Oldest.Responses.Tool>()
    expectTypeOf<ChatToolMessage>().toExtend<Oldest.Chat.ChatCompletionMessageParam>()
    checked(() => [
      handleToolCalls(manager, oldest),
      handleToolCalls(manager, {} as Oldest.Chat.ChatCompletionMessage),
      handleToolCalls(manager, {} as Oldest.Responses.Response),
      ({} as Oldest).chat.completions.runTools({ model: '', messages: [], tools: runnableTools(manager) }),
    ])
  })

  test('in the one of today', () => {
    expectTypeOf<ChatTool>().toExtend<Current.Chat.ChatCompletionTool>()
    expectTypeOf<ResponsesTool>().toExtend<Current.Responses.Tool>()
    expectTypeOf<ChatToolMessage>().toExtend<Current.Chat.ChatCompletionMessageParam>()
    expectTypeOf<ResponseOutputForInput>().toExtend<Current.Responses.ResponseInputItem>()
    expectTypeOf(getShellTool).returns.toExtend<Current.Responses.Tool>()
    checked(() => [
      handleToolCalls(manager, {} as Current.Chat.ChatCompletionMessage),
      handleToolCalls(manager, {} as Current.Responses.Response),
      ({} as Current).chat.completions.runTools({ model: '', messages: [], tools: runnableTools(manager) }),
    ])
  })

  test('in the next one', () => {
    expectTypeOf<ChatTool>().toExtend<Next.Chat.ChatCompletionTool>()
    expectTypeOf<ResponsesTool>().toExtend<Next.Responses.Tool>()
    expectTypeOf<ChatToolMessage>().toExtend<Next.Chat.ChatCompletionMessageParam>()
    expectTypeOf<ResponseOutputForInput>().toExtend<Next.Responses.ResponseInputItem>()
    expectTypeOf(getShellTool).returns.toExtend<Next.Responses.Tool>()
    checked(() => [
      handleToolCalls(manager, next),
      handleToolCalls(manager, {} as Next.Responses.Response),
      ({} as Next).chat.completions.runTools({ model: '', messages: [], tools: runnableTools(manager) }),
    ])
  })
})
