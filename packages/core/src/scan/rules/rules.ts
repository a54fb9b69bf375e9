import { type Phrase, parsePhrase } from '../prose/phrase.js'
import credentials from './credentials.rules.yml'
import hidden from './hidden.rules.yml'
import injection from './injection.rules.yml'
import lasting from './lasting.rules.yml'
import { compilePattern, type Pattern } from './match-patterns.js'
import obfuscation from './obfuscation.rules.yml'
import remoteCode from './remote-code.rules.yml'
import type { RuleSource } from './rule.js'
import supplyChain from './supply-chain.rules.yml'
import system from './system.rules.yml'

/** A rule made ready. */
export interface Rule extends RuleSource {
  readonly compiledPhrases: readonly Phrase[]
  readonly compiledPatterns: readonly Pattern[]
}

/** Every rule, as written. */
export const ruleSources: readonly RuleSource[] = [
  ...remoteCode,
  ...credentials,
  ...injection,
  ...hidden,
  ...obfuscation,
  ...lasting,
  ...system,
  ...supplyChain,
]

let compiled: readonly Rule[] | undefined

/** Every rule, compiled when the first scan asks. */
export function loadRules(): readonly Rule[] {
  compiled ??= ruleSources.map((rule) => ({
    ...rule,
    compiledPhrases: (rule.phrases ?? []).map(parsePhrase),
    compiledPatterns: (rule.patterns ?? []).map(compilePattern),
  }))
  return compiled
}
