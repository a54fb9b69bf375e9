// Public API of @skilllite/openai. Every name here is a promise.
export { type AnthropicTool, getAnthropicTools } from './anthropic/get-anthropic-tools.js'
export {
  type AnthropicMessageLike,
  type AnthropicToolResult,
  handleAnthropicToolUse,
} from './anthropic/handle-anthropic-tool-use.js'
export { AgenticLoop, type ResumeOptions } from './loop/agentic-loop.js'
export type { ChatMessage, LoopCall, LoopUsage, PlanTask } from './loop/chat-message.js'
export type { ContextMode } from './loop/context.js'
export { estimateTokens } from './loop/estimate-tokens.js'
export type { LoopEvent, LoopResult, LoopStop } from './loop/loop-event.js'
export type { Confirm, LoopCallOptions, LoopOptions, LoopRunOptions } from './loop/loop-options.js'
export type { LoopState, PendingCall } from './loop/loop-state.js'
export { type Preset, type ProviderName, presets } from './loop/presets.js'
export { type RunnerOptions, SkillRunner } from './runner/skill-runner.js'
export type { HandleOptions } from './tools/call-answerer.js'
export { getShellTool, type ShellTool } from './tools/get-shell-tool.js'
export { type ChatTool, type GetToolsOptions, getTools, type ResponsesTool } from './tools/get-tools.js'
export { type ChatToolMessage, handleToolCalls } from './tools/handle-tool-calls.js'
export type {
  Caller,
  CustomToolCallOutput,
  FunctionCallOutput,
  ResponseLike,
  ResponseOutputForInput,
  ShellCallOutput,
  ShellOutput,
} from './tools/response-item.js'
export { type RunnableTool, type RunnableToolsOptions, runnableTools } from './tools/runnable-tools.js'
export { strictSchema } from './tools/strict-schema.js'
export type { ChatCompletionLike, ChatMessageLike, ToolCall } from './tools/tool-call.js'
