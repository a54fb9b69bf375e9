import type { SandboxLevel } from '../policy/sandbox-policy.js'
import type { ActivationAnswer } from '../tools/answer-activation.js'
import type { CompletedRun } from './run-result.js'

/**
 * The result of a call that the engine answered itself, in the form of a run, so that whoever passes results to a model
 * needs no second way. Nothing ran: there is no usage, and no isolation.
 */
export function answeredRun(answer: ActivationAnswer, level: SandboxLevel): CompletedRun {
  const [exitCode, stdout, stderr] =
    answer.kind === 'text' ? [0, answer.text, ''] : [1, '', `${answer.problem}\n`]
  return {
    status: 'completed',
    exitCode,
    end: { kind: 'exited', code: exitCode },
    stdout,
    stderr,
    truncated: { stdout: false, stderr: false },
    output: stdout,
    usage: { wallMs: 0, cpuMs: 0, peakMemoryBytes: 0, maxPids: 0 },
    violations: [],
    artifacts: [],
    leftOut: [],
    network: [],
    isolation: { level, backend: 'none', layers: {}, weaker: [] },
  }
}
