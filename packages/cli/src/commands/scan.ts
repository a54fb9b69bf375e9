import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import {
  discoverSkills,
  isAtLeast,
  parseSuppressions,
  type RuleSource,
  type ScanReport,
  type Severity,
  type Suppression,
  scanReportSarif,
  scanReportText,
  scanRules,
  scanSkill,
} from '@skilllite/core'
import { nearest } from '../command-line/nearest.js'
import { optionValue } from '../command-line/parse.js'
import type { ParsedArguments } from '../command-line/spec.js'
import { UsageError } from '../command-line/usage-error.js'
import { ExitCode } from '../exit-codes.js'
import { visible, visibleJson, visibleLine } from '../terminal/escape.js'
import { tell, writeStdout } from '../terminal/output.js'
import { isTerminal, styleFor } from '../terminal/style.js'
import { version } from '../version.js'

/** `skilllite scan PATH…`: reads skills and tells what a person would want to know before they run. */
export async function command(parsed: ParsedArguments): Promise<number> {
  const rule = optionValue(parsed, 'explain')
  if (rule !== undefined) return explain(rule)
  if (parsed.operands.length === 0)
    throw new UsageError('skilllite scan needs PATH.', 'Usage: skilllite scan PATH...')
  const directories = skillDirectories(parsed.operands)
  const least = (optionValue(parsed, 'fail-on') ?? 'high') as Severity | 'never'
  const suppressions = await hostSuppressions(parsed, directories)
  const format = optionValue(parsed, 'format') ?? 'text'
  const reports: ScanReport[] = []
  for (const directory of directories) {
    const report = await scanSkill(directory, { suppressions })
    reports.push(report)
    if (format === 'jsonl') writeStdout(`${JSON.stringify(report)}\n`)
    if (format === 'text') writeStdout(await readable(report, parsed.flags.has('all')))
  }
  if (format === 'json') writeStdout(`${visibleJson(reports)}\n`)
  if (format === 'sarif') {
    writeStdout(`${visibleJson(await scanReportSarif(reports.map(withRelativeDirectory), version))}\n`)
  }
  if (format === 'text' && reports.length > 1) tell(summary(reports))
  const failed =
    least !== 'never' &&
    reports.some(({ findings }) => findings.some(({ severity }) => isAtLeast(severity, least)))
  return failed ? ExitCode.failed : ExitCode.ok
}

/** The skills that paths mean: a skill's directory, its `SKILL.md`, or a directory of skills. */
function skillDirectories(operands: readonly string[]): string[] {
  const found = operands.flatMap((operand) => {
    const path = resolve(operand)
    const stats = statSync(path, { throwIfNoEntry: false })
    if (stats?.isFile() === true && basename(path).toLowerCase() === 'skill.md')
      return [realpathSync(dirname(path))]
    if (stats?.isDirectory() !== true) {
      throw new UsageError(
        `There is no skill at ${JSON.stringify(operand)}.`,
        'PATH is a directory with a SKILL.md, or of such directories.',
      )
    }
    if (existsSync(join(path, 'SKILL.md')) || existsSync(join(path, 'skill.md'))) return [realpathSync(path)]
    const { skills } = discoverSkills({ paths: [path] })
    // a directory without a skill is scanned all the same: what is in it may still be given to an agent
    return skills.length > 0 ? skills.map(({ directory }) => directory) : [realpathSync(path)]
  })
  return [...new Set(found)]
}

/** Suppressions of the project here. A file within a scanned skill is the skill's own, and does not count. */
async function hostSuppressions(
  parsed: ParsedArguments,
  directories: readonly string[],
): Promise<readonly Suppression[]> {
  const given = optionValue(parsed, 'suppressions')
  const file = resolve(given ?? join('.skilllite', 'scan.yml'))
  if (!existsSync(file)) {
    if (given === undefined) return []
    throw new UsageError(
      `There is no file ${JSON.stringify(given)}.`,
      'Leave --suppressions out, or correct the path.',
    )
  }
  const real = realpathSync(file)
  if (directories.some((directory) => real.startsWith(directory + sep))) {
    tell(`skilllite: ${visibleLine(file)} belongs to the skill that is scanned, and is not used.`)
    return []
  }
  return parseSuppressions(readFileSync(real, 'utf8'), file)
}

async function readable(report: ScanReport, all: boolean): Promise<string> {
  const text = visible(await scanReportText(report, { all }))
  if (!isTerminal(1)) return text
  const style = styleFor(1)
  const paint = { clean: style.green, notes: style.bold, ask: style.red }[report.verdict]
  const [first = '', ...rest] = text.split('\n')
  return [
    paint(first),
    ...rest.map((line) => (/^ {4}(critical|high) /.test(line) ? style.red(line) : line)),
  ].join('\n')
}

function summary(reports: readonly ScanReport[]): string {
  const asking = reports.filter(({ verdict }) => verdict === 'ask').length
  return `${reports.length} skills scanned, ${asking} to look at.`
}

/** SARIF readers resolve paths against where they run. */
function withRelativeDirectory(report: ScanReport): ScanReport {
  const path = relative(process.cwd(), report.directory)
  return path.startsWith('..') ? report : { ...report, directory: path === '' ? '.' : path }
}

async function explain(id: string): Promise<number> {
  const rules = await scanRules()
  const rule = rules.find((one) => one.id === id)
  if (rule === undefined) {
    const known = rules.map((one) => one.id)
    const meant = nearest(id, known)
    throw new UsageError(
      `No rule is named ${JSON.stringify(id)}.`,
      meant === undefined ? `There is: ${known.join(', ')}.` : `Did you mean ${meant}?`,
    )
  }
  writeStdout(explanation(rule))
  return ExitCode.ok
}

function explanation(rule: RuleSource): string {
  const example = (text: string) =>
    visible(text)
      .trimEnd()
      .split('\n')
      .map((line) => `    ${line}`)
      .join('\n')
  return [
    `${rule.id}: ${rule.severity}, ${rule.category}`,
    '',
    `  ${rule.message.replaceAll('{what}', '…')}`,
    '',
    `  Why: ${rule.why}`,
    `  Fix: ${rule.fix}`,
    ...(rule.sandbox === undefined ? [] : [`  Anyway: ${rule.sandbox}`]),
    '',
    '  Found in, for example:',
    ...rule.examples.match.map(({ text }) => example(text)),
    '',
    '  Not in:',
    ...rule.examples['no-match'].map(({ text }) => example(text)),
    '',
  ].join('\n')
}
