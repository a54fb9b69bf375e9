import type { SandboxPolicy } from './sandbox-policy.js'

/** One line of a printed policy. */
export interface PolicyLine {
  /** `level`, `files`, `programs`, `network`, `environment`, `limits`, `output`. */
  readonly topic: string
  readonly text: string
  /** Why it is there: the default, or who asked for it. */
  readonly why: string
}

/** A policy in printable form, with the reason of every line. */
export function explainPolicy(_policy: SandboxPolicy): readonly PolicyLine[] {
  return []
}
