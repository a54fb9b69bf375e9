import { existsSync } from 'node:fs'
import { type ScriptedRequest, startScriptedServer } from '@skilllite/scripted-openai'

/** Where the model is. */
export interface Endpoint {
  readonly baseURL: string
  readonly apiKey: string
  readonly model: string
  close(): Promise<void>
}

/** The endpoint of the environment or of `.env`; without `BASE_URL` a server on this machine that follows a script. */
export async function openEndpoint(): Promise<Endpoint> {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const { BASE_URL, API_KEY = 'none', MODEL } = process.env
  if (BASE_URL) {
    if (!MODEL) throw new Error('BASE_URL is set, but MODEL is not: say which model answers.')
    return { baseURL: BASE_URL, apiKey: API_KEY, model: MODEL, close: async () => {} }
  }
  console.log('(No BASE_URL: a script plays the model. The tools, the scan and the sandbox are real.)\n')
  const server = await startScriptedServer({
    turns: [
      {
        toolCalls: [
          { name: 'calculator', arguments: '{"operation": "multiply", "a": 15, "b": 27}' },
          { name: 'greeter', arguments: '{"name": "Ada"}' },
        ],
      },
      (request) => ({ text: answerTo(request) }),
    ],
  })
  return { baseURL: server.baseURL, apiKey: 'none', model: 'scripted', close: () => server.close() }
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
