import type { ShellReading } from './shell-reading.js'
import type { ShellFacts } from './shell-values.js'

/** Learns from a branch that ends the script: what led there must not be. */
export function learnFromEnd(facts: ShellFacts, run: ShellReading): void {
  if (facts.outside !== undefined) {
    const { input, values } = facts.outside
    const all = [...new Set([...input.compared, ...values])].filter(
      (value) => !/^(-|help$)/.test(String(value)),
    )
    if (all.length > 1) input.choices ??= all
  }
  // What is needed under some condition is not needed always.
  const always = run.guards === 0
  for (const input of facts.missing) {
    if (!always && !(input.command !== undefined && run.guards <= run.commandGuards)) input.optional = true
    else if (input.default === undefined) input.required = true
  }
  if (!always) return
  for (const { list, count } of facts.fewer) {
    const needed = run.observed.needed.get(list.only) ?? 0
    run.observed.needed.set(list.only, Math.max(needed, list.from + count))
  }
}

/** Learns from a branch that goes on. */
export function learnFromBranch(facts: ShellFacts): void {
  for (const input of facts.missing) input.optional = true
}
