import type { EndpointScript, ScriptedRequest, ScriptedToolCall, Turn } from '@skilllite/scripted-openai'

/** Plays the model where there is no endpoint. It goes by the conversation alone, so that another process can go on. */
export const script: EndpointScript = { real: 'The loop, the scan and the sandbox', turns: nextTurn }

function nextTurn({ body }: ScriptedRequest): Turn {
  const results: string[] = body.messages
    .filter(({ role }: { role: string }) => role === 'tool')
    .map(({ content }: { content: string }) => content)
  const [plan, product, greeting] = results
  if (plan === undefined) return { text: 'Two things to do.', toolCalls: [planCall('doing', 'open')] }
  if (product === undefined || greeting === undefined) {
    return {
      toolCalls: [
        { name: 'calculator', arguments: '{"operation": "multiply", "a": 15, "b": 27}' },
        { name: 'greeter', arguments: '{"name": "Ada"}' },
      ],
    }
  }
  if (results.length === 3) return { toolCalls: [planCall('done', 'done')] }
  const greeted = greeting.startsWith('Good morning') ? greeting.trim() : 'The greeting was not allowed.'
  return { text: `15 * 27 is ${/"result": (\d+)/.exec(product)?.[1]}. ${greeted}` }
}

function planCall(multiply: string, greet: string): ScriptedToolCall {
  const tasks = [
    { title: 'Multiply', status: multiply },
    { title: 'Greet Ada', status: greet },
  ]
  return { name: 'update_plan', arguments: JSON.stringify({ tasks }) }
}
