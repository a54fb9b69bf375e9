import { SkillLiteError } from '@skilllite/core'
import type OpenAI from 'openai'
import type { LoopOptions } from './loop-options.js'
import { type Preset, presets } from './presets.js'

type Endpoint = Pick<LoopOptions, 'client' | 'provider' | 'baseURL' | 'apiKey'>

/** The client given, or one for the endpoint given. Throws `ENDPOINT_SETTINGS_MISSING` where there is no key. */
export async function chatClient({ client, provider, baseURL, apiKey }: Endpoint): Promise<OpenAI> {
  if (client !== undefined) return client
  const preset: Preset = presets[provider ?? 'openai']
  // the key of one endpoint is nothing for another
  const variable = provider === undefined && baseURL !== undefined ? undefined : preset.keyVariable
  const needsKey = variable !== undefined || (provider === undefined && baseURL !== undefined)
  const key = apiKey || (variable === undefined ? undefined : process.env[variable])
  if (needsKey && (key === undefined || key === '')) {
    throw new SkillLiteError(
      'ENDPOINT_SETTINGS_MISSING',
      `There is no key for ${baseURL ?? provider ?? 'openai'}`,
      `Give apiKey${variable === undefined ? '; any text, where the endpoint wants none' : `, or set ${variable}`}.`,
    )
  }
  // loaded with the first request: whoever only defines tools does not wait for it
  const { default: Client } = await import('openai')
  const url = baseURL ?? preset.baseURL
  // the client reads these two from the environment, and they are nothing for another endpoint
  const account = url === presets.openai.baseURL ? {} : { organization: null, project: null }
  // an endpoint without keys is still sent one, since the client wants it
  return new Client({ baseURL: url, apiKey: key ?? 'none', maxRetries: 0, ...account })
}
