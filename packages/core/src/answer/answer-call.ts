import { quote, SkillLiteError } from '../errors.js'
import type { SkillManager } from '../manager.js'
import type { RunOptions } from '../sandbox/run-options.js'
import type { OfferedTool } from '../tools/own-tools.js'
import { parseArguments } from '../tools/parse-arguments.js'
import { answerInWords, type ModelAnswer, type WordsOptions } from './answer-in-words.js'

/** A call as a model makes it. */
export interface ModelCall {
  readonly name: string
  /** JSON text, or what it says; none at all means no arguments. */
  readonly arguments?: string | Readonly<Record<string, unknown>> | null | undefined
}

/** Options of one answered call, besides those of a run. */
export interface AnswerOptions extends Omit<RunOptions, 'script'>, WordsOptions {
  /** Tools that the model was offered, as `manager.tools()` gave them; no other can be called.
   *  @default all of the manager */
  readonly tools?: readonly OfferedTool[]
}

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
  const { tools, ...words } = options
  const offered = (): readonly string[] => (tools ?? manager.tools()).map(({ name }) => name)
  return answerInWords({ tool: call.name, offered, skills: manager.skills }, words, (run) => {
    const { arguments: given } = call
    const args = typeof given === 'string' ? parseArguments(given, call.name) : (given ?? {})
    return manager.run(tools === undefined ? call.name : offeredTool(call.name, tools), args, run)
  })
}

/** The definition as it was offered: an activation tool's names the skills that may be read. */
function offeredTool(name: string, tools: readonly OfferedTool[]): OfferedTool {
  const tool = tools.find((entry) => entry.name === name)
  if (tool === undefined) throw new SkillLiteError('TOOL_UNKNOWN', `There is no tool ${quote(name)}`)
  return tool
}
