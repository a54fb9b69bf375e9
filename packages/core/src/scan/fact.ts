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

/** Collects facts; of one name in one file, no more than a person would read. */
export class FactList {
  readonly facts: Fact[] = []
  private readonly counts = new Map<string, number>()

  add(fact: Omit<Fact, 'stance'> & { readonly stance?: Stance }): void {
    const key = `${fact.name}\0${fact.unit.file}`
    const count = this.counts.get(key) ?? 0
    if (count >= maxPerName) return
    this.counts.set(key, count + 1)
    this.facts.push({ ...fact, stance: fact.stance ?? fact.unit.stance })
  }

  has(name: string): boolean {
    return this.facts.some((fact) => fact.name === name)
  }
}
