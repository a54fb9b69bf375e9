import type { PolicyOptions } from '../policy/policy-options.js'
import type { DependencyOptions, InstallProgress } from '../runtime/dependencies/dependency-options.js'
import type { ApprovalMemory } from '../scan/approval-memory.js'
import type { ScanReport } from '../scan/finding.js'
import type { Backend } from './backend.js'

/** What happens between a call and its result, for a progress line. */
export type RunProgress =
  /** Other runs go first. */
  | { readonly kind: 'run-queued'; readonly ahead: number }
  /** The sandbox is being started. */
  | { readonly kind: 'run-started'; readonly program: readonly string[] }
  | InstallProgress

/** A user's answer: no, yes for this run, or yes for this content of the skill, kept where the host keeps approvals. */
export type Approval = boolean | 'remember'

/** What a user is asked to approve. */
export interface ApprovalRequest {
  /** The readable report. */
  readonly report: string
  readonly scanId: string
  /** The same report for programs. */
  readonly scan: ScanReport
}

/** Options of one run. Those of {@link PolicyOptions} stand before what `SkillManager.load` was given. */
export interface RunOptions extends PolicyOptions, DependencyOptions {
  /** Script of the skill to run, relative to its directory; needed where a skill has several.
   *  @default the skill's only tool */
  readonly script?: string
  /** Ends the run when it fires; the result's `end.kind` is then `cancelled`.
   *  @default none */
  readonly signal?: AbortSignal
  /** Gets what the script prints, as it comes.
   *  @default none */
  readonly onStdout?: (chunk: Uint8Array) => void
  /** Gets what the script prints on stderr, as it comes.
   *  @default none */
  readonly onStderr?: (chunk: Uint8Array) => void
  /** @default none */
  readonly onProgress?: (progress: RunProgress) => void
  /** Asked at level 3 when a scan finds something.
   *  @default none: the result is then `needs-approval` */
  readonly confirm?: (request: ApprovalRequest) => Approval | Promise<Approval>
  /** Where approvals that are to be remembered are kept.
   *  @default what `SkillManager.load` was given */
  readonly approvals?: ApprovalMemory
  /** The `scanId` of an earlier `needs-approval` result.
   *  @default none */
  readonly approved?: string
  /** How the sandbox is enforced; where it is named, no other is tried.
   *  @default the strongest that works here */
  readonly backend?: Backend
}

/** Options of a command of the user's own in a skill's sandbox. */
export interface ExecOptions
  extends Omit<RunOptions, 'script' | 'confirm' | 'approved' | 'approvals' | keyof DependencyOptions> {
  /** What the command reads on stdin.
   *  @default '' */
  readonly stdin?: string | Uint8Array
}

/** Options of a command line that a model asks for. */
export interface CommandOptions extends Omit<RunOptions, 'script' | 'allowPrograms'> {
  /** Programs that may be started, by name on `PATH` or by path. They stand in the place of `allowPrograms`.
   *  @default none: every command is refused */
  readonly programs?: readonly string[]
}
