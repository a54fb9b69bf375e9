import type { UnitKind } from '../unit.js'
import type { PatternSource } from './rule.js'

const before = 250
const after = 450

/** A pattern made ready. */
export interface Pattern {
  readonly regex: RegExp
  readonly near: readonly string[]
  readonly in: readonly UnitKind[] | undefined
}

export function compilePattern({ text, near, in: kinds }: PatternSource): Pattern {
  return { regex: new RegExp(text, 'giu'), near, in: kinds }
}

/**
 * Where a pattern matches. The regular expression sees only the surroundings of its words, each part of the text once,
 * so that time grows with the text and not faster.
 */
export function findPattern(
  pattern: Pattern,
  text: string,
  lower: string,
  most = 20,
): { offset: number; text: string }[] {
  const found: { offset: number; text: string }[] = []
  for (const word of pattern.near) {
    let done = 0
    for (
      let at = lower.indexOf(word);
      at !== -1 && found.length < most;
      at = lower.indexOf(word, Math.max(at + 1, done - before))
    ) {
      const start = Math.max(done - before, at - before, 0)
      const end = Math.min(text.length, Math.max(at + after, start))
      pattern.regex.lastIndex = 0
      const match = pattern.regex.exec(text.slice(start, end))
      if (match !== null) found.push({ offset: start + match.index, text: match[0] })
      done = end
    }
  }
  return found
}
