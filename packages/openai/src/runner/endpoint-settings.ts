import { SkillLiteError } from '@skilllite/core'
import type { LoopOptions } from '../loop/loop-options.js'
import { type Preset, presets } from '../loop/presets.js'
import type { Environment, Setting } from './environment.js'

/** The endpoint, its key and the model. */
export interface EndpointSettings {
  readonly baseURL: string
  readonly apiKey: string
  readonly model: string
}

type Given = Pick<LoopOptions, 'provider' | 'baseURL' | 'apiKey'> & { readonly model?: string }

/**
 * Options before `BASE_URL`, `API_KEY` and `MODEL`, before `OPENAI_BASE_URL`, `OPENAI_API_KEY` and `OPENAI_MODEL`.
 * Throws `ENDPOINT_SETTINGS_MISSING`, in one sentence for all that is missing.
 */
export function endpointSettings(given: Given, environment: Environment): EndpointSettings {
  const preset: Preset | undefined = given.provider && presets[given.provider]
  const chosen = given.baseURL ?? preset?.baseURL
  const written = chosen === undefined ? environment.find('BASE_URL', 'OPENAI_BASE_URL') : undefined
  const baseURL = chosen ?? written?.value ?? presets.openai.baseURL
  const key = given.apiKey || findKey(environment, preset, written) || (isLocal(baseURL) ? 'none' : undefined)
  const model = given.model || environment.value('MODEL', 'OPENAI_MODEL')
  if (key !== undefined && model !== undefined) return { baseURL, apiKey: key, model }
  const missing = [key === undefined ? 'API_KEY' : '', model === undefined ? 'MODEL' : ''].filter(Boolean)
  throw new SkillLiteError(
    'ENDPOINT_SETTINGS_MISSING',
    `${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} not set, so ${baseURL} cannot be asked`,
    'Set BASE_URL, API_KEY and MODEL in the environment or in .env of this directory.',
  )
}

/**
 * A key that people have in their environment for OpenAI itself is not sent to an endpoint that a file names: who hands
 * out a project with an `.env` must not get the keys of those who try it.
 */
function findKey(
  environment: Environment,
  preset: Preset | undefined,
  baseURL: Setting | undefined,
): string | undefined {
  if (preset !== undefined) {
    return preset.keyVariable === undefined
      ? undefined
      : environment.value(preset.keyVariable) || environment.value('API_KEY')
  }
  const own = environment.find('API_KEY')
  if (own !== undefined) return own.value
  const openai = environment.find('OPENAI_API_KEY')
  return openai?.from === 'environment' && baseURL?.from === 'file' ? undefined : openai?.value
}

/** Endpoints on this machine want no key. */
function isLocal(baseURL: string): boolean {
  if (!URL.canParse(baseURL)) return false
  const { hostname } = new URL(baseURL)
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}
