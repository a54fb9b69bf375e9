/** 1 no sandbox, 2 sandbox, 3 sandbox + static scan with confirmation. */
export type SandboxLevel = 1 | 2 | 3

/** Everything a run may touch. Complete: code after this point knows no defaults. */
export interface SandboxPolicy {
  readonly level: SandboxLevel
  readonly skillDirectory: string
  /** Where the skill lies, where `skillDirectory` is a private copy of it: never writable either. */
  readonly originalDirectory?: string
  /** Names or absolute paths of programs that may be started besides the interpreter. */
  readonly programs: readonly string[]
  /** `host`, `*.host` or `*`, each with or without `:port`; empty: no network. */
  readonly hosts: readonly string[]
  /** Absolute real paths of the host. */
  readonly readPaths: readonly string[]
  readonly writePaths: readonly string[]
  /** Where read paths are seen under a second name, absolute too: a link that an argument named. */
  readonly readLinks?: readonly { readonly name: string; readonly path: string }[]
  /** Whether the files that arguments name are added to `readPaths` when the arguments are known. */
  readonly files: 'listed' | 'arguments'
  /** Names of the variables given to the script besides the sandbox's own. Their values are not part of a policy. */
  readonly environment: readonly string[]
  /** Where artifacts are kept; without it, in a fresh temporary directory. Absolute, need not exist yet. */
  readonly outputDirectory?: string
  readonly limits: PolicyLimits
}

/** Times in ms, sizes in bytes. */
export interface PolicyLimits {
  readonly wallMs: number
  readonly cpuMs: number
  readonly memoryBytes: number
  readonly pids: number
  readonly files: number
  readonly tempBytes: number
  readonly outputBytes: number
  readonly stdoutBytes: number
  readonly stderrBytes: number
  /** Connections to the outside at the same time. */
  readonly connections: number
  /** What all connections together may carry, in both directions. */
  readonly networkBytes: number
}
