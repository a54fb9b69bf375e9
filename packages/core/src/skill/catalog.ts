import { escapeMarkup, escapePath } from './escape.js'
import type { SkillInfo } from './skill-info.js'

/** The `<available_skills>` block, and what had to go to keep it within its budget. */
export interface AvailableSkills {
  readonly text: string
  /** Names of the skills whose description was cut; such a description ends with `…`. */
  readonly shortened: readonly string[]
  /** Names of the skills for which even that left no room; the last ones first to go. */
  readonly omitted: readonly string[]
}

type Entry = Pick<SkillInfo, 'name' | 'description' | 'file'>

const open = '<available_skills>'
const close = '</available_skills>'
const minDescription = 40

/**
 * Describes skills to a model, as the reference library prints them: one tag a line, values escaped.
 *
 * @returns The block. Where it would exceed the budget, the longest descriptions are cut first, to no less than 40 characters;
 * if that is not enough, skills at the end are left out.
 */
export function availableSkillsBlock(
  skills: readonly Entry[],
  options: {
    /** Budget for the whole block, in characters. @default no limit */
    readonly maxCharacters?: number
  } = {},
): AvailableSkills {
  const { maxCharacters = Number.POSITIVE_INFINITY } = options
  const full = render(skills, Number.POSITIVE_INFINITY)
  if (full.length <= maxCharacters) return { text: full, shortened: [], omitted: [] }
  let kept = skills
  let text = render(kept, minDescription)
  if (text.length > maxCharacters) {
    kept = skills.slice(0, countThatFit(skills, maxCharacters))
    text = render(kept, minDescription)
  }
  const limit = largestLimit(kept, maxCharacters)
  return {
    text: limit === minDescription ? text : render(kept, limit),
    shortened: kept
      .filter((skill) => cut(skill.description, limit) !== skill.description)
      .map(({ name }) => name),
    omitted: skills.slice(kept.length).map(({ name }) => name),
  }
}

function render(skills: readonly Entry[], limit: number): string {
  return [open, ...skills.map((skill) => renderEntry(skill, limit)), close].join('\n')
}

function renderEntry({ name, description, file }: Entry, limit: number): string {
  return [
    '<skill>',
    '<name>',
    escapeMarkup(name),
    '</name>',
    '<description>',
    escapeMarkup(cut(description, limit)),
    '</description>',
    '<location>',
    escapePath(file),
    '</location>',
    '</skill>',
  ].join('\n')
}

/** Cut before escaping, so that no entity is left half. */
function cut(description: string, limit: number): string {
  if (description.length <= limit) return description
  const characters = [...description]
  if (characters.length <= limit) return description
  return `${characters
    .slice(0, limit - 1)
    .join('')
    .trimEnd()}…`
}

function countThatFit(skills: readonly Entry[], maxCharacters: number): number {
  let length = open.length + 1 + close.length
  const tooMany = skills.findIndex((skill) => {
    length += renderEntry(skill, minDescription).length + 1
    return length > maxCharacters
  })
  return tooMany === -1 ? skills.length : tooMany
}

function largestLimit(skills: readonly Entry[], maxCharacters: number): number {
  let low = minDescription
  let high = Math.max(low, ...skills.map(({ description }) => description.length))
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (render(skills, middle).length <= maxCharacters) low = middle
    else high = middle - 1
  }
  return low
}
