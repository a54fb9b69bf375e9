import { quote, SkillLiteError } from '../errors.js'
import { skillContentBlock } from '../skill/activation.js'
import { readResource } from '../skill/resources.js'
import type { SkillInfo } from '../skill/skill-info.js'
import type { ActivationTool } from './activation-tools.js'
import { validateArguments } from './validate-arguments.js'

/** More than a model could use at once. */
const MAX_FILE_BYTES = 256 * 1024

/** What an activation tool says: a text, or what is wrong in words that a model can act on. */
export type ActivationAnswer =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'problem'; readonly problem: string }

/** Answers a call from the files of the skills. Throws `ARGUMENTS_INVALID` as a script's tool would. */
export async function answerActivation(
  tool: ActivationTool,
  args: unknown,
  skills: readonly SkillInfo[],
): Promise<ActivationAnswer> {
  const { args: valid } = await validateArguments(tool, args)
  const name = tool.name === 'activate_skill' ? valid.name : valid.skill
  const skill = skills.find((entry) => entry.name === name)
  if (skill === undefined) throw new SkillLiteError('SKILL_NOT_FOUND', `There is no skill ${quote(name)}`)
  if (tool.name === 'activate_skill') return { kind: 'text', text: skillContentBlock(skill) }
  return readText(skill, String(valid.path))
}

function readText(skill: SkillInfo, path: string): ActivationAnswer {
  try {
    const bytes = readResource(skill, path, { maxBytes: MAX_FILE_BYTES })
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch (error) {
    if (SkillLiteError.is(error)) {
      return { kind: 'problem', problem: `${error.message}. ${hintFor(error)}`.trim() }
    }
    if (error instanceof TypeError) return { kind: 'problem', problem: `${quote(path)} is not a text file.` }
    throw error
  }
}

/** The hints of the engine speak to programs; a model needs to know what it can do. */
function hintFor({ code, hint }: SkillLiteError): string {
  if (code === 'RESOURCE_TOO_LARGE') return 'Use a script of the skill to look into it.'
  return hint ?? ''
}
