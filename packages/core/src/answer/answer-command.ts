import { quote } from '../errors.js'
import type { SkillManager } from '../manager.js'
import type { CommandOptions } from '../sandbox/run-options.js'
import { suggestNames } from '../tools/find-tool.js'
import { answerInWords, type ModelAnswer, type WordsOptions } from './answer-in-words.js'

/** A command line that a model asks for. */
export interface ModelCommand {
  /** In whose sandbox. */
  readonly skill: string
  readonly line: string
}

/** Options of one answered command. */
export interface CommandAnswerOptions extends CommandOptions, WordsOptions {
  /** Names of the skills in whose sandbox it may run.
   *  @default all of the manager */
  readonly skills?: readonly string[]
}

/** Answers a command in words, as `answerCall` does for a call. Without `programs` it is refused. */
export async function answerCommand(
  manager: SkillManager,
  { skill, line }: ModelCommand,
  options: CommandAnswerOptions = {},
): Promise<ModelAnswer> {
  const { skills = manager.skills.map(({ name }) => name), ...words } = options
  const subject = { tool: 'The command', offered: () => skills, skills: manager.skills }
  return answerInWords(subject, words, async (run) => {
    if (skills.includes(skill)) return manager.command(skill, line, run)
    const reason = `there is no skill ${quote(skill)}. ${suggestNames(String(skill), skills, 'skills').replace(/\.$/, '')}`
    return { status: 'refused', reason }
  })
}
