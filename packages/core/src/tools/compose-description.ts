import { cutText } from '../skill/catalog.js'

/** What the APIs that call tools take. */
export const MAX_DESCRIPTION = 1_024

/** What is known of a script. */
export interface ScriptAbout {
  /** The description of the skill. */
  readonly skill: string
  /** Its path, where the skill has several. */
  readonly script?: string | undefined
  /** What it says about itself: its parser's description, or its docstring. */
  readonly about?: string | undefined
}

/**
 * What a model reads of a tool, at most 1,024 characters: where it is the skill's only one, what the skill says and
 * then the script; where there are several, first the script, which tells them apart. The script's path survives a cut.
 */
export function composeDescription({ skill, script, about }: ScriptAbout): string {
  const own = about === undefined || says(skill, about) ? '' : tidy(about)
  const suffix = script === undefined ? '' : ` (runs ${script})`
  const room = MAX_DESCRIPTION - [...suffix].length
  if (room < 100) return cutText(tidy(skill), MAX_DESCRIPTION)
  const parts = script === undefined ? [tidy(skill), own] : [own, tidy(skill)]
  return (
    joinWithin(
      parts.filter((part) => part !== ''),
      room,
    ) + suffix
  )
}

/** Both parts whole where they fit; else the second gets what the first leaves, and never less than half. */
function joinWithin([first = '', second = '']: readonly string[], room: number): string {
  if (second === '') return cutText(first, room)
  const left = room - [...first].length - 1
  const forSecond = Math.min([...second].length, Math.max(left, Math.floor(room / 2) - 1))
  return `${cutText(first, room - forSecond - 1)}\n${cutText(second, forSecond)}`
}

/** Whether a text says no more than another does. */
function says(whole: string, part: string): boolean {
  const plain = (text: string) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim()
  return plain(whole).includes(plain(part))
}

const tidy = (text: string): string =>
  text
    .replace(/[^\S\n]+/g, ' ')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
