import { createHash } from 'node:crypto'
import { quote, SkillLiteError } from '../../errors.js'
import { parseYamlMapping, YamlProblem } from '../../skill/yaml-mapping.js'
import type { Collected } from '../collect/collect-files.js'
import type { Finding, SuppressedFinding } from '../finding.js'

/** A finding that the host accepts: of this rule, in this file, as long as the file stays as it is. */
export interface Suppression {
  readonly rule: string
  readonly file: string
  /** `sha256:` and 64 hexadecimal digits, of the file's bytes. */
  readonly digest: string
  readonly reason: string
}

/**
 * Reads suppressions from the text of a host's `.skilllite/scan.yml`. They are the host's: a skill cannot bring its own.
 *
 * @throws SkillLiteError `OPTION_INVALID` for a text that is not such a list
 */
export function parseSuppressions(text: string, name: string): readonly Suppression[] {
  let data: Readonly<Record<string, unknown>>
  try {
    data = parseYamlMapping(text).data
  } catch (error) {
    if (error instanceof YamlProblem) throw invalid(name, error.message)
    throw error
  }
  const list = data.suppressions
  if (!Array.isArray(list)) throw invalid(name, 'there is no list "suppressions"')
  return list.map((entry: unknown, index) => {
    const fields = typeof entry === 'object' && entry !== null ? (entry as Record<string, unknown>) : {}
    const text = (key: string): string => {
      const value = fields[key]
      if (typeof value === 'string' && value.trim() !== '') return value.trim()
      throw invalid(name, `entry ${index + 1} has no ${quote(key)}`)
    }
    const digest = text('digest')
    if (!/^sha256:[0-9a-f]{64}$/.test(digest))
      throw invalid(name, `entry ${index + 1} has the digest ${quote(digest)}`)
    return { rule: text('rule'), file: text('file'), digest, reason: text('reason') }
  })
}

function invalid(name: string, what: string): SkillLiteError {
  return new SkillLiteError(
    'OPTION_INVALID',
    `${quote(name, 200)} is not a list of suppressions: ${what}`,
    'Each entry of "suppressions" needs rule, file, digest and reason.',
  )
}

/** Takes out the findings that suppressions accept. */
export function applySuppressions(
  findings: readonly Finding[],
  suppressions: readonly Suppression[],
  content: Collected,
): { findings: readonly Finding[]; suppressed: readonly SuppressedFinding[] } {
  if (suppressions.length === 0) return { findings, suppressed: [] }
  const digests = new Map<string, string>()
  const digestOf = (path: string): string | undefined => {
    const known = digests.get(path)
    const file = content.files.find((one) => one.path === path)
    if (known !== undefined || file === undefined) return known
    const digest = fileDigest(file.bytes)
    digests.set(path, digest)
    return digest
  }
  const left: Finding[] = []
  const suppressed: SuppressedFinding[] = []
  for (const finding of findings) {
    const accepted = suppressions.find(
      ({ rule, file, digest }) =>
        rule === finding.ruleId && file === finding.file && digest === digestOf(file),
    )
    if (accepted === undefined) left.push(finding)
    else suppressed.push({ ...finding, reason: accepted.reason })
  }
  return { findings: left, suppressed }
}

/** Digest of a file's bytes, as suppressions name it. */
export function fileDigest(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}
