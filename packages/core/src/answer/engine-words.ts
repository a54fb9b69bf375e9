/** What stands between these is said by the engine; all else in an answer was printed by the skill. */
const open = '<skilllite>'
const close = '</skilllite>'

/**
 * Any tag that a model could read as the engine's: with spaces, slashes or invisible characters in it, or with one of
 * the characters that look like `<`.
 */
const ownTag = new RegExp(
  `[<\\uff1c\\ufe64\\u2039](?=[\\s/\\p{Cf}]{0,16}${[...'skilllite'].join('\\p{Cf}{0,4}')})`,
  'giu',
)

/** Words of the engine. They may quote a skill: what looks like the end of them is escaped. */
export function engineWords(text: string, maxCharacters = 8_000): string {
  return `${open}${headOf(defuse(text), maxCharacters)}${close}`
}

/** What a skill printed, so that nothing in it can pass for words of the engine; its middle is left out if it is too long. */
export function skillWords(text: string, maxCharacters: number): string {
  const trimmed = text.endsWith('\n') ? text.slice(0, -1) : text
  if (trimmed.length <= maxCharacters) {
    const whole = defuse(trimmed)
    if (whole.length <= maxCharacters) return whole
  }
  const tailRoom = Math.floor(maxCharacters / 4)
  const headRoom = maxCharacters - tailRoom
  // Cut before it is searched: a skill may have printed hundreds of megabytes.
  const head = headOf(defuse(trimmed.slice(0, headRoom)), headRoom)
  const left = engineWords(`${trimmed.length - headRoom - tailRoom} characters are left out here`)
  return [head, left, lastWords(trimmed, tailRoom)].join('\n')
}

/** The end of what a skill printed, where that is what matters. */
export function lastWords(text: string, maxCharacters: number): string {
  const trimmed = text.endsWith('\n') ? text.slice(0, -1) : text
  return tailOf(defuse(tailOf(trimmed, maxCharacters)), maxCharacters)
}

const defuse = (text: string): string => text.replace(ownTag, '&lt;')

// Neither leaves half a character.
const headOf = (text: string, length: number): string =>
  text.length <= length ? text : text.slice(0, length).replace(/[\ud800-\udbff]$/, '')
const tailOf = (text: string, length: number): string =>
  text.length <= length ? text : text.slice(text.length - length).replace(/^[\udc00-\udfff]/, '')
