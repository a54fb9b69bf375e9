import type { NetworkAttempt } from './network-attempt.js'

/** So many different attempts are kept apart; a script can make up names without end. */
const MAX_DISTINCT = 200

type Entry = { -readonly [Field in keyof NetworkAttempt]: NetworkAttempt[Field] }

/** Remembers every attempt of a run, those that are alike together. */
export class AttemptLog {
  private readonly entries = new Map<string, Entry>()

  /** Counts an attempt. What it moves later is added to the entry that is returned. */
  add(attempt: Omit<NetworkAttempt, 'bytes' | 'count'>): { bytes: number } {
    const { host, port, verdict, reason } = attempt
    const key = JSON.stringify([host, port, verdict, reason])
    const known = this.entries.get(key)
    if (known !== undefined) return counted(known)
    if (this.entries.size < MAX_DISTINCT) return this.insert(key, attempt)
    const rest = { host: '', port: 0, verdict, reason: `${verdict}, as more than ${MAX_DISTINCT} others` }
    const other = this.entries.get(verdict)
    return other === undefined ? this.insert(verdict, rest) : counted(other)
  }

  list(): readonly NetworkAttempt[] {
    return [...this.entries.values()].map((entry) => ({ ...entry }))
  }

  private insert(key: string, attempt: Omit<NetworkAttempt, 'bytes' | 'count'>): Entry {
    const entry = { ...attempt, bytes: 0, count: 1 }
    this.entries.set(key, entry)
    return entry
  }
}

function counted(entry: Entry): Entry {
  entry.count++
  return entry
}
