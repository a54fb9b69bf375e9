import type { Fact } from '../fact.js'
import { type Finding, isAtLeast, type Severity, severities } from '../finding.js'
import type { FactCondition } from '../rules/rule.js'
import { loadRules, type Rule } from '../rules/rules.js'
import { placeOf, type Unit, visible } from '../unit.js'

const lowered: Readonly<Record<Severity, Severity>> = {
  critical: 'medium',
  high: 'low',
  medium: 'low',
  low: 'info',
  info: 'info',
}
const mostPerRule = 20

/** What the facts mean by the rules: findings, each once, strongest first. */
export function judge(facts: readonly Fact[]): Finding[] {
  return inOrder(unique(allFindings(facts)))
}

/** What each rule by itself says of the facts. */
export function allFindings(facts: readonly Fact[]): Finding[] {
  return loadRules().flatMap((rule) => matching(rule, facts).map((fact) => findingOf(rule, fact)))
}

function matching(rule: Rule, facts: readonly Fact[]): Fact[] {
  const own = [`phrase:${rule.id}`, `pattern:${rule.id}`]
  const conditions = rule.facts ?? []
  // a rule that says more about its own phrases does not take them as they are
  const bare = own.filter(
    (name) => ![...conditions, ...(rule.together ?? [])].some(({ fact }) => fact === name),
  )
  const found = facts.filter(
    (fact) => bare.includes(fact.name) || conditions.some((condition) => satisfies(fact, condition)),
  )
  if (rule.together !== undefined && rule.together.length > 0) {
    const meant = facts.filter(({ stance }) => stance === 'meant')
    const sets = rule.together.map((condition) => meant.filter((fact) => satisfies(fact, condition)))
    const [first = [], ...others] = sets
    found.push(
      ...first.filter((fact) =>
        others.every((set) => set.some((other) => areNear(fact, other, rule.within))),
      ),
    )
  }
  return found.slice(0, mostPerRule)
}

function areNear(one: Fact, other: Fact, within: number | undefined): boolean {
  if (within === undefined) return true
  const [a, b] = [placeOf(one.unit, one.offset), placeOf(other.unit, other.offset)]
  return a.file === b.file && Math.abs(a.line - b.line) <= within
}

function satisfies(fact: Fact, { fact: name, host, tag, in: where }: FactCondition): boolean {
  if (fact.name !== name) return false
  if (host !== undefined && !host.includes(fact.host ?? 'other')) return false
  if (tag !== undefined && !tag.some((one) => fact.tags?.includes(one))) return false
  return where === undefined || (where === 'code') === isCode(fact.unit)
}

/** Whether a unit is, or came out of, a file of code. */
export function isCode(unit: Unit): boolean {
  const outer = unit.within?.unit ?? unit.origin?.unit
  if (outer !== undefined) return isCode(outer)
  return unit.kind !== 'markdown' && (unit.kind !== 'data' || /(package\.json|\.toml)$/.test(unit.file))
}

function findingOf(rule: Rule, fact: Fact): Finding {
  const place = placeOf(fact.unit, fact.offset)
  const warned = rule.warned ?? lowered[rule.severity]
  const severity =
    fact.stance === 'meant'
      ? rule.severity
      : fact.stance === 'warned'
        ? warned
        : isAtLeast(warned, 'low')
          ? 'low'
          : 'info'
  const reason =
    fact.stance === 'warned' ? 'the text speaks about it, as of something bad' : 'it stands in test data'
  return {
    ruleId: rule.id,
    severity,
    category: rule.category,
    file: place.file,
    line: place.line,
    column: place.column,
    excerpt: place.excerpt,
    message: rule.message.replace(
      '{what}',
      visible(fact.what ?? '')
        .replace(/\s+/g, ' ')
        .trim(),
    ),
    why: rule.why,
    fix: rule.fix,
    confidence: rule.confidence ?? (place.decoded.length > 0 || isCode(fact.unit) ? 'high' : 'medium'),
    ...(place.decoded.length > 0 && { decoded: place.decoded }),
    ...(fact.stance !== 'meant' && { lowered: reason }),
    ...(rule.sandbox !== undefined && isCode(fact.unit) && { sandbox: rule.sandbox }),
  }
}

/** One finding for a rule on a line, and of one category on a line only the strongest. */
function unique(findings: readonly Finding[]): Finding[] {
  const best = new Map<string, Finding>()
  for (const finding of findings) {
    const key = `${finding.category}\0${finding.file}\0${finding.line}`
    const other = best.get(key)
    if (other === undefined || severities.indexOf(finding.severity) < severities.indexOf(other.severity))
      best.set(key, finding)
  }
  return [...best.values()]
}

function inOrder(findings: readonly Finding[]): Finding[] {
  const rank = ({ severity }: Finding) => severities.indexOf(severity)
  return [...findings].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      compare(a.file, b.file) ||
      a.line - b.line ||
      a.column - b.column ||
      compare(a.ruleId, b.ruleId),
  )
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
