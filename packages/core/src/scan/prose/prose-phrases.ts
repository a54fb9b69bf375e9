import type { FactList } from '../fact.js'
import { loadRules, type Rule } from '../rules/rules.js'
import type { Unit } from '../unit.js'
import { findPhrase, keyWords, type Phrase, type PhraseMatch } from './phrase.js'
import { stanceOf } from './stance.js'
import { readSentences, type Sentence } from './tokens.js'

const maxPart = 60_000
const partOverlap = 2_000
const reach = 40

/** A phrase, and the rule that it is of. */
interface Entry {
  readonly rule: Rule
  readonly phrase: Phrase
}

let index: ReadonlyMap<string, readonly Entry[]> | undefined

/** Phrases by the words of their rarest element: a sentence without one of those need not be looked at for them. */
function phraseIndex(): ReadonlyMap<string, readonly Entry[]> {
  if (index !== undefined) return index
  const entries = new Map<string, Entry[]>()
  for (const rule of loadRules()) {
    for (const phrase of rule.compiledPhrases) {
      for (const word of keyWords(phrase)) entries.set(word, [...(entries.get(word) ?? []), { rule, phrase }])
    }
  }
  index = entries
  return index
}

/** Looks for the phrases of all rules in a part of a text. */
export function findProsePhrases(unit: Unit, part: { readonly lead: string }, facts: FactList): void {
  for (let start = 0; start < unit.text.length; start += maxPart - partOverlap) {
    const text = unit.text.slice(start, start + maxPart)
    let before: Sentence = []
    for (const own of readSentences(text)) {
      const first = own[0]
      if (first === undefined) continue
      const size = 1 + Math.floor(own.length / 24)
      if (!facts.spend('sentences', unit, start + first.offset, size)) return
      for (const { rule, match, sentence } of phrasesIn(own, before)) {
        const stance = unit.stance === 'meant' ? stanceOf(sentence, match.first, part) : unit.stance
        const url = match.tokens.find((token) => token.stem === '@url')
        facts.add({
          name: `phrase:${rule.id}`,
          unit,
          offset: start + match.from.offset,
          stance,
          what: text.slice(match.from.offset, match.to.end).replace(/\s+/g, ' ').slice(0, 120),
          ...(url?.host !== undefined && { host: url.host }),
        })
      }
      before = own
    }
    if (start + maxPart >= unit.text.length) break
  }
}

function phrasesIn(
  own: Sentence,
  before: Sentence,
): { rule: Rule; match: PhraseMatch; sentence: Sentence }[] {
  const ownStems = new Set(own.map((token) => token.stem))
  const candidates = new Set<Entry>()
  for (const stem of ownStems) for (const entry of phraseIndex().get(stem) ?? []) candidates.add(entry)
  if (candidates.size === 0) return []
  const both = [...before.slice(-reach), ...own]
  const bothStems = new Set(both.map((token) => token.stem))
  const found: { rule: Rule; match: PhraseMatch; sentence: Sentence }[] = []
  for (const { rule, phrase } of candidates) {
    const sentence = rule.across === true ? both : own
    const match = findPhrase(phrase, sentence, rule.across === true ? bothStems : ownStems)
    if (match !== undefined) found.push({ rule, match, sentence })
  }
  return found
}
