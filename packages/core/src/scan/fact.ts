import type { Stance, Unit } from './unit.js'

/** Something that a part of the scan saw. Rules say what it means. */
export interface Fact {
  /** What was seen: `download-run`, `send-secret`, … */
  readonly name: string
  readonly unit: Unit
  readonly offset: number
  readonly stance: Stance
  /** Kind of the host concerned, where one is. */
  readonly host?: string
  /** What a message shows: a URL, a path, a name. */
  readonly what?: string
  /** Further words that rules may ask for. */
  readonly tags?: readonly string[]
}

const maxPerName = 100

/** What the time of a scan is spent on. */
export type Work = 'sentences' | 'command lines' | 'commands' | 'addresses' | 'sections'

/** Far more than honest skills have; what is beyond is not read, which is a finding. */
const allowed: Readonly<Record<Work, number>> = {
  sentences: 40_000,
  'command lines': 6_000,
  commands: 9_000,
  addresses: 30_000,
  sections: 60_000,
}

/** Collects facts; of one name in one file, no more than a person would read. */
export class FactList {
  readonly facts: Fact[] = []
  private readonly counts = new Map<string, number>()
  private readonly left = new Map<Work, number>()

  add(fact: Omit<Fact, 'stance'> & { readonly stance?: Stance }): void {
    const key = `${fact.name}\0${fact.unit.file}`
    const count = this.counts.get(key) ?? 0
    if (count >= maxPerName) return
    this.counts.set(key, count + 1)
    this.facts.push({ ...fact, stance: fact.stance ?? fact.unit.stance })
  }

  /** Whether nothing is left of a kind of work; that has been said then. */
  isSpent(work: Work): boolean {
    return (this.left.get(work) ?? 1) < 0
  }

  /** Takes units of work from what a skill may cost; when that is used up, says so once, and then for good. */
  spend(work: Work, unit: Unit, offset: number, units = 1): boolean {
    const before = this.left.get(work) ?? allowed[work]
    const left = before - units
    this.left.set(work, left)
    if (before >= 0 && left < 0) this.add({ name: 'too-much', unit, offset, what: work, stance: 'meant' })
    return left >= 0
  }
}
