/** How much a finding matters. From `high` on, a run at level 3 asks first. */
export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info'

/** Strongest first. */
export const severities: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info']

/** What kind of harm a finding is about. */
export type Category =
  | 'remote-code'
  | 'exfiltration'
  | 'credential-access'
  | 'persistence'
  | 'privilege'
  | 'destructive'
  | 'obfuscation'
  | 'injection'
  | 'hidden-content'
  | 'supply-chain'
  | 'resource-abuse'
  | 'over-permission'

/** Something in a skill that a person would want to know before it runs. */
export interface Finding {
  readonly ruleId: string
  readonly severity: Severity
  readonly category: Category
  /** Relative to the skill directory. */
  readonly file: string
  /** 1-based. */
  readonly line: number
  /** 1-based, in UTF-16 units. */
  readonly column: number
  /** The line concerned, cut, with control characters made visible. */
  readonly excerpt: string
  /** What was found, in one sentence. */
  readonly message: string
  /** Why it matters. */
  readonly why: string
  /** What to do about it. */
  readonly fix: string
  readonly confidence: 'high' | 'medium' | 'low'
  /** Where it stood in something encoded: the ways it was decoded, outermost first. */
  readonly decoded?: readonly string[]
  /** Why it counts less than its rule says. */
  readonly lowered?: string
  /** What the sandbox does about it anyway. */
  readonly sandbox?: string
}

/** A finding that the skill's `.skilllite/scan.yml` accepts. */
export interface SuppressedFinding extends Finding {
  readonly reason: string
}

/** What a scan of one skill found. */
export interface ScanReport {
  /** Name of the skill, or of its directory where it has none. */
  readonly skill: string
  readonly directory: string
  /** Content digest of the skill, as `skillDigest` gives it. */
  readonly digest: string
  /** Digest of the rules and the engine that were used. */
  readonly rules: string
  /** `ask`: a finding of severity `high` or above; `notes`: only lesser ones. */
  readonly verdict: 'clean' | 'notes' | 'ask'
  /** Strongest first, then by file and line. */
  readonly findings: readonly Finding[]
  readonly suppressed: readonly SuppressedFinding[]
  readonly files: number
  readonly bytes: number
}

/** Whether a severity is at least another. */
export function isAtLeast(severity: Severity, least: Severity): boolean {
  return severities.indexOf(severity) <= severities.indexOf(least)
}
