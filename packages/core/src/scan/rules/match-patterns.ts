import type { UnitKind } from '../unit.js'
import type { PatternSource } from './rule.js'

const before = 250
const after = 450
/** How far a window goes on, so that the words in it need no window of their own. */
const stride = 2_000

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
 * Where a pattern matches. The regular expression sees only the surroundings of its words, in windows that overlap by
 * less than a third, so that time grows with the text and not faster.
 */
export function findPattern(
  { regex, near }: Pattern,
  text: string,
  lower: string,
  most = 20,
): { offset: number; text: string }[] {
  const found = new Map<number, string>()
  for (const word of near) {
    let done = 0
    for (
      let at = lower.indexOf(word);
      at !== -1;
      at = lower.indexOf(word, Math.max(at + 1, done - after + 1))
    ) {
      const start = Math.max(at - before, 0)
      const end = Math.min(at + stride + after, text.length)
      for (const match of text.slice(start, end).matchAll(regex)) {
        if (found.size >= most) return listed(found)
        found.set(start + match.index, match[0])
      }
      done = end
      if (done === text.length) break
    }
  }
  return listed(found)
}

const listed = (found: ReadonlyMap<number, string>) => [...found].map(([offset, text]) => ({ offset, text }))
