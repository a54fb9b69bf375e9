import type { Category, Severity } from '../finding.js'
import type { UnitKind } from '../unit.js'

/** A rule as its YAML file writes it. */
export interface RuleSource {
  readonly id: string
  readonly category: Category
  readonly severity: Severity
  readonly confidence?: 'high' | 'medium' | 'low'
  /** One sentence; `{what}` stands for what was found. */
  readonly message: string
  readonly why: string
  readonly fix: string
  /** What the sandbox does about it anyway. */
  readonly sandbox?: string
  /** Severity where the text warns of it instead of doing it. */
  readonly warned?: Severity
  /** Any of these facts, from the parts of the scan that understand code, commands and files. */
  readonly facts?: readonly FactCondition[]
  /** Facts that are harmless alone; the finding stands at the first. */
  readonly together?: readonly FactCondition[]
  /** How many lines apart facts that count together may stand, in one file.
   *  @default anywhere in the skill */
  readonly within?: number
  /** Whether a phrase may reach from one sentence into the next. */
  readonly across?: boolean
  /** Any of these phrases in prose. */
  readonly phrases?: readonly string[]
  /** Any of these patterns. */
  readonly patterns?: readonly PatternSource[]
  readonly examples: {
    readonly match: readonly ExampleSource[]
    readonly 'no-match': readonly ExampleSource[]
  }
}

export interface FactCondition {
  readonly fact: string
  /** Only for these kinds of hosts. */
  readonly host?: readonly string[]
  /** Only with one of these tags. */
  readonly tag?: readonly string[]
  /** Only in code, or only in instructions. */
  readonly in?: 'code' | 'prose'
}

export interface PatternSource {
  /** A regular expression without unbounded repetition; it sees no more than some hundred characters. */
  readonly text: string
  /** Lower-case words, one of which stands in or near whatever matches. */
  readonly near: readonly string[]
  /** Only in texts of these kinds. */
  readonly in?: readonly UnitKind[]
}

/** A file of a skill: an example of a rule. The name says how it is read. */
export interface ExampleSource {
  /** @default SKILL.md */
  readonly file?: string
  readonly text: string
  /** Is added to the text so many times, each with its number for `$`. */
  readonly repeat?: string
  readonly times?: number
  /** Further files, by their names. */
  readonly files?: Readonly<Record<string, string>>
}
