import type OpenAI from 'openai'

/** A message of a conversation, as Chat Completions takes it. */
export type ChatMessage = OpenAI.Chat.Completions.ChatCompletionMessageParam

/** A call that a model made. */
export interface LoopCall {
  /** Unlike that of any other call of the same conversation. */
  readonly id: string
  readonly name: string
  /** As the model wrote it: JSON text, one hopes. */
  readonly arguments: string
}

/** Tokens and requests, in total. */
export interface LoopUsage {
  readonly inputTokens: number
  readonly outputTokens: number
  readonly requests: number
  /** Whether the endpoint left some of the numbers out, so that they are estimated. */
  readonly estimated: boolean
}

/** One step of a plan. */
export interface PlanTask {
  readonly title: string
  readonly status: 'open' | 'doing' | 'done'
}
