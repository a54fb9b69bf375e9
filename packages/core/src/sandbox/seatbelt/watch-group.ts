import { execFile } from 'node:child_process'
import type { PolicyLimits } from '../../policy/sandbox-policy.js'
import type { RunEnd, Usage } from '../report.js'

/** A look costs a process, so short runs get none. */
const EVERY_MS = 250
/** So often in a row no look may succeed: when there is no room for `ps`, somebody has taken it. */
const MAX_FAILURES = 3
const PS = '/bin/ps'

/** What was seen of a process group. */
export interface GroupWatch {
  /** The most that was seen; what came and went between two looks was not. */
  readonly peak: Pick<Usage, 'peakMemoryBytes' | 'maxPids'>
  stop(): void
}

/**
 * Looks at a process group now and then and tells when it holds too much memory, or too many processes. macOS has no
 * limit on either that the kernel would hold for one run.
 */
export function watchGroup(
  group: number,
  limits: Pick<PolicyLimits, 'memoryBytes' | 'pids'>,
  onHit: (end: RunEnd) => void,
  ps: string = PS,
): GroupWatch {
  const peak = { peakMemoryBytes: 0, maxPids: 1 }
  let stopped = false
  let failures = 0
  let timer = setTimeout(look, EVERY_MS)

  function look(): void {
    const options = { env: {}, cwd: '/', timeout: 5_000, maxBuffer: 16 * 1024 * 1024 }
    execFile(ps, ['-axo', 'pgid=,rss='], options, (error, stdout) => {
      if (stopped) return
      failures = error === null ? 0 : failures + 1
      const { bytes, processes } = error === null ? sumOf(group, stdout) : { bytes: 0, processes: 0 }
      peak.peakMemoryBytes = Math.max(peak.peakMemoryBytes, bytes)
      peak.maxPids = Math.max(peak.maxPids, processes)
      if (bytes > limits.memoryBytes) {
        onHit({ kind: 'memory', limitBytes: limits.memoryBytes, usedBytes: bytes })
      } else if (processes > limits.pids || failures >= MAX_FAILURES) {
        onHit({ kind: 'pids', limit: limits.pids })
      } else timer = setTimeout(look, EVERY_MS)
    })
  }
  return {
    peak,
    stop: () => {
      stopped = true
      clearTimeout(timer)
    },
  }
}

/** Resident memory, so that pages that several processes share are counted for each. */
function sumOf(group: number, table: string): { readonly bytes: number; readonly processes: number } {
  let bytes = 0
  let processes = 0
  for (const line of table.split('\n')) {
    const [pgid, kibibytes] = line.trim().split(/\s+/).map(Number)
    if (pgid !== group || kibibytes === undefined) continue
    bytes += kibibytes * 1024
    processes++
  }
  return { bytes, processes }
}
