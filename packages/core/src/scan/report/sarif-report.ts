import type { Finding, ScanReport, Severity } from '../finding.js'
import { ruleSources } from '../rules/rules.js'

const levels: Readonly<Record<Severity, string>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
}
const scores: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.0',
  low: '2.0',
  info: '0.0',
}

/** Reports as one SARIF 2.1.0 log, for code scanning services. Paths are those of the directories as they were given. */
export function scanReportSarif(reports: readonly ScanReport[], version: string): object {
  const used = new Set(
    reports.flatMap(({ findings, suppressed }) => [...findings, ...suppressed].map(({ ruleId }) => ruleId)),
  )
  const rules = ruleSources.filter(({ id }) => used.has(id))
  const results = reports.flatMap((report) => [
    ...report.findings.map((finding) => result(report, finding, rules)),
    ...report.suppressed.map((finding) => ({
      ...result(report, finding, rules),
      suppressions: [{ kind: 'external', status: 'accepted', justification: finding.reason }],
    })),
  ])
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'SkillLite',
            version,
            informationUri: 'https://github.com/EXboys/skilllite',
            rules: rules.map(({ id, message, why, fix, severity, category }) => ({
              id,
              shortDescription: { text: message.replace(/[:(]? ?\{what\}\)?,?/g, '').trim() || id },
              fullDescription: { text: why },
              help: { text: `${why} ${fix}` },
              defaultConfiguration: { level: levels[severity] },
              properties: { 'security-severity': scores[severity], tags: ['security', category] },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results,
      },
    ],
  }
}

function result({ directory }: ScanReport, finding: Finding, rules: readonly { id: string }[]): object {
  const path = `${directory.replace(/\/+$/, '')}/${finding.file}`
  return {
    ruleId: finding.ruleId,
    ruleIndex: rules.findIndex(({ id }) => id === finding.ruleId),
    level: levels[finding.severity],
    message: { text: `${finding.message}. ${finding.why}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: path.startsWith('/') ? `file://${encodeURI(path)}` : encodeURI(path) },
          region: {
            startLine: finding.line,
            startColumn: finding.column,
            snippet: { text: finding.excerpt },
          },
        },
      },
    ],
    properties: { severity: finding.severity, category: finding.category, confidence: finding.confidence },
  }
}
