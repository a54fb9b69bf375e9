import { quote, SkillLiteError } from '../errors.js'
import { onAbort } from '../sandbox/on-abort.js'
import type { RunOptions } from '../sandbox/run-options.js'
import type { RunResult } from '../sandbox/run-result.js'
import { snapshotDirectories } from '../sandbox/skill-snapshot.js'
import type { SkillInfo } from '../skill/skill-info.js'
import { describeFailedCall } from './describe-failed-call.js'
import { describeRun, succeeded } from './describe-run.js'

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

/** What concerns the words of an answer. */
export interface WordsOptions {
  /** Most of what the skill printed that is shown, in UTF-16 units, from 1,000; of longer output the middle is left out.
   *  What the engine says adds no more than 8,100.
   *  @default 32_000 */
  readonly maxCharacters?: number
}

const DEFAULT_CHARACTERS = 32_000
const LEAST_CHARACTERS = 1_000

/** What the words of an answer are about. */
export interface Subject {
  /** The tool, or what stands for it. */
  readonly tool: string
  /** Names that a model could have meant. */
  offered(): readonly string[]
  /** Skills whose code may run. */
  readonly skills: readonly SkillInfo[]
}

/** Runs, and puts into words whatever it comes to. */
export async function answerInWords<Options extends Pick<RunOptions, 'confirm' | 'signal'>>(
  { tool, offered, skills }: Subject,
  { maxCharacters, ...options }: WordsOptions & Options,
  run: (options: Omit<WordsOptions & Options, 'maxCharacters'>) => Promise<RunResult>,
): Promise<ModelAnswer> {
  const room = roomFor(maxCharacters)
  throwIfAborted(options)
  try {
    const result = await run(untilAborted(options))
    if (!succeeded(result)) throwIfAborted(options)
    const hidden = [...skills.map(({ directory }) => directory), ...snapshotDirectories()]
    return { content: describeRun(tool, result, room, hidden), isError: !succeeded(result), result }
  } catch (error) {
    if (!SkillLiteError.is(error)) throw error
    const content = describeFailedCall(tool, error, offered())
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
