import type { PolicyLimits, SandboxLevel } from './sandbox-policy.js'

/** The level used where the host names none. */
export const DEFAULT_SANDBOX_LEVEL: SandboxLevel = 3

/** What a host may set about a run's sandbox. Everything left out has the documented default. */
export interface PolicyOptions {
  /** 1 none, 2 sandbox, 3 sandbox and static scan with confirmation.
   *  @default DEFAULT_SANDBOX_LEVEL */
  readonly level?: SandboxLevel
  /** Ends the run after this many milliseconds; raises or lowers the CPU time limit with it.
   *  @default 30_000 */
  readonly timeoutMs?: number
  /** Ends the run when everything that it holds together exceeds this many MiB.
   *  @default 256 */
  readonly memoryMb?: number
  /** Hosts that the run may reach: `host`, `*.host`, `host:port`, or `*` for every public one. Without a port, 80 and
   *  443. Names that lead to private addresses need those granted too.
   *  @default [] */
  readonly allowHosts?: readonly string[]
  /** Files and directories of the host that the run may read. Relative paths start at `cwd`.
   *  @default [] */
  readonly allowRead?: readonly string[]
  /** Files and directories of the host that the run may change; they must exist.
   *  @default [] */
  readonly allowWrite?: readonly string[]
  /** Programs that the run may start besides its interpreter: names on `PATH` or paths.
   *  @default [] */
  readonly allowPrograms?: readonly string[]
  /** Variables for the script. `true` passes the host's own value on. Their values are shown nowhere; see `redact`.
   *  @default {} */
  readonly env?: Readonly<Record<string, string | true>>
  /** Replaces values of variables by `[NAME]` in what the script prints and in all else that a result holds: those of
   *  `secrets`, those taken from the host's environment, and those given under a name that speaks of a secret (`API_KEY`,
   *  `DB_PASSWORD`). Values shorter than 6 characters are left.
   *  @default true */
  readonly redact?: boolean
  /** `arguments` lets the run read the files that its arguments name: those of arguments that are known to be paths,
   *  each file alone, never a hidden or secret one. `listed` grants what `allowRead` lists.
   *  @default 'listed' */
  readonly files?: 'listed' | 'arguments'
  /** Where artifacts are kept; made when it does not exist.
   *  @default a fresh temporary directory, removed again if nothing was left in it */
  readonly outputDir?: string
  /** Single limits, stronger than `timeoutMs` and `memoryMb`.
   *  @default {} */
  readonly limits?: Partial<PolicyLimits>
  /** Where relative paths start.
   *  @default process.cwd() */
  readonly cwd?: string
}
