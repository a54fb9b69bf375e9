import type { LaunchOutcome } from './launch.js'

/** The outcome of a run that was cancelled before anything of it had run. */
export function cancelledOutcome(backend: LaunchOutcome['backend']): LaunchOutcome {
  return {
    backend,
    layers: {},
    end: { kind: 'cancelled' },
    usage: { wallMs: 0, cpuMs: 0, peakMemoryBytes: 0, maxPids: 0 },
    violations: [],
    artifacts: [],
    leftOut: [],
    stdout: '',
    stderr: '',
    truncated: { stdout: false, stderr: false },
  }
}
