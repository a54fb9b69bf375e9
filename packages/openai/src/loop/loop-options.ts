import {
  type AnswerOptions,
  type Approval,
  quote,
  type SkillInfo,
  SkillLiteError,
  type SkillManager,
} from '@skilllite/core'
import type OpenAI from 'openai'
import type { ContextMode } from './context.js'
import type { LoopEvent } from './loop-event.js'
import type { PendingCall } from './loop-state.js'
import { type ProviderName, presets } from './presets.js'

/**
 * Asked where a scan of a skill found something. Never two at a time.
 *
 * @param report What the scan found, to be read by a person
 * @param scanId Stands for this content of the skill and these arguments
 */
export type Confirm = (report: string, scanId: string, call: PendingCall) => Approval | Promise<Approval>

/** Options of one run of a skill. */
export type LoopCallOptions = Omit<AnswerOptions, 'confirm' | 'approved' | 'signal' | 'tools'>

/** What a loop is made of. */
export interface LoopOptions {
  readonly manager: SkillManager
  /** Name of the model, as the endpoint knows it. */
  readonly model: string
  /** A client of your own. Its own retries are not used.
   *  @default one made from `provider`, `baseURL` and `apiKey` */
  readonly client?: OpenAI
  /** An endpoint by name.
   *  @default 'openai', where there is no `baseURL` */
  readonly provider?: ProviderName
  /** The endpoint, up to and with its version: `https://example.com/v1`.
   *  @default that of `provider` */
  readonly baseURL?: string
  /** @default the provider's variable of the environment, for example OPENAI_API_KEY */
  readonly apiKey?: string
  /** What stands first in the system prompt.
   *  @default nothing but what the skills need */
  readonly system?: string
  /** How much of the skills the model is told from the start.
   *  @default 'standard' */
  readonly context?: ContextMode
  /** Only these tools, by the name of a tool or of its skill; `*` stands for any characters.
   *  @default all */
  readonly include?: readonly string[]
  /** Not these tools.
   *  @default none */
  readonly exclude?: readonly string[]
  /** Adds `run_command`, which runs command lines in a skill's sandbox with the `programs` that `SkillManager.load` was
   *  given.
   *  @default false */
  readonly commands?: boolean
  /** Adds `list_files`, `read_file` and `write_file` for the `workspace` that `SkillManager.load` was given.
   *  @default false */
  readonly workspace?: boolean
  /** Most requests of one run.
   *  @default 20 */
  readonly maxIterations?: number
  /** Budget of one run: tokens of all its requests and answers together.
   *  @default no limit */
  readonly maxTokens?: number
  /** The model first gives a list of tasks, and ticks them off.
   *  @default false */
  readonly planning?: boolean
  /** Who approves what a scan asks.
   *  @default nobody: the loop stops, with a state to go on from */
  readonly confirm?: Confirm
  /** Options of every run: grants, limits, sandbox level. A function gives them for the skill that is to run.
   *  @default those of the manager */
  readonly runOptions?: LoopCallOptions | ((skill: SkillInfo) => LoopCallOptions)
  /** Asks for answers as streams.
   *  @default true */
  readonly streaming?: boolean
  /** How often a request is sent again after 408, 409, 429, 5xx, and a connection or stream that broke.
   *  @default 4 */
  readonly retries?: number
  /** The longest wait that an endpoint may ask for, in milliseconds. Where it asks for more, the run fails.
   *  @default 60_000 */
  readonly maxRetryDelayMs?: number
  /** Sends a model's reasoning back with its tool calls, until they have led to an answer; some models need it.
   *  @default true */
  readonly echoReasoning?: boolean
  /** More fields of each request: `temperature`, `max_completion_tokens`, …
   *  @default {} */
  readonly request?: Readonly<Record<string, unknown>>
}

/** Options of one run. */
export interface LoopRunOptions {
  /** Ends the request and all sandboxed runs at once; `run` then rejects with an `AbortError`.
   *  @default none */
  readonly signal?: AbortSignal
  /** Gets everything as it happens.
   *  @default none */
  readonly onEvent?: (event: LoopEvent) => void
}

/** The same with every default in its place. */
export type LoopSettings = LoopOptions &
  Required<
    Pick<
      LoopOptions,
      | 'context'
      | 'maxIterations'
      | 'maxTokens'
      | 'planning'
      | 'runOptions'
      | 'streaming'
      | 'retries'
      | 'maxRetryDelayMs'
      | 'echoReasoning'
      | 'request'
    >
  >

const contexts: readonly string[] = [
  'summary',
  'standard',
  'full',
  'progressive',
] satisfies readonly ContextMode[]

/** Checks options and puts defaults in. Throws `OPTION_INVALID`. */
export function loopSettings(options: LoopOptions): LoopSettings {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  const settings: LoopSettings = {
    ...(given as unknown as LoopOptions),
    context: options.context ?? 'standard',
    maxIterations: options.maxIterations ?? 20,
    maxTokens: options.maxTokens ?? Number.POSITIVE_INFINITY,
    planning: options.planning ?? false,
    runOptions: options.runOptions ?? {},
    streaming: options.streaming ?? true,
    retries: options.retries ?? 4,
    maxRetryDelayMs: options.maxRetryDelayMs ?? 60_000,
    echoReasoning: options.echoReasoning ?? true,
    request: options.request ?? {},
  }
  if (typeof options.model !== 'string' || options.model === '')
    throw invalid('model', 'the name of a model', options.model)
  if (!contexts.includes(settings.context))
    throw invalid('context', `one of ${contexts.join(', ')}`, settings.context)
  if (settings.provider !== undefined && !Object.hasOwn(presets, settings.provider))
    throw invalid('provider', `one of ${Object.keys(presets).join(', ')}`, settings.provider)
  if (!Number.isInteger(settings.maxIterations) || settings.maxIterations < 1)
    throw invalid('maxIterations', 'a whole number from 1', settings.maxIterations)
  if (!(settings.maxTokens > 0)) throw invalid('maxTokens', 'a number above 0', settings.maxTokens)
  if (!Number.isInteger(settings.retries) || settings.retries < 0)
    throw invalid('retries', 'a whole number from 0', settings.retries)
  return settings
}

function invalid(option: string, wanted: string, got: unknown): SkillLiteError {
  return new SkillLiteError('OPTION_INVALID', `${option} must be ${wanted}, got ${quote(got)}`)
}
