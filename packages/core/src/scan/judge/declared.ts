import type { Fact } from '../fact.js'
import type { Unit } from '../unit.js'
import { isCode } from './judge.js'

/** What code does, beside what the skill's own texts say: hosts that data goes to and that no text mentions. */
export function undeclaredFacts(facts: readonly Fact[], units: readonly Unit[]): Fact[] {
  const texts = units.filter((unit) => !isCode(unit)).map((unit) => unit.text.toLowerCase())
  const seen = new Set<string>()
  const found: Fact[] = []
  for (const fact of facts) {
    const host = fact.tags?.[0]
    if (
      fact.name !== 'sends-data' ||
      host === undefined ||
      fact.host === 'local' ||
      fact.host === 'example' ||
      !isCode(fact.unit)
    )
      continue
    const domain = host.split('.').slice(-2).join('.')
    if (seen.has(domain) || texts.some((text) => text.includes(domain))) continue
    seen.add(domain)
    found.push({ ...fact, name: 'undeclared-host', what: host })
  }
  return found
}
