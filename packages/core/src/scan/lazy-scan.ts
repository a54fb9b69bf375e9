// What the public face shows of the scan: its code is loaded by the first who scans.
import type { ScanReport } from './finding.js'
import type { Suppression } from './judge/suppressions.js'
import type { TextReportOptions } from './report/text-report.js'
import type { RuleSource } from './rules/rule.js'
import type { ScanOptions } from './scan-skill.js'

const load = () => import('./scan-parts.js')

/**
 * Reads a skill, runs nothing of it, and tells what a person would want to know before it runs.
 *
 * @throws SkillLiteError where there is no directory, or one that has no digest
 */
export async function scanSkill(directory: string, options: ScanOptions = {}): Promise<ScanReport> {
  return (await load()).scanSkill(directory, options)
}

/** A report as a person reads it, in plain text. */
export async function scanReportText(report: ScanReport, options: TextReportOptions = {}): Promise<string> {
  return (await load()).scanReportText(report, options)
}

/** Reports as one SARIF 2.1.0 log. */
export async function scanReportSarif(reports: readonly ScanReport[], version: string): Promise<object> {
  return (await load()).scanReportSarif(reports, version)
}

/** Every rule of the scan. */
export async function scanRules(): Promise<readonly RuleSource[]> {
  return (await load()).ruleSources
}

/**
 * Reads suppressions from the text of a host's `.skilllite/scan.yml`.
 *
 * @throws SkillLiteError `OPTION_INVALID` for a text that is not such a list
 */
export async function parseSuppressions(text: string, name: string): Promise<readonly Suppression[]> {
  return (await load()).parseSuppressions(text, name)
}
