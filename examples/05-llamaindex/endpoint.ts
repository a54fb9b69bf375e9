import { existsSync } from 'node:fs'
import { OpenAI } from '@llamaindex/openai'
import { type ScriptedRequest, startScriptedServer } from '@skilllite/scripted-openai'

/** The model, and how to let go of it. */
export interface Endpoint {
  readonly llm: OpenAI
  close(): Promise<void>
}

/** The endpoint of the environment or of `.env`; without `BASE_URL` a server on this machine that follows a script. */
export async function openEndpoint(): Promise<Endpoint> {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const { BASE_URL, API_KEY = 'none', MODEL } = process.env
  if (BASE_URL) {
    if (!MODEL) throw new Error('BASE_URL is set, but MODEL is not: say which model answers.')
    return { llm: new OpenAI({ baseURL: BASE_URL, apiKey: API_KEY, model: MODEL }), close: async () => {} }
  }
  console.log('(No BASE_URL: a script plays the model. The search, the skill and the sandbox are real.)\n')
  const server = await startScriptedServer({
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
  })
  const llm = new OpenAI({ baseURL: server.baseURL, apiKey: 'none', model: 'gpt-4o' })
  return { llm, close: () => server.close() }
}

/** What the script does next depends on what the tools gave. */
function lastResult({ body }: ScriptedRequest, pattern: RegExp): string | undefined {
  return pattern.exec(body.messages.at(-1)?.content)?.[1]
}
