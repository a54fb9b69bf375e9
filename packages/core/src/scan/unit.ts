/** How a text is to be read. */
export type UnitKind = 'markdown' | 'python' | 'javascript' | 'typescript' | 'shell' | 'powershell' | 'data'

/** Whether a text tells somebody to do something, or speaks about it. */
export type Stance =
  /** It is meant to happen. */
  | 'meant'
  /** It is named as something bad, or quoted. */
  | 'warned'
  /** It is a test's or a rule set's input. */
  | 'sample'

/** A text to scan: a file, or something that came out of one. */
export interface Unit {
  readonly file: string
  readonly text: string
  readonly kind: UnitKind
  /** Where it was found, for what did not stand in the file as it is. */
  readonly origin?: { readonly unit: Unit; readonly offset: number; readonly how: string }
  readonly stance: Stance
  /** Where the text begins in `unit` of the same file, for parts that are verbatim. */
  readonly within?: { readonly unit: Unit; readonly offset: number }
}

/** A place in a file of the skill. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly excerpt: string
  readonly decoded: readonly string[]
}

const maxExcerpt = 160
const maxLayers = 5

/** How many times the text of a unit was decoded. */
export function layersOf(unit: Unit): number {
  if (unit.within !== undefined) return layersOf(unit.within.unit)
  return unit.origin === undefined ? 0 : 1 + layersOf(unit.origin.unit)
}

/** A text that came out of another, or undefined where that was decoded too often already. */
export function decodedUnit(
  from: Unit,
  offset: number,
  how: string,
  text: string,
  kind: UnitKind,
): Unit | undefined {
  if (layersOf(from) >= maxLayers) return undefined
  return { file: from.file, text, kind, stance: from.stance, origin: { unit: from, offset, how } }
}

/** The place of an offset of a unit in the file that it came from. */
export function placeOf(unit: Unit, offset: number): Place {
  if (unit.within !== undefined) return placeOf(unit.within.unit, unit.within.offset + offset)
  if (unit.origin !== undefined) {
    const outer = placeOf(unit.origin.unit, unit.origin.offset)
    return { ...outer, excerpt: excerptAt(unit.text, offset), decoded: [...outer.decoded, unit.origin.how] }
  }
  const start = unit.text.lastIndexOf('\n', offset - 1) + 1
  return {
    file: unit.file,
    line: lineAt(unit, offset),
    column: offset - start + 1,
    excerpt: excerptAt(unit.text, offset),
    decoded: [],
  }
}

const lineEnds = new WeakMap<Unit, Uint32Array>()

function lineAt(unit: Unit, offset: number): number {
  let ends = lineEnds.get(unit)
  if (ends === undefined) {
    const found: number[] = []
    for (let at = unit.text.indexOf('\n'); at !== -1; at = unit.text.indexOf('\n', at + 1)) found.push(at)
    ends = Uint32Array.from(found)
    lineEnds.set(unit, ends)
  }
  let [low, high] = [0, ends.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ends[middle] ?? 0) < offset) low = middle + 1
    else high = middle
  }
  return low + 1
}

/** The line around an offset, cut to what fits on a line of a report, with what cannot be seen made visible. */
function excerptAt(text: string, offset: number): string {
  const start = Math.max(text.lastIndexOf('\n', offset - 1) + 1, offset - 60)
  const newline = text.indexOf('\n', offset)
  const end = Math.min(newline === -1 ? text.length : newline, start + maxExcerpt)
  const cutStart = start > 0 && text[start - 1] !== '\n'
  const cutEnd = end < text.length && text[end] !== '\n'
  return `${cutStart ? '…' : ''}${visible(text.slice(start, end).trim())}${cutEnd ? '…' : ''}`
}

const unseen =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are the subject
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\u{e0000}-\u{e0fff}]/gu

/** Text with control and invisible characters written out. */
export function visible(text: string): string {
  return text.replace(unseen, (character) => {
    if (character === '\t') return ' '
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
  })
}
