import type { PolicyLimits } from '../policy/sandbox-policy.js'
import type { LeftOut, ReportedArtifact, RunEnd, SandboxViolation, Usage } from './report.js'
import type { Isolation } from './run-result.js'
import type { SandboxSpec } from './spec.js'

/** What a backend needs besides the spec: streams and a way to stop. */
export interface LaunchStreams {
  readonly stdin: string | Uint8Array
  readonly signal?: AbortSignal
  readonly onStdout?: (chunk: Uint8Array) => void
  readonly onStderr?: (chunk: Uint8Array) => void
}

/** A command for a backend without isolation. */
export interface DirectCommand {
  readonly program: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly limits: PolicyLimits
  /** Where the script leaves artifacts: a directory of the host. */
  readonly outputDirectory: string
}

/** How a run went, the same from every backend. */
export interface LaunchOutcome {
  readonly backend: Isolation['backend']
  readonly layers: Isolation['layers']
  readonly end: RunEnd
  readonly usage: Usage
  readonly violations: readonly SandboxViolation[]
  readonly artifacts: readonly ReportedArtifact[]
  readonly leftOut: readonly LeftOut[]
  readonly stdout: string
  readonly stderr: string
  readonly truncated: { readonly stdout: boolean; readonly stderr: boolean }
}

/** Runs one command and tells how it went. Rejects only where the command could not be started at all. */
export interface Sandbox<Command> {
  launch(command: Command, streams: LaunchStreams): Promise<LaunchOutcome>
}

export type SpecSandbox = Sandbox<SandboxSpec>
