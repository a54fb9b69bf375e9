import { quote, SkillLiteError } from '../errors.js'
import type { SkillManager } from '../manager.js'
import { onAbort } from '../sandbox/on-abort.js'
import type { RunOptions } from '../sandbox/run-options.js'
import type { RunResult } from '../sandbox/run-result.js'
import type { OfferedTool } from '../tools/activation-tools.js'
import { describeFailedCall } from './describe-failed-call.js'
import { describeRun, succeeded } from './describe-run.js'

/** A call as a model makes it. */
export interface ModelCall {
  readonly name: string
  /** JSON text, or what it says; none at all means no arguments. */
  readonly arguments?: string | Readonly<Record<string, unknown>> | null | undefined
}

/** What a model gets for its call. */
export interface ModelAnswer {
  /**
   * The words for the model. What the engine says stands between `<skilllite>` and `</skilllite>`, which nothing that
   * a skill prints can contain; all else was printed by the skill. Output of a run that succeeded stands there as it is.
   */
  readonly content: string
  /** Whether it is anything but the output of a run that succeeded. */
  readonly isError: boolean
  /** What the call came to, for the host; left out where there was nothing to run. */
  readonly result?: RunResult
  /** Why there was nothing to run; left out where there is a result. */
  readonly error?: SkillLiteError
}

/** Options of one answered call, besides those of a run. */
export interface AnswerOptions extends Omit<RunOptions, 'script'> {
  /** Tools that the model was offered; no other can be called.
   *  @default all of the manager */
  readonly tools?: readonly Pick<OfferedTool, 'name'>[]
  /** Most of what the skill printed that is shown, in UTF-16 units, from 1,000; of longer output the middle is left out.
   *  What the engine says adds no more than 8,100.
   *  @default 32_000 */
  readonly maxCharacters?: number
}

const DEFAULT_CHARACTERS = 32_000
const LEAST_CHARACTERS = 1_000

/**
 * Answers a model's call in words, whatever it comes to: the output of the skill, what failed, why it was not run, which
 * argument is wrong. With no `confirm`, a call that needs approval is not run and says so; `result` then has the
 * `scanId` to call again with.
 *
 * Rejects with an `AbortError` when `signal` fires, once nothing of the skill runs any more; with `OPTION_INVALID` and
 * the codes that begin with `SANDBOX_` for what only the host can mend; and with what `confirm` or a listener throws.
 */
export async function answerCall(
  manager: SkillManager,
  call: ModelCall,
  options: AnswerOptions = {},
): Promise<ModelAnswer> {
  const { tools, maxCharacters, ...run } = options
  const room = roomFor(maxCharacters)
  throwIfAborted(run)
  const offered = (): readonly string[] => (tools ?? manager.tools()).map(({ name }) => name)
  try {
    if (tools !== undefined && !offered().includes(call.name)) {
      throw new SkillLiteError('TOOL_UNKNOWN', `There is no tool ${quote(call.name)}`)
    }
    const result = await manager.call(call.name, call.arguments ?? {}, untilAborted(run))
    if (!succeeded(result)) throwIfAborted(run)
    return { content: describeRun(call.name, result, room), isError: !succeeded(result), result }
  } catch (error) {
    if (!SkillLiteError.is(error)) throw error
    const content = describeFailedCall(call.name, error, offered())
    if (content === undefined) throw error
    return { content, isError: true, error }
  }
}

function roomFor(maxCharacters: unknown = DEFAULT_CHARACTERS): number {
  if (
    typeof maxCharacters === 'number' &&
    Number.isInteger(maxCharacters) &&
    maxCharacters >= LEAST_CHARACTERS
  ) {
    return maxCharacters
  }
  throw new SkillLiteError(
    'OPTION_INVALID',
    `maxCharacters must be a whole number from ${LEAST_CHARACTERS}, got ${quote(maxCharacters)}`,
    `Leave it out for ${DEFAULT_CHARACTERS}.`,
  )
}

/** The same options, where nobody waits for an answer to `confirm` that is not wanted any more. */
function untilAborted<Options extends Pick<RunOptions, 'confirm' | 'signal'>>(options: Options): Options {
  const { confirm, signal } = options
  if (confirm === undefined || signal === undefined) return options
  return {
    ...options,
    confirm: async (request) => {
      if (signal.aborted) return false
      let forget = (): void => {}
      const aborted = new Promise<false>((resolve) => {
        forget = onAbort(signal, () => resolve(false))
      })
      try {
        return await Promise.race([confirm(request), aborted])
      } finally {
        forget()
      }
    },
  }
}

/** Throws what is named `AbortError` whatever reason was given: that is what callers look for. */
function throwIfAborted({ signal }: Pick<RunOptions, 'signal'>): void {
  if (signal?.aborted !== true) return
  const { reason } = signal
  if (reason instanceof Error && reason.name === 'AbortError') throw reason
  throw Object.assign(new Error('The call was cancelled', { cause: reason }), { name: 'AbortError' })
}
