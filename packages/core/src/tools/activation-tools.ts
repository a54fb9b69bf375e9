import { type CatalogLayout, cutText, fitCatalog } from '../skill/catalog.js'
import type { SkillInfo } from '../skill/skill-info.js'
import { MAX_DESCRIPTION } from './compose-description.js'
import type { JsonSchema } from './tool-definition.js'

/** A tool that the engine answers itself, from the files of a skill: nothing of the skill runs. */
export interface ActivationTool {
  readonly name: 'activate_skill' | 'read_skill_file'
  readonly description: string
  readonly inputSchema: JsonSchema
}

/** Names that no script's tool may have. */
export const activationToolNames: readonly string[] = ['activate_skill', 'read_skill_file']

const ACTIVATE =
  'Loads the instructions of a skill. Call this before you begin a task that one of these skills is for, then follow what it returns.'
const READ =
  'Reads a text file of a skill, for example a reference that its instructions name. Paths are relative to the directory of the skill.'

/**
 * The tools through which a model gets at instructions and files, for these skills; none where there are none.
 *
 * @param catalogCharacters Budget for the list of skills in the description of `activate_skill`; with 0 there is none
 */
export function activationTools(
  skills: readonly SkillInfo[],
  catalogCharacters = MAX_DESCRIPTION - ACTIVATE.length - 1,
): readonly ActivationTool[] {
  if (skills.length === 0) return []
  const name = { type: 'string', enum: skills.map((skill) => skill.name), description: 'The skill' }
  return [
    {
      name: 'activate_skill',
      description: [ACTIVATE, ...catalogLines(skills, catalogCharacters)].join('\n'),
      inputSchema: objectSchema({ name }),
    },
    {
      name: 'read_skill_file',
      description: READ,
      inputSchema: objectSchema({
        skill: name,
        path: { type: 'string', minLength: 1, description: 'For example references/guide.md' },
      }),
    },
  ]
}

/** One line for each skill, and how many there are more where the budget ends. */
function catalogLines(skills: readonly SkillInfo[], maxCharacters: number): string[] {
  if (maxCharacters <= 0) return []
  const layout: CatalogLayout<SkillInfo> = {
    head: [],
    entry: ({ name, description }, limit) => `- ${name}: ${cutText(oneLine(description), limit)}`,
    foot: [],
  }
  const whole = fitCatalog(skills, layout, maxCharacters)
  if (whole.omitted.length === 0) return [whole.text]
  const more = (count: number) => `(and ${count} more: see the values of name)`
  const room = maxCharacters - more(skills.length).length - 1
  if (room < 0) return []
  const { text, omitted } = fitCatalog(skills, layout, room)
  return [text, more(omitted.length)].filter((line) => line !== '')
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()

function objectSchema(properties: Readonly<Record<string, unknown>>): JsonSchema {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false }
}
