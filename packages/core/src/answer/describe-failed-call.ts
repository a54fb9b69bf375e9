import { type ErrorCode, quote, type SkillLiteError } from '../errors.js'
import { suggestNames } from '../tools/find-tool.js'
import { engineWords } from './engine-words.js'

/** Mistakes of the program around the model: no word to the model mends them. */
const ofTheHost: ReadonlySet<ErrorCode> = new Set([
  'OPTION_INVALID',
  'SANDBOX_BINARY_MISSING',
  'SANDBOX_UNAVAILABLE',
  'SANDBOX_SETUP_FAILED',
  'SANDBOX_PROTOCOL',
])

/** What a model is told of a call that could not be made; nothing where it is the host that has to know. */
export function describeFailedCall(
  tool: string,
  error: SkillLiteError,
  offered: readonly string[],
): string | undefined {
  if (ofTheHost.has(error.code)) return undefined
  switch (error.code) {
    case 'ARGUMENTS_INVALID':
      return engineWords(`${error.message}\nNothing was run. ${error.hint ?? ''}`.trim())
    case 'TOOL_UNKNOWN':
      return engineWords(`${error.message}. ${suggestNames(tool, offered, 'tools')}`)
    case 'INTERPRETER_MISSING':
    case 'DEPENDENCY_INVALID':
    case 'DEPENDENCY_INSTALL_FAILED':
    case 'DEPENDENCY_LOCK_INVALID':
      return engineWords(
        `${quote(tool)} was not run: a program or library that it needs is not installed here. Tell the user; calling it again does not help.`,
      )
    default:
      // Their messages name files of the host.
      return engineWords(
        `${quote(tool)} was not run: the files of its skill are damaged, missing or changing. Tell the user; calling it again does not help.`,
      )
  }
}
