import { foldWord } from '../text/fold.js'
import type { Stance } from '../unit.js'
import { type Sentence, stem } from './tokens.js'

const words = (list: string): ReadonlySet<string> => new Set(list.split(/\s+/).map((word) => stem(word)))

/** Before an act in its sentence: it is not to be done. A colon ends their reach. */
const negations =
  words(`never avoid don't dont reject refuse block forbid forbidden prevent prohibit shouldn't mustn't resist beware not
  避免 禁止 不要`)

/** Before an act in its sentence: it is somebody's whom the text warns of. */
const dangers =
  words(`attacker attackers adversary malicious dangerous suspicious unsafe insecure threat threats vulnerability
  vulnerable vulnerabilities attack attacks injection injections jailbreak jailbreaks phishing exploit exploits anti-pattern antipattern
  detect detects malware hostile untrusted`)

/** At the beginning of a sentence: what follows is looked for. */
const searches = words(
  'flag flags check checks look watch scan scans warn report search verify audit inspect',
)

/** In a heading or a line that introduces a list: what follows is not to be done, but to be looked out for. */
const leads =
  /\b(red flags?|reject|flag (?:these|any|the)|refus\w+|dangerous|danger|malicious|suspicious|attack\w*|threats?|vulnerab\w+|exploit\w*|indicators?|iocs?|anti-?patterns?|what not to|do not|don'?t|never|avoid|bad|unsafe|insecure|forbidden|prohibited|blocked|denied|injection|jailbreak\w*|red[- ]team\w*|risks?|risky|warning signs?|detect\w*|look (?:for|out)|check(?:s|ing)? for|scan(?:s|ning)? for|patterns?|signatures?|heuristics?|payloads?|abuse|security (?:checks?|considerations?|rules?|patterns?)|审查|危险|可疑|禁止|恶意)\b/i

/** Whether what stands at a token of a sentence is meant, or named as something bad. */
export function stanceOf(sentence: Sentence, at: number, around: { lead: string }): Stance {
  let colon = sentence[at]?.afterColon === true
  for (let index = at - 1; index >= Math.max(0, at - 16); index--) {
    const token = sentence[index]
    if (token === undefined) break
    if (dangers.has(token.stem)) return 'warned'
    if (token.stem === 'without' && at - index === 1) return 'warned'
    if (!colon && at - index <= 9 && negations.has(token.stem)) return 'warned'
    if (token.afterColon === true) colon = true
  }
  if (
    at > 1 &&
    searches.has(sentence[0]?.stem ?? '') &&
    /^(for|if|whether|that)$/.test(sentence[1]?.stem ?? '')
  )
    return 'warned'
  return leadStance(around)
}

// Parts that follow each other mostly have the same lead.
let lastLead: { readonly text: string; readonly stance: Stance } = { text: '', stance: 'meant' }

/** Whether what a lead introduces is meant. */
export function leadStance({ lead }: { lead: string }): Stance {
  const text = lead.slice(-600)
  if (text !== lastLead.text) lastLead = { text, stance: leads.test(foldWord(text)) ? 'warned' : 'meant' }
  return lastLead.stance
}
