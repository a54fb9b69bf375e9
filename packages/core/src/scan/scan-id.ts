import { createHash } from 'node:crypto'
import type { ScanReport } from './finding.js'

/** The id that ties a confirmation to the content of a skill, the rules, the script and its arguments. */
export function scanIdOf(
  { digest, rules }: Pick<ScanReport, 'digest' | 'rules'>,
  script: string,
  args: Readonly<Record<string, unknown>>,
): string {
  const bound = JSON.stringify(['skilllite scan 1', digest, rules, script, ordered(args)])
  return `scan:${createHash('sha256').update(bound).digest('hex')}`
}

/** What a remembered approval is bound to: the content and the rules, not the arguments. */
export function approvalKey({ digest, rules }: Pick<ScanReport, 'digest' | 'rules'>): string {
  return `${digest} ${rules}`
}

/** The same value with the keys of every object in one order, so that the order they were given in does not matter. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered)
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, entry]) => [key, ordered(entry)])
}
