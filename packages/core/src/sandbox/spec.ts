/**
 * The sandbox spec: a policy after all decisions, as `skillbox` reads it on fd 3. The Rust twin is
 * `native/src/spec.rs`; an unknown field there is an error, and nothing has a default.
 */
export interface SandboxSpec {
  readonly version: 1
  readonly backend: 'namespaces' | 'landlock'
  /** Command line; the first element is an absolute path that exists inside the sandbox. */
  readonly program: readonly string[]
  /** Absolute path inside the sandbox. */
  readonly cwd: string
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>
  /** Applied in order; a parent stands before what lies in it. */
  readonly mounts: readonly SpecMount[]
  /** Absolute paths inside that may be executed after the first program. Empty: none at all. */
  readonly exec: readonly string[]
  readonly network: SpecNetwork
  readonly limits: SpecLimits
  readonly output: SpecOutput | null
}

export type SpecMount =
  /**
   * A file or directory of the host. `exec`: code in it may be mapped and, where the policy names it, executed.
   * `mapOwner`: its owner is seen as the sandbox's user, where the system can do that.
   * `untrusted`: a stranger's, so what leads out of it is hidden: files that also have a name elsewhere, named pipes,
   * sockets, devices.
   */
  | {
      readonly kind: 'bind'
      readonly from: string
      readonly to: string
      readonly mode: 'ro' | 'rw'
      readonly exec: boolean
      readonly mapOwner: boolean
      readonly untrusted: boolean
    }
  /** Private, empty, gone afterwards. */
  | { readonly kind: 'tmpfs'; readonly to: string; readonly bytes: number; readonly inodes: number }
  /** A read-only file with this text. */
  | { readonly kind: 'file'; readonly to: string; readonly text: string }
  | { readonly kind: 'symlink'; readonly to: string; readonly target: string }
  /** The sandbox's own processes, nothing else of the kernel. */
  | { readonly kind: 'proc'; readonly to: string }
  /** null, zero, full, random, urandom, fd, stdin, stdout, stderr. */
  | { readonly kind: 'dev'; readonly to: string }

export type SpecNetwork =
  | { readonly kind: 'none' }
  /**
   * TCP to `127.0.0.1:port` inside is carried to this Unix socket of the host; nothing else is there. The socket is the
   * run's own: it is removed at its end, and its directory where nothing else is in it.
   */
  | { readonly kind: 'proxy'; readonly socket: string; readonly port: number }

/** All are mandatory; times in ms, sizes in bytes. */
export interface SpecLimits {
  readonly wallMs: number
  readonly cpuMs: number
  /** Everything the run holds together. */
  readonly memoryBytes: number
  /** Processes and threads. */
  readonly pids: number
  /** Open files a process. */
  readonly files: number
  /** Size of one file. */
  readonly fileBytes: number
  readonly stdoutBytes: number
  readonly stderrBytes: number
}

/** A private, empty, size-capped directory whose regular files are copied to the host after the run. */
export interface SpecOutput {
  /** Absolute path inside. */
  readonly to: string
  /** Existing directory of the host. */
  readonly collectInto: string
  /** Made for this run alone: nobody wants it when the engine is gone. */
  readonly disposable: boolean
  readonly bytes: number
  readonly inodes: number
}
