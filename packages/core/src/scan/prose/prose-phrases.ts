import type { FactList } from '../fact.js'
import { loadRules } from '../rules/rules.js'
import type { Unit } from '../unit.js'
import { findPhrase } from './phrase.js'
import { stanceOf } from './stance.js'
import { readSentences, type Sentence } from './tokens.js'

const maxPart = 60_000

/** Looks for the phrases of all rules in a part of a text. */
export function findProsePhrases(unit: Unit, part: { readonly lead: string }, facts: FactList): void {
  for (let start = 0; start < unit.text.length; start += maxPart - 2_000) {
    const text = unit.text.slice(start, start + maxPart)
    let before: Sentence = []
    for (const own of readSentences(text)) {
      const both = [...before.slice(-40), ...own]
      before = own
      const ownStems = new Set(own.map((token) => token.stem))
      const bothStems = new Set(both.map((token) => token.stem))
      for (const rule of loadRules()) {
        const [sentence, stems] = rule.across === true ? [both, bothStems] : [own, ownStems]
        for (const phrase of rule.compiledPhrases) {
          const match = findPhrase(phrase, sentence, stems)
          if (match === undefined) continue
          const stance = unit.stance === 'meant' ? stanceOf(sentence, match.first, part) : unit.stance
          const offset = start + match.from.offset
          const url = match.tokens.find((token) => token.stem === '@url')
          facts.add({
            name: `phrase:${rule.id}`,
            unit,
            offset,
            stance,
            what: text.slice(match.from.offset, match.to.end).replace(/\s+/g, ' ').slice(0, 120),
            ...(url?.host !== undefined && { host: url.host }),
          })
          break
        }
      }
    }
    if (start + maxPart >= unit.text.length) break
  }
}
