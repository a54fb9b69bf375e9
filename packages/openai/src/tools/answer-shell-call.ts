import {
  answerCommand,
  type CommandAnswerOptions,
  type ModelAnswer,
  type SkillInfo,
  type SkillManager,
} from '@skilllite/core'
import type { ShellCall, ShellOutput } from './response-item.js'

/** Most that is sent of one stream of one command, in UTF-16 units. */
const MAX_CHARACTERS = 32_000
/** What shells answer for a command that may not be run. */
const NOT_RUN = 126

/** Runs the commands of a call one after the other, each in the sandbox of the skill whose directory it names. */
export async function answerShellCall(
  manager: SkillManager,
  call: ShellCall,
  skills: readonly SkillInfo[],
  options: CommandAnswerOptions,
  onAnswer: (answer: ModelAnswer) => void,
): Promise<ShellOutput[]> {
  const outputs: ShellOutput[] = []
  for (const line of call.commands) {
    const named = skills.filter(({ directory }) => mentions(line, directory))
    const [skill] = named.length === 0 && skills.length === 1 ? skills : named
    outputs.push(
      skill === undefined || named.length > 1
        ? notRun('Not run: a command must name the files of exactly one skill, by their absolute path.')
        : await runLine(manager, skill.name, line, call, options, onAnswer),
    )
  }
  return outputs
}

async function runLine(
  manager: SkillManager,
  skill: string,
  line: string,
  { timeoutMs, maxOutputLength }: ShellCall,
  options: CommandAnswerOptions,
  onAnswer: (answer: ModelAnswer) => void,
): Promise<ShellOutput> {
  const limit = manager.policy(skill, options).limits.wallMs
  const answer = await answerCommand(
    manager,
    { skill, line },
    // The model may ask for less time than the host allows, never for more.
    timeoutMs !== undefined && timeoutMs < limit ? { ...options, timeoutMs } : options,
  )
  onAnswer(answer)
  const { result } = answer
  if (result?.status !== 'completed') return notRun(answer.content)
  const most = Math.min(maxOutputLength ?? MAX_CHARACTERS, MAX_CHARACTERS)
  const refused = result.violations.map(({ message }) => `Refused: ${message}\n`).join('')
  return {
    stdout: cut(result.stdout, most),
    stderr: cut(`${refused}${result.stderr}`, most),
    outcome: result.end.kind === 'time' ? { type: 'timeout' } : { type: 'exit', exit_code: result.exitCode },
  }
}

function notRun(reason: string): ShellOutput {
  return { stdout: '', stderr: reason, outcome: { type: 'exit', exit_code: NOT_RUN } }
}

/** Whether a line names a directory or something in it, and not one whose name only begins alike. */
function mentions(line: string, directory: string): boolean {
  const after = line.split(directory).slice(1)
  return after.some((rest) => !/^[\w.-]/.test(rest))
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : text.slice(0, most).replace(/[\ud800-\udbff]$/, '')
}
