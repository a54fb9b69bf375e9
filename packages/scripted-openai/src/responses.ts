import { pieces, textOf } from './chat-completions.js'
import type { Answer, ScriptedRequest, ScriptedToolCall } from './turn.js'

type Item = Record<string, unknown> & { readonly id: string; readonly type: string }

/** An answer in the form of the Responses API, whole. */
export function response(answer: Answer, request: ScriptedRequest, id: string): object {
  return envelope(answer, request, id, outputItems(answer, id), 'completed')
}

/** The events of the same answer as a stream. */
export function responseEvents(answer: Answer, request: ScriptedRequest, id: string): object[] {
  const items = outputItems(answer, id)
  const opened = envelope(answer, request, id, [], 'in_progress')
  const events: object[] = [
    { type: 'response.created', response: opened },
    { type: 'response.in_progress', response: opened },
    ...items.flatMap(itemEvents),
    { type: 'response.completed', response: envelope(answer, request, id, items, 'completed') },
  ]
  return events.map((event, index) => ({ ...event, sequence_number: index }))
}

function outputItems(answer: Answer, id: string): Item[] {
  const text = textOf(answer)
  const reasoning = answer.reasoning
  return [
    ...(reasoning === undefined
      ? []
      : [{ id: `rs_${id}`, type: 'reasoning', summary: [{ type: 'summary_text', text: reasoning }] }]),
    ...(text === null ||
    (text === '' && [...(answer.toolCalls ?? []), ...(answer.outputItems ?? [])].length > 0)
      ? []
      : [messageItem(id, text)]),
    ...(answer.toolCalls ?? []).map((call, index) => callItem(call, `${id}_${index}`)),
    ...(answer.outputItems ?? []),
  ]
}

function messageItem(id: string, text: string): Item {
  const content = [{ type: 'output_text', text, annotations: [], logprobs: [] }]
  return { id: `msg_${id}`, type: 'message', role: 'assistant', status: 'completed', content }
}

function callItem({ name, arguments: args = '{}', id }: ScriptedToolCall, fallbackId: string): Item {
  const callId = id === null ? {} : { call_id: id ?? `call_${fallbackId}` }
  return {
    id: `fc_${fallbackId}`,
    type: 'function_call',
    ...callId,
    name,
    arguments: args,
    status: 'completed',
  }
}

function itemEvents(item: Item, index: number): object[] {
  const at = { output_index: index, item_id: item.id }
  const added = { type: 'response.output_item.added', output_index: index }
  const done = { type: 'response.output_item.done', output_index: index, item }
  if (item.type === 'message') {
    const [part] = item.content as [{ text: string }]
    const within = { ...at, content_index: 0 }
    return [
      { ...added, item: { ...item, status: 'in_progress', content: [] } },
      { type: 'response.content_part.added', ...within, part: { ...part, text: '' } },
      ...pieces(part.text).map((delta) => ({
        type: 'response.output_text.delta',
        ...within,
        delta,
        logprobs: [],
      })),
      { type: 'response.output_text.done', ...within, text: part.text, logprobs: [] },
      { type: 'response.content_part.done', ...within, part },
      done,
    ]
  }
  if (item.type === 'function_call' && typeof item.arguments === 'string') {
    return [
      { ...added, item: { ...item, status: 'in_progress', arguments: '' } },
      ...pieces(item.arguments).map((delta) => ({
        type: 'response.function_call_arguments.delta',
        ...at,
        delta,
      })),
      { type: 'response.function_call_arguments.done', ...at, name: item.name, arguments: item.arguments },
      done,
    ]
  }
  return [{ ...added, item }, done]
}

function envelope(
  answer: Answer,
  request: ScriptedRequest,
  id: string,
  output: readonly Item[],
  status: 'in_progress' | 'completed',
): object {
  const { input, output: produced } = answer.usage ?? { input: 10, output: 5 }
  const usage = {
    input_tokens: input,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: produced,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input + produced,
  }
  return {
    id: `resp_${id}`,
    object: 'response',
    created_at: 0,
    status,
    error: null,
    incomplete_details: null,
    instructions: request.body?.instructions ?? null,
    metadata: {},
    model: request.body?.model ?? 'scripted',
    output,
    parallel_tool_calls: true,
    temperature: 1,
    tool_choice: request.body?.tool_choice ?? 'auto',
    tools: request.body?.tools ?? [],
    top_p: 1,
    usage: status === 'completed' && answer.usage !== null ? usage : null,
  }
}
