import type { Stance } from '../unit.js'
import { foldWord } from '../text/fold.js'
import { type Sentence, stem } from './tokens.js'

const words = (list: string): ReadonlySet<string> => new Set(list.split(/\s+/).map((word) => stem(word)))

/** Before an act in its sentence: the text is against it, or looks out for it. */
const against = words(`never avoid don't dont reject refuse flag flags detect detects block forbid forbidden prevent prohibit
  attacker attackers adversary malicious dangerous suspicious unsafe insecure bad danger risk risky warn warning threat threats
  vulnerability vulnerable vulnerabilities attack attacks injection injections jailbreak jailbreaks phishing exploit exploits
  instead without cannot can't shouldn't mustn't won't isn't rather resist scan scans check checks look watch beware
  anti-pattern antipattern wrong whether if tries try attempts attempt attempting could might example examples e.g 例如 避免 禁止 不要`)

/** In a heading or a line that introduces a list: what follows is not to be done, but to be looked out for. */
const leads =
  /\b(red flags?|reject|flag (?:these|any|the)|refus\w+|dangerous|danger|malicious|suspicious|attack\w*|threats?|vulnerab\w+|exploit\w*|indicators?|iocs?|anti-?patterns?|what not to|do not|don'?t|never|avoid|bad|unsafe|insecure|forbidden|prohibited|blocked|denied|injection|jailbreak\w*|red[- ]team\w*|risks?|risky|warning signs?|detect\w*|look (?:for|out)|check(?:s|ing)? for|scan(?:s|ning)? for|patterns?|signatures?|heuristics?|payloads?|abuse|security (?:checks?|considerations?|rules?|patterns?)|审查|危险|可疑|禁止|恶意)\b/i

/** Whether what stands at a token of a sentence is meant, or named as something bad. */
export function stanceOf(sentence: Sentence, at: number, around: { lead: string }): Stance {
  for (let index = Math.max(0, at - 14); index < at; index++) {
    if (against.has(sentence[index]?.stem ?? '')) return 'warned'
    if (sentence[index]?.stem === 'not' && at - index <= 6) return 'warned'
  }
  return leadStance(around)
}

/** Whether what a lead introduces is meant. */
export function leadStance({ lead }: { lead: string }): Stance {
  return leads.test(foldWord(lead.slice(-600))) ? 'warned' : 'meant'
}
