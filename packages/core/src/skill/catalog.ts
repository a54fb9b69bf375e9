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

/** How a catalog is written: its first lines, one entry, its last lines. */
export interface CatalogLayout<Skill> {
  readonly head: readonly string[]
  /** @param limit Characters that the description may have; see {@link cutText} */
  readonly entry: (skill: Skill, limit: number) => string
  readonly foot: readonly string[]
}

const minDescription = 40

const block: CatalogLayout<Entry> = {
  head: ['<available_skills>'],
  entry: ({ name, description, file }, limit) =>
    [
      '<skill>',
      '<name>',
      escapeMarkup(name),
      '</name>',
      '<description>',
      // Cut before escaping, so that no entity is left half.
      escapeMarkup(cutText(description, limit)),
      '</description>',
      '<location>',
      escapePath(file),
      '</location>',
      '</skill>',
    ].join('\n'),
  foot: ['</available_skills>'],
}

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
  return fitCatalog(skills, block, options.maxCharacters ?? Number.POSITIVE_INFINITY)
}

/** A catalog in any layout, kept within its budget as {@link availableSkillsBlock} says. */
export function fitCatalog<Skill extends Pick<SkillInfo, 'name' | 'description'>>(
  skills: readonly Skill[],
  layout: CatalogLayout<Skill>,
  maxCharacters: number,
): AvailableSkills {
  const render = (chosen: readonly Skill[], limit: number): string =>
    [...layout.head, ...chosen.map((skill) => layout.entry(skill, limit)), ...layout.foot].join('\n')
  const full = render(skills, Number.POSITIVE_INFINITY)
  if (full.length <= maxCharacters) return { text: full, shortened: [], omitted: [] }
  let kept = skills
  let text = render(kept, minDescription)
  if (text.length > maxCharacters) {
    kept = skills.slice(0, countThatFit(skills, layout, maxCharacters))
    text = render(kept, minDescription)
  }
  const limit = largestLimit(kept, (middle) => render(kept, middle).length <= maxCharacters)
  return {
    text: limit === minDescription ? text : render(kept, limit),
    shortened: kept
      .filter(({ description }) => cutText(description, limit) !== description)
      .map(({ name }) => name),
    omitted: skills.slice(kept.length).map(({ name }) => name),
  }
}

/** At most `limit` characters; a text that is cut ends with `…`. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text
  const characters = [...text]
  if (characters.length <= limit) return text
  return `${characters
    .slice(0, limit - 1)
    .join('')
    .trimEnd()}…`
}

function countThatFit<Skill>(
  skills: readonly Skill[],
  { head, entry, foot }: CatalogLayout<Skill>,
  maxCharacters: number,
): number {
  let length = [...head, ...foot].join('\n').length
  const tooMany = skills.findIndex((skill) => {
    length += entry(skill, minDescription).length + 1
    return length > maxCharacters
  })
  return tooMany === -1 ? skills.length : tooMany
}

/** The largest limit on descriptions that still fits. */
function largestLimit(
  skills: readonly Pick<SkillInfo, 'description'>[],
  fits: (limit: number) => boolean,
): number {
  let low = minDescription
  let high = skills.reduce((longest, { description }) => Math.max(longest, description.length), low)
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (fits(middle)) low = middle
    else high = middle - 1
  }
  return low
}
