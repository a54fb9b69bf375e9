import type { ChatMessage, LoopCall } from './chat-message.js'
import { parseObject } from './parse-object.js'
import type { ModelTurn } from './turn-collector.js'

/** The model's answer as a message of the conversation, with an id for every call. */
export function assistantMessage(
  turn: ModelTurn,
  messages: readonly ChatMessage[],
): { readonly message: ChatMessage; readonly calls: readonly LoopCall[] } {
  const taken = new Set(messages.flatMap((message) => callsOf(message).map(({ id }) => id)))
  const calls = turn.calls.map((call) => {
    const id = freeId(call.id, taken)
    taken.add(id)
    return { id, name: call.name === '' ? 'unknown' : call.name, arguments: call.arguments }
  })
  const message = {
    role: 'assistant' as const,
    content: calls.length > 0 && turn.text === '' ? null : turn.text,
    ...(turn.reasoning === undefined ? {} : { [turn.reasoning.field]: turn.reasoning.text }),
    ...(calls.length === 0 ? {} : { tool_calls: calls.map(toolCall) }),
  }
  return { message, calls }
}

/** The messages of a request: one system message, and reasoning only where it is still wanted. */
export function requestMessages(
  prompt: string,
  messages: readonly ChatMessage[],
  echoReasoning: boolean,
): ChatMessage[] {
  const [first, ...rest] = messages
  const own = first?.role === 'system' || first?.role === 'developer' ? first : undefined
  const system = [own === undefined ? '' : textOf(own), prompt].filter((part) => part !== '').join('\n\n')
  const others = own === undefined ? messages : rest
  const lastQuestion = others.findLastIndex(({ role }) => role === 'user')
  const sent = others.map((message, index) =>
    echoReasoning && index > lastQuestion && callsOf(message).length > 0
      ? message
      : withoutReasoning(message),
  )
  return [{ role: 'system', content: system }, ...sent]
}

/** The last words of the model since the last question; '' where there are none. */
export function lastText(messages: readonly ChatMessage[]): string {
  const since = messages.slice(messages.findLastIndex(({ role }) => role === 'user') + 1)
  const last = since.findLast((message) => message.role === 'assistant' && textOf(message) !== '')
  return last === undefined ? '' : textOf(last)
}

function textOf({ content }: ChatMessage): string {
  if (typeof content === 'string') return content
  return (content ?? []).map((part) => ('text' in part ? part.text : '')).join('')
}

function callsOf(message: ChatMessage): readonly { readonly id: string }[] {
  return message.role === 'assistant' ? (message.tool_calls ?? []) : []
}

/** Some endpoints send no id, or the same one twice. */
function freeId(id: string | undefined, taken: ReadonlySet<string>): string {
  if (id !== undefined && !taken.has(id)) return id
  let number = taken.size + 1
  while (taken.has(`call_${number}`)) number += 1
  return `call_${number}`
}

/** Arguments that are no JSON object are not sent back: some endpoints fail on them. The answer to the call quotes them. */
function toolCall({ id, name, arguments: text }: LoopCall) {
  const sent = parseObject(text) === undefined ? '{}' : text
  return { id, type: 'function' as const, function: { name, arguments: sent } }
}

function withoutReasoning(message: ChatMessage): ChatMessage {
  if (!('reasoning_content' in message) && !('reasoning' in message)) return message
  const {
    reasoning_content: _one,
    reasoning: _other,
    ...rest
  } = message as unknown as Record<string, unknown>
  return rest as unknown as ChatMessage
}
