import type { Answer, ScriptedRequest, ScriptedToolCall } from './turn.js'

/** An answer in the form of Chat Completions, whole. */
export function chatCompletion(answer: Answer, request: ScriptedRequest, id: string): object {
  const calls = answer.toolCalls ?? []
  const message = {
    role: 'assistant',
    content: textOf(answer),
    ...reasoningOf(answer, answer.reasoning),
    ...(calls.length > 0
      ? { tool_calls: calls.map((call, index) => wholeCall(call, `${id}_${index}`)) }
      : {}),
  }
  return {
    ...head(request, id, 'chat.completion'),
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishReason(answer) }],
    ...usageOf(answer),
  }
}

/** The chunks of the same answer as a stream. */
export function chatCompletionChunks(answer: Answer, request: ScriptedRequest, id: string): object[] {
  const chunk = (delta: object, finish: string | null = null) => ({
    ...head(request, id, 'chat.completion.chunk'),
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  })
  const calls = answer.toolCalls ?? []
  const chunks: object[] = [chunk({ role: 'assistant', content: textOf(answer) === null ? null : '' })]
  for (const piece of pieces(answer.reasoning ?? '')) chunks.push(chunk(reasoningOf(answer, piece)))
  for (const piece of pieces(answer.text ?? '')) chunks.push(chunk({ content: piece }))
  if (answer.toolCallsInFinalChunk === true) {
    const whole = calls.map((call, index) => ({ index, ...wholeCall(call, `${id}_${index}`) }))
    chunks.push(chunk({ tool_calls: whole }, finishReason(answer)))
  } else {
    calls.forEach((call, index) => {
      for (const part of callParts(call, `${id}_${index}`))
        chunks.push(chunk({ tool_calls: [{ index, ...part }] }))
    })
    chunks.push(chunk({}, finishReason(answer)))
  }
  if (request.body?.stream_options?.include_usage === true && answer.usage !== null)
    chunks.push({ ...head(request, id, 'chat.completion.chunk'), choices: [], ...usageOf(answer) })
  return chunks
}

/** Text in pieces of a few characters, as models stream it. */
export function pieces(text: string): string[] {
  return text.match(/[\s\S]{1,8}/gu) ?? []
}

export function textOf({ text, toolCalls = [] }: Answer): string | null {
  if (text !== undefined) return text
  return toolCalls.length > 0 ? null : ''
}

function head(request: ScriptedRequest, id: string, object: string): object {
  return { id: `chatcmpl-${id}`, object, created: 0, model: request.body?.model ?? 'scripted' }
}

function wholeCall(call: ScriptedToolCall, fallbackId: string): object {
  const { name, arguments: args = '{}' } = call
  return { ...idOf(call, fallbackId), type: 'function', function: { name, arguments: args } }
}

/** The pieces of one call: its name, then its arguments bit by bit; an object cannot be cut. */
function callParts(call: ScriptedToolCall, fallbackId: string): object[] {
  const { name, arguments: args = '{}' } = call
  if (typeof args !== 'string') return [wholeCall(call, fallbackId)]
  const first = { ...idOf(call, fallbackId), type: 'function', function: { name, arguments: '' } }
  return [first, ...pieces(args).map((piece) => ({ function: { arguments: piece } }))]
}

function idOf({ id }: ScriptedToolCall, fallbackId: string): object {
  return id === null ? {} : { id: id ?? `call_${fallbackId}` }
}

function reasoningOf({ reasoningField = 'reasoning_content' }: Answer, text: string | undefined): object {
  return text === undefined ? {} : { [reasoningField]: text }
}

function finishReason({ finishReason, toolCalls = [] }: Answer): string {
  return finishReason ?? (toolCalls.length > 0 ? 'tool_calls' : 'stop')
}

function usageOf({ usage = { input: 10, output: 5 } }: Answer): object {
  if (usage === null) return {}
  const { input, output } = usage
  return { usage: { prompt_tokens: input, completion_tokens: output, total_tokens: input + output } }
}
