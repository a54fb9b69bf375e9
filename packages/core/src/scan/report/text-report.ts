import { type Finding, isAtLeast, type ScanReport, type Severity, severities } from '../finding.js'
import { visible } from '../unit.js'

/** What a readable report shows. */
export interface TextReportOptions {
  /** Shows lesser findings one by one, instead of only counting them.
   *  @default false */
  readonly all?: boolean
}

const mostShown = 20

/** A report as a person reads it: the verdict, then what was found by file, with the line concerned. Plain text. */
export function scanReportText(report: ScanReport, { all = false }: TextReportOptions = {}): string {
  const shown = report.findings.filter(({ severity }) => all || isAtLeast(severity, 'medium'))
  const cut = all ? shown : shown.slice(0, mostShown)
  const lines = [verdictLine(report)]
  for (const [file, findings] of byFile(cut)) {
    lines.push('', `  ${visible(file)}`)
    for (const finding of findings) lines.push(...findingLines(finding))
  }
  const rest = [
    ...(shown.length > cut.length ? [`${shown.length - cut.length} more`] : []),
    ...counts(report.findings.filter((finding) => !shown.includes(finding))),
    ...(report.suppressed.length > 0 ? [`${report.suppressed.length} suppressed`] : []),
  ]
  if (rest.length > 0) lines.push('', `  Not shown: ${rest.join(', ')}.`)
  return `${lines.join('\n')}\n`
}

function verdictLine({ skill, verdict, findings, files, bytes }: ScanReport): string {
  const size = `${files} ${files === 1 ? 'file' : 'files'}, ${Math.ceil(bytes / 1024)} KiB`
  const name = visible(skill)
  if (verdict === 'clean') return `${name}: nothing found (${size})`
  const found = counts(findings).join(', ')
  return verdict === 'ask'
    ? `${name}: LOOK BEFORE YOU RUN IT: ${found} (${size})`
    : `${name}: nothing serious: ${found} (${size})`
}

function counts(findings: readonly Finding[]): string[] {
  return severities
    .map((severity): [Severity, number] => [
      severity,
      findings.filter((finding) => finding.severity === severity).length,
    ])
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => `${count} ${severity}`)
}

function byFile(findings: readonly Finding[]): Map<string, Finding[]> {
  const files = new Map<string, Finding[]>()
  for (const finding of findings) files.set(finding.file, [...(files.get(finding.file) ?? []), finding])
  return files
}

function findingLines({
  severity,
  line,
  message,
  ruleId,
  excerpt,
  decoded,
  lowered,
  sandbox,
  why,
}: Finding): string[] {
  const indent = ' '.repeat(16)
  return [
    `    ${severity.padEnd(8)} ${String(line).padStart(3)} ${message} [${ruleId}]`,
    ...(excerpt === '' ? [] : [`${indent} | ${excerpt}`]),
    ...(decoded === undefined ? [] : [`${indent} Found in: ${decoded.join(', then ')}.`]),
    ...(lowered === undefined ? [] : [`${indent} Counts less: ${lowered}.`]),
    ...(isAtLeast(severity, 'high') ? [`${indent} ${why}`] : []),
    ...(sandbox === undefined ? [] : [`${indent} Anyway: ${sandbox}`]),
  ]
}
