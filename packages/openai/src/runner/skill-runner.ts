import { type LoadOptions, SkillManager } from '@skilllite/core'
import { AgenticLoop, type ResumeOptions } from '../loop/agentic-loop.js'
import type { ChatMessage } from '../loop/chat-message.js'
import type { LoopEvent, LoopResult } from '../loop/loop-event.js'
import type { LoopOptions, LoopRunOptions } from '../loop/loop-options.js'
import type { LoopState } from '../loop/loop-state.js'
import { endpointSettings } from './endpoint-settings.js'
import { readEnvironment } from './environment.js'
import { approvesAll, grantedHosts, sandboxSettings } from './sandbox-settings.js'

/** What stands before the settings of the environment and of the file; all may be left out. With a `manager` of your own,
 *  no settings of the sandbox are read. */
export interface RunnerOptions extends Partial<LoopOptions> {
  /** Skill directories, or directories that hold skill directories.
   *  @default SKILLLITE_SKILLS_DIR or SKILLS_DIR, else wherever `SkillManager.load` discovers them */
  readonly skillsDir?: LoadOptions['skillsDir']
  /** @default SKILLLITE_LEVEL or SKILLBOX_SANDBOX_LEVEL, else 3 */
  readonly sandboxLevel?: LoadOptions['sandboxLevel']
  /** More options of `SkillManager.load`; not used where there is a `manager`.
   *  @default {} */
  readonly load?: LoadOptions
  /** The file with settings, relative to `cwd`; false for none.
   *  @default '.env', where there is one */
  readonly envFile?: string | false
  /** @default process.cwd() */
  readonly cwd?: string
}

/**
 * An {@link AgenticLoop} with its settings from the environment, and in second place from an `.env` file: `BASE_URL`,
 * `API_KEY`, `MODEL`. The file's values are not put into `process.env`, and no skill gets any of them.
 *
 * @example
 * const { text } = await new SkillRunner().run('Calculate 15 * 27')
 */
export class SkillRunner {
  readonly #options: RunnerOptions
  #loop: Promise<AgenticLoop> | undefined

  constructor(options: RunnerOptions = {}) {
    this.#options = options
  }

  /** As {@link AgenticLoop.run}. Throws `ENDPOINT_SETTINGS_MISSING` where the endpoint's settings are not complete. */
  async run(message: string | readonly ChatMessage[], options: LoopRunOptions = {}): Promise<LoopResult> {
    return (await this.loop()).run(message, options)
  }

  /** As {@link AgenticLoop.stream}. */
  async *stream(
    message: string | readonly ChatMessage[],
    options: Pick<LoopRunOptions, 'signal'> = {},
  ): AsyncGenerator<LoopEvent, void, undefined> {
    yield* (await this.loop()).stream(message, options)
  }

  /** As {@link AgenticLoop.resume}. */
  async resume(state: LoopState, decided: ResumeOptions, options: LoopRunOptions = {}): Promise<LoopResult> {
    return (await this.loop()).resume(state, decided, options)
  }

  /** The loop behind it; settings are read and skills loaded once. */
  loop(): Promise<AgenticLoop> {
    this.#loop ??= makeLoop(this.#options).catch((error: unknown) => {
      // what was missing may be there the next time
      this.#loop = undefined
      throw error
    })
    return this.#loop
  }
}

async function makeLoop(options: RunnerOptions): Promise<AgenticLoop> {
  const { skillsDir, sandboxLevel, load, envFile, cwd = process.cwd(), ...loop } = options
  const environment = readEnvironment(cwd, envFile)
  const { client } = loop
  const endpoint =
    client === undefined
      ? endpointSettings(loop, environment)
      : { model: loop.model ?? environment.value('MODEL', 'OPENAI_MODEL') ?? '' }
  if (loop.manager !== undefined) return new AgenticLoop({ ...loop, ...endpoint, manager: loop.manager })
  const manager = await SkillManager.load({
    cwd,
    ...sandboxSettings(environment),
    ...load,
    ...(skillsDir === undefined ? {} : { skillsDir }),
    ...(sandboxLevel === undefined ? {} : { sandboxLevel }),
  })
  const confirm = loop.confirm ?? (approvesAll(environment) ? () => true : undefined)
  return new AgenticLoop({
    ...loop,
    ...endpoint,
    manager,
    runOptions: loop.runOptions ?? ((skill) => hostGrants(grantedHosts(environment, skill))),
    ...(confirm === undefined ? {} : { confirm }),
  })
}

/** No hosts is no option, so that those of the manager stand. */
function hostGrants(allowHosts: readonly string[]) {
  return allowHosts.length === 0 ? {} : { allowHosts }
}
