import type { NetworkAttempt } from '../network/network-attempt.js'
import type { SandboxPolicy } from '../policy/sandbox-policy.js'
import type { Programs } from '../runtime/programs.js'
import type { RuntimeMount } from '../runtime/runtime-mount.js'
import type { HostFacts } from './host-facts.js'
import type { LeftOut, ReportedArtifact, RunEnd, SandboxViolation, Usage } from './report.js'
import type { Isolation } from './run-result.js'

/** What a backend needs besides the spec: streams and a way to stop. */
export interface LaunchStreams {
  readonly stdin: string | Uint8Array
  readonly signal?: AbortSignal
  readonly onStdout?: (chunk: Uint8Array) => void
  readonly onStderr?: (chunk: Uint8Array) => void
}

/** One run, decided: what every backend is given. */
export interface LaunchPlan {
  readonly policy: SandboxPolicy
  readonly skillName: string
  /** Variables that the host grants, with their values. */
  readonly environment: Readonly<Record<string, string>>
  /** Command line; the first element is an absolute path. */
  readonly command: readonly string[]
  /** What the interpreter needs to see. */
  readonly mounts: readonly RuntimeMount[]
  /** Programs of the script's language and those that the policy grants. */
  readonly programs: Programs
  readonly host: HostFacts
  /** Existing directory of the host for artifacts. */
  readonly collectInto: string
  /** The way out, where hosts are granted. */
  readonly network?: NetworkAccess
}

/** Paths of the host that a run with network needs. */
export interface NetworkAccess {
  /** The Unix socket of the egress proxy. */
  readonly socketPath: string
  /** What Node loads before a script. */
  readonly nodePreload: string
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
  /** What it tried to reach, where hosts are granted. */
  readonly network?: readonly NetworkAttempt[]
  readonly stdout: string
  readonly stderr: string
  readonly truncated: { readonly stdout: boolean; readonly stderr: boolean }
}

/** Runs one command and tells how it went. Rejects only where the command could not be started at all. */
export interface Sandbox<Command = LaunchPlan> {
  launch(command: Command, streams: LaunchStreams): Promise<LaunchOutcome>
}
