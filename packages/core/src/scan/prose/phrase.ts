import type { Sentence, Token } from './tokens.js'
import { stem } from './tokens.js'

/**
 * Words in an order, with room between them: `ignore|disregard ~3 previous|prior ~2 instruction`. Elements are separated
 * by spaces; `a|b` is either; `~N` lets up to N words stand between; `?a` may be missing; `@url` and `@secret` are any URL
 * and any path of a secret. Matching takes time linear in the sentence.
 */
export interface Phrase {
  readonly elements: readonly Element[]
}

interface Element {
  readonly words: ReadonlySet<string>
  /** How many words may stand before it. */
  readonly gap: number
  readonly optional: boolean
}

/** Reads a phrase as rules write it. */
export function parsePhrase(source: string): Phrase {
  const elements: Element[] = []
  let gap = 0
  for (const part of source.trim().split(/\s+/)) {
    const room = /^~(\d{1,2})$/.exec(part)
    if (room !== null) {
      gap = Number(room[1])
      continue
    }
    const optional = part.startsWith('?')
    const words = (optional ? part.slice(1) : part).split('|')
    elements.push({
      words: new Set(words.map((word) => (word.startsWith('@') ? word : stem(word.toLowerCase())))),
      gap,
      optional,
    })
    gap = 0
  }
  return { elements }
}

/** The words of which one stands in every match: those of the element with the fewest. */
export function keyWords(phrase: Phrase): readonly string[] {
  const needed = phrase.elements.filter(({ optional }) => !optional)
  const fewest = Math.min(...needed.map(({ words }) => words.size))
  // the last of them: a match that reaches over two sentences ends in the second
  const key = needed.filter(({ words }) => words.size === fewest).at(-1)
  return [...(key?.words ?? [])]
}

/** Where a phrase stands in a sentence: its first and last token; undefined where it does not. */
export function findPhrase(
  phrase: Phrase,
  sentence: Sentence,
  stems: ReadonlySet<string>,
): PhraseMatch | undefined {
  for (const { words, optional } of phrase.elements) {
    if (!optional && !intersects(words, stems)) return undefined
  }
  // for each token that the elements so far can end at: where they began (the latest beginning)
  let reached = new Map<number, number>()
  let first = true
  for (const element of phrase.elements) {
    const next = new Map<number, number>()
    if (first) {
      sentence.forEach((token, at) => {
        if (element.words.has(token.stem)) next.set(at, at)
      })
      first = element.optional && next.size === 0
    } else {
      for (const [at, start] of reached) {
        for (let to = at + 1; to <= at + 1 + element.gap && to < sentence.length; to++) {
          const token = sentence[to]
          if (token !== undefined && element.words.has(token.stem)) next.set(to, start)
        }
        if (element.optional) next.set(at, start)
      }
    }
    if (next.size === 0 && !element.optional) return undefined
    if (next.size > 0) reached = next
  }
  for (const [end, start] of reached) {
    const [from, to] = [sentence[start], sentence[end]]
    if (from !== undefined && to !== undefined) {
      return { first: start, from, to, tokens: sentence.slice(start, end + 1) }
    }
  }
  return undefined
}

export interface PhraseMatch {
  /** Index of the first token in its sentence. */
  readonly first: number
  readonly from: Token
  readonly to: Token
  readonly tokens: Sentence
}

function intersects(words: ReadonlySet<string>, stems: ReadonlySet<string>): boolean {
  for (const word of words) if (stems.has(word)) return true
  return false
}
