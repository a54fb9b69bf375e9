import type { EndpointScript, ScriptedRequest } from '@skilllite/scripted-openai'

/** Plays the model where there is no endpoint. */
export const script: EndpointScript = {
  real: 'The agent, the tools, the scan and the sandbox',
  turns: [
    {
      toolCalls: [
        { name: 'calculator', arguments: '{"operation": "multiply", "a": 15, "b": 27}' },
        { name: 'greeter', arguments: '{"name": "Ada"}' },
      ],
    },
    (request) => ({ text: answerTo(request) }),
  ],
}

/** What the script says depends on what the tools gave. */
function answerTo({ body }: ScriptedRequest): string {
  const results: string[] = body.messages
    .filter(({ role }: { role: string }) => role === 'tool')
    .map(({ content }: { content: string }) => content)
  const product = /"result": (\d+)/.exec(results[0] ?? '')?.[1]
  const greeting = results[1]?.startsWith('Good morning') ? results[1] : 'The greeting was not allowed.'
  return `15 * 27 is ${product}. ${greeting}`
}
