import type { RuntimeMount } from './runtime-mount.js'

/** A program that runs scripts: what to start and what it needs to see. */
export interface Interpreter {
  readonly name: InterpreterName
  /** The interpreter itself, never a version manager's shim. */
  readonly program: string
  /** Stand before the script. */
  readonly args: readonly string[]
  readonly version?: string
  /** Read-only and narrow. */
  readonly mounts: readonly RuntimeMount[]
}

export type InterpreterName = 'python3' | 'node' | 'sh' | 'bash'
