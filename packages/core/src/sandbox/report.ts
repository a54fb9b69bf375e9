/** What `skillbox` writes to fd 4 when a run is over. The Rust twin is `native/src/report.rs`. */
export interface SandboxReport {
  readonly version: 1
  readonly backend: 'namespaces' | 'landlock'
  /** What was in force, layer by layer: `true`, `false`, or which kind (`landlock: 7`, `cgroup: "v2"`). */
  readonly layers: Readonly<Record<string, boolean | number | string>>
  readonly end: RunEnd
  readonly usage: Usage
  readonly violations: readonly SandboxViolation[]
  readonly artifacts: readonly ReportedArtifact[]
  /** Files in the output directory that were not collected, and why. */
  readonly leftOut: readonly LeftOut[]
}

/** The one reason why a run ended. */
export type RunEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: number }
  | { readonly kind: 'time'; readonly limitMs: number }
  | { readonly kind: 'cpu'; readonly limitMs: number; readonly usedMs: number }
  | { readonly kind: 'memory'; readonly limitBytes: number; readonly usedBytes: number }
  | { readonly kind: 'pids'; readonly limit: number }
  /** The private directories hold too much; only where they lie on the host's disk. */
  | { readonly kind: 'disk'; readonly usedBytes: number }
  | { readonly kind: 'output'; readonly stream: 'stdout' | 'stderr'; readonly limitBytes: number }
  | { readonly kind: 'cancelled' }
  /** The skill never started. */
  | {
      readonly kind: 'setup-failed'
      readonly layer: string
      readonly errno: string
      readonly message: string
      readonly hint: string
    }

/** Times in ms, sizes in bytes. */
export interface Usage {
  readonly wallMs: number
  readonly cpuMs: number
  readonly peakMemoryBytes: number
  readonly maxPids: number
}

/** Something that the sandbox refused, told together with its likes. */
export interface SandboxViolation {
  /** `exec`, `socket`, `ptrace`, `mount`, `namespace`, … */
  readonly kind: string
  /** The path, address family or system call; `""` where it could not be read safely. */
  readonly what: string
  readonly count: number
}

export interface ReportedArtifact {
  /** Relative to the output directory. */
  readonly path: string
  readonly bytes: number
}

export interface LeftOut {
  readonly path: string
  readonly reason: string
}
