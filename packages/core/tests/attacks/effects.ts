import type { Effect, Seen } from './attempt.js'
import type { ProcessView } from './host-view.js'
import { victimHarm } from './world.js'

/** The harms that many attempts share. All look at the host, none at what the script claims. */
export const leaks: Effect = ({ text, world }) =>
  text.includes(world.secret) ? 'a secret of the host came out' : undefined

export const changes: Effect = ({ world }) => world.changes()

export const harmsVictim: Effect = ({ world }) => victimHarm(world)

export const contacts: Effect = ({ world }) =>
  world.received() === '' ? undefined : `a listener of the host got ${JSON.stringify(world.received())}`

/** A second program ran: nothing else prints this word, which no script holds in one piece. */
export const starts: Effect = ({ stdout }) =>
  stdout.includes('STARTED') ? 'another program was started' : undefined

/** Something printed by the script that only the host could know. */
export const prints =
  (wanted: (seen: Seen) => string | RegExp | undefined): Effect =>
  (seen) => {
    const what = wanted(seen)
    if (what === undefined || what === '') return undefined
    const found = typeof what === 'string' ? seen.text.includes(what) : what.test(seen.text)
    return found ? `the output has the host's ${what}` : undefined
  }

/** A process of the run was, when it said `ready`, what it should not be. */
export const seenAtReady =
  (harm: string, is: (view: ProcessView, all: readonly ProcessView[]) => boolean): Effect =>
  ({ atReady = [] }) =>
    atReady.some((view) => is(view, atReady)) ? harm : undefined

export const holds = (descriptor: RegExp): Effect =>
  seenAtReady(`a process held ${descriptor.source}`, ({ descriptors }) =>
    descriptors.some((target) => descriptor.test(target)),
  )

export const leavesNamespace = (name: string): Effect =>
  seenAtReady(`a process left its ${name} namespace`, ({ namespaces }, all) =>
    all.some((other) => (other.namespaces[name] ?? '') !== (namespaces[name] ?? '')),
  )

export const all =
  (...effects: readonly Effect[]): Effect =>
  (seen) => {
    for (const effect of effects) {
      const harm = effect(seen)
      if (harm !== undefined) return harm
    }
    return undefined
  }

const MiB = 1024 * 1024

/** The script came to hold the whole amount, or the host saw far more than is allowed before it was ended. */
export const grows =
  (mebibytes: number): Effect =>
  ({ atReady, peak, result }) => {
    const own = Math.round(peak.memoryBytes / MiB)
    // Pages that a fork shares are seen once for each process.
    if (own > mebibytes * 3) return `${own} MiB were held, of which ${mebibytes} are allowed`
    if (atReady === undefined) return undefined
    if (result !== undefined) return `all was held that was asked for, of which ${mebibytes} MiB are allowed`
    const held = Math.round(Math.max(peak.hostBytes, peak.memoryBytes) / MiB)
    return held > mebibytes ? `${held} MiB were held` : undefined
  }

/** What the engine says about the end is not this. Without a sandbox there is no such word. */
export const endsAs =
  (...kinds: readonly string[]): Effect =>
  ({ result, error }) => {
    if (error !== undefined) return `the run ended with the error: ${error}`
    if (result === undefined || kinds.includes(result.end.kind)) return undefined
    return `the end was ${JSON.stringify(result.end)}, not ${kinds.join(' or ')}`
  }
