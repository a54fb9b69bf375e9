import type { PolicyLimits } from './sandbox-policy.js'

const MiB = 1024 * 1024

/** The limits of a run for which the host sets none. */
export const DEFAULT_LIMITS: PolicyLimits = Object.freeze({
  wallMs: 30_000,
  cpuMs: 30_000,
  memoryBytes: 256 * MiB,
  pids: 64,
  files: 256,
  tempBytes: 64 * MiB,
  outputBytes: 64 * MiB,
  stdoutBytes: MiB,
  stderrBytes: MiB,
  connections: 64,
  networkBytes: 256 * MiB,
})

const DAY = 24 * 60 * 60 * 1_000
const TiB = 1024 * 1024 * MiB

/** What each limit may be set to; the lower bounds are what an interpreter needs to start at all. */
export const LIMIT_RANGES: Readonly<Record<keyof PolicyLimits, readonly [number, number]>> = {
  wallMs: [1, 7 * DAY],
  cpuMs: [1, 7 * DAY],
  memoryBytes: [MiB, TiB],
  pids: [1, 4_194_304],
  files: [8, 1_048_576],
  tempBytes: [4_096, TiB],
  outputBytes: [4_096, TiB],
  // It is kept in memory, as one string, and Node has none longer than 512 MiB.
  stdoutBytes: [1, 256 * MiB],
  stderrBytes: [1, 256 * MiB],
  connections: [1, 256],
  networkBytes: [1, TiB],
}
