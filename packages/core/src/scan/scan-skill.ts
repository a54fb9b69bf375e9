import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { skillDigest } from '../skill/digest.js'
import { loadSkill } from '../skill/load.js'
import { type Collected, collectFiles } from './collect/collect-files.js'
import type { Finding, ScanReport } from './finding.js'
import { isAtLeast } from './finding.js'
import { undeclaredFacts } from './judge/declared.js'
import { judge } from './judge/judge.js'
import { applySuppressions, type Suppression } from './judge/suppressions.js'
import { ruleSources } from './rules/rules.js'
import { scanContent } from './scan-content.js'
import { scanVersion } from './scan-version.js'

/** Changes with what the engine would find in the same skill. */
const engine = '1'

let rulesDigest: string | undefined

/** Digest of the rules and the engine: part of every report, so that a new rule asks again. */
export function scanRulesDigest(): string {
  rulesDigest ??=
    scanVersion ??
    `sha256:${createHash('sha256')
      .update(`${engine}\n${JSON.stringify(ruleSources)}`)
      .digest('hex')}`
  return rulesDigest
}

/** What was collected, judged by the rules. */
export async function findingsOf(content: Collected): Promise<Finding[]> {
  const { facts, units } = await scanContent(content)
  return judge([...facts, ...undeclaredFacts(facts, units)])
}

/** Options of one scan. */
export interface ScanOptions {
  /** Findings that the host accepts; see `parseSuppressions`.
   *  @default [] */
  readonly suppressions?: readonly Suppression[]
}

const kept = new Map<string, ScanReport>()
const mostKept = 50

/**
 * Reads a skill, runs nothing of it, and tells what a person would want to know before it runs. The result for the same
 * content is kept in memory.
 *
 * @throws SkillLiteError where there is no directory, or one that has no digest
 */
export async function scanSkill(directory: string, options: ScanOptions = {}): Promise<ScanReport> {
  const { suppressions = [] } = options
  const digest = skillDigest(directory)
  const key = JSON.stringify([directory, digest, scanRulesDigest(), suppressions])
  const known = kept.get(key)
  if (known !== undefined) return known
  const content = collectFiles(directory)
  const all = await findingsOf(content)
  const { findings, suppressed } = applySuppressions(all, suppressions, content)
  const report: ScanReport = {
    skill: loadSkill(directory, 'host').skill?.name ?? basename(directory),
    directory,
    digest,
    rules: scanRulesDigest(),
    verdict: verdictOf(findings),
    findings,
    suppressed,
    files: content.files.length,
    bytes: content.files.reduce((sum, file) => sum + file.bytes.length, 0),
  }
  if (kept.size >= mostKept) kept.delete(kept.keys().next().value ?? '')
  kept.set(key, report)
  return report
}

function verdictOf(findings: readonly Finding[]): ScanReport['verdict'] {
  if (findings.some(({ severity }) => isAtLeast(severity, 'high'))) return 'ask'
  return findings.length === 0 ? 'clean' : 'notes'
}
