import type { NetworkAttempt } from '../network/network-attempt.js'
import type { ScanReport } from '../scan/finding.js'
import type { Coercion } from '../tools/coerce-arguments.js'
import type { Backend } from './backend.js'
import type { LeftOut, RunEnd, SandboxViolation, Usage } from './report.js'

/** What a call came to. Branch on `status`. */
export type RunResult = CompletedRun | RefusedRun | NeedsApprovalRun

/** The script ran, whatever its exit code: look at `end` and `exitCode`. */
export interface CompletedRun {
  readonly status: 'completed'
  /** The script's own code; 124 time or CPU limit, 137 memory limit, 128 + N when killed by signal N, 143 cancelled. */
  readonly exitCode: number
  readonly end: RunEnd
  readonly stdout: string
  readonly stderr: string
  /** Whether more was printed than was kept. */
  readonly truncated: { readonly stdout: boolean; readonly stderr: boolean }
  /** stdout parsed where it is JSON, else stdout as text without its final newline. */
  readonly output: unknown
  readonly usage: Usage
  readonly violations: readonly Violation[]
  /** Every host that it tried to reach through the proxy; empty where none is granted. */
  readonly network: readonly NetworkAttempt[]
  readonly artifacts: readonly Artifact[]
  readonly leftOut: readonly LeftOut[]
  /** What to do about a failure, where that is known: a missing module, a refused program. */
  readonly hint?: string
  /** Arguments that were given in another form than the schema wants, and what they were read as; left out for none. */
  readonly coerced?: readonly Coercion[]
  /** How it was isolated. For an activation tool, which runs nothing: backend `none`, whatever the level. */
  readonly isolation: Isolation
}

export interface Isolation {
  readonly level: 1 | 2 | 3
  /** `none` at level 1 only. */
  readonly backend: Backend | 'none'
  /** What was in force, layer by layer: `true`, `false`, or which kind (`landlock: 7`, `cgroup: "v2"`). */
  readonly layers: Readonly<Record<string, boolean | number | string>>
  /** Which promises of the sandbox this backend cannot keep, in sentences; empty where it keeps all. */
  readonly weaker: readonly string[]
}

/** A refusal with a sentence that a model can act on. */
export interface Violation extends SandboxViolation {
  readonly message: string
}

/** A file that a run left in its output directory. */
export interface Artifact {
  /** Relative to the output directory. */
  readonly name: string
  /** Absolute path on the host. */
  readonly path: string
  readonly bytes: number
  /** By its name's extension; `application/octet-stream` where that is not known. */
  readonly mediaType: string
}

/** Somebody or something said no; nothing ran. */
export interface RefusedRun {
  readonly status: 'refused'
  readonly reason: string
}

/** Confirmation is needed and nobody was there to give it; nothing ran. */
export interface NeedsApprovalRun {
  readonly status: 'needs-approval'
  /** The readable report. */
  readonly report: string
  readonly scanId: string
  /** The same report for programs. */
  readonly scan: ScanReport
}
