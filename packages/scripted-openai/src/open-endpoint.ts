import { existsSync } from 'node:fs'
import { type ScriptedServerOptions, startScriptedServer } from './server.js'

/** Where the model is. */
export interface Endpoint {
  readonly baseURL: string
  readonly apiKey: string
  readonly model: string
  /** Ends the server where there is one. */
  close(): Promise<void>
}

/** What plays the model where there is no endpoint. */
export interface EndpointScript extends Pick<ScriptedServerOptions, 'turns'> {
  /** What is real all the same, as the subject of a sentence: it is told to the user. */
  readonly real: string
  /** Name of the model, for clients that know models by their names.
   *  @default 'scripted' */
  readonly model?: string
}

/**
 * For examples: the endpoint of `BASE_URL`, `API_KEY` and `MODEL`, in the environment or in `.env`; without `BASE_URL` a server on
 * this machine that follows the script, which is told on stdout. Ends the process where `MODEL` is missing.
 */
export async function openEndpoint({ turns, real, model = 'scripted' }: EndpointScript): Promise<Endpoint> {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const { BASE_URL, API_KEY, MODEL } = process.env
  if (BASE_URL) {
    if (!MODEL) {
      console.error('BASE_URL is set, but MODEL is not: say which model answers.')
      process.exit(1)
    }
    return { baseURL: BASE_URL, apiKey: API_KEY || 'none', model: MODEL, close: async () => {} }
  }
  console.log(`(No BASE_URL: a script plays the model. ${real} are real.)\n`)
  const server = await startScriptedServer({ turns })
  return { baseURL: server.baseURL, apiKey: 'none', model, close: () => server.close() }
}
