/** A call in a model's answer, whichever API it came through. */
export interface ToolCall {
  /** What its answer must name. */
  readonly id: string
  /** `''` where the model gave none. */
  readonly name: string
  /** As the model gave them: JSON text, or what it says; a custom tool's input; the commands for a shell. */
  readonly arguments: unknown
  readonly kind: 'function' | 'custom' | 'shell'
}

/** A call in a message of Chat Completions, as far as endpoints agree. */
export interface ChatToolCall {
  readonly id?: string | null
  readonly type?: string
  readonly function?: { readonly name?: string; readonly arguments?: unknown }
  readonly custom?: { readonly name?: string; readonly input?: unknown }
}

/** What a model answered through Chat Completions: its message. */
export interface ChatMessageLike {
  readonly role: 'assistant'
  readonly tool_calls?: readonly object[] | null
}

/** A whole answer of Chat Completions. Of several choices the first counts. */
export interface ChatCompletionLike {
  readonly choices: readonly { readonly message: ChatMessageLike }[]
}

/** The calls of an answer. One without an id gets one, in the answer too, since the next request must have both. */
export function chatToolCalls(answer: ChatCompletionLike | ChatMessageLike): ToolCall[] {
  const message = 'choices' in answer ? answer.choices[0]?.message : answer
  const calls: readonly ChatToolCall[] = message?.tool_calls ?? []
  return calls.map((call, index) => {
    const id = typeof call.id === 'string' && call.id !== '' ? call.id : `call_${index}`
    Reflect.set(call, 'id', id)
    return call.custom === undefined
      ? { id, name: call.function?.name ?? '', arguments: call.function?.arguments, kind: 'function' }
      : { id, name: call.custom.name ?? '', arguments: call.custom.input, kind: 'custom' }
  })
}
