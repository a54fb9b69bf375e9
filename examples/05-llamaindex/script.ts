import type { EndpointScript, ScriptedRequest } from '@skilllite/scripted-openai'

/** Plays the model where there is no endpoint. */
export const script: EndpointScript = {
  real: 'The search, the skill and the sandbox',
  // LlamaIndex looks up what a model can do by its name
  model: 'gpt-4o',
  turns: [
    { toolCalls: [{ name: 'search_notes', arguments: '{"query": "price of a box of green tea"}' }] },
    (request) => ({
      toolCalls: [
        {
          name: 'calculator',
          arguments: JSON.stringify({
            operation: 'multiply',
            a: 12,
            b: Number(lastResult(request, /costs ([\d.]+) euro/)),
          }),
        },
      ],
    }),
    (request) => ({ text: `12 boxes cost ${lastResult(request, /result\W+([\d.]+)/)} euro.` }),
  ],
}

/** What the script does next depends on what the tools gave. */
function lastResult({ body }: ScriptedRequest, pattern: RegExp): string | undefined {
  return pattern.exec(body.messages.at(-1)?.content)?.[1]
}
