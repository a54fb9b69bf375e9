import path from 'node:path'
import type { SandboxPolicy } from '../policy/sandbox-policy.js'
import type { LaunchOutcome } from './launch.js'
import { mediaTypeOf } from './media-type.js'
import { parseOutput } from './parse-output.js'
import type { RunEnd } from './report.js'
import type { CompletedRun } from './run-result.js'
import { violationMessage } from './violation-message.js'
import { weaknessesOf } from './weaknesses.js'

/** The result of a run, from what the backend told. */
export function completeRun(
  outcome: LaunchOutcome,
  policy: SandboxPolicy,
  artifactDirectory: string,
  hint: string | undefined,
): CompletedRun {
  return {
    status: 'completed',
    exitCode: exitCodeOf(outcome.end),
    end: outcome.end,
    stdout: outcome.stdout,
    stderr: outcome.stderr,
    truncated: outcome.truncated,
    output: parseOutput(outcome.stdout),
    usage: outcome.usage,
    violations: outcome.violations.map((violation) => ({
      ...violation,
      message: violationMessage(violation, policy),
    })),
    network: outcome.network ?? [],
    artifacts: outcome.artifacts.map((artifact) => ({
      name: artifact.path,
      path: path.join(artifactDirectory, artifact.path),
      bytes: artifact.bytes,
      mediaType: mediaTypeOf(artifact.path),
    })),
    leftOut: outcome.leftOut,
    ...(hint === undefined ? {} : { hint }),
    isolation: {
      level: policy.level,
      backend: outcome.backend,
      layers: outcome.layers,
      weaker: weaknessesOf(outcome.backend, outcome.layers),
    },
  }
}

/** The exit status that stands for an end, in the way of `timeout` and the shells. */
export function exitCodeOf(end: RunEnd): number {
  switch (end.kind) {
    case 'exited':
      return end.code
    case 'signalled':
      return 128 + end.signal
    case 'time':
    case 'cpu':
      return 124
    case 'memory':
    case 'pids':
    case 'disk':
    case 'output':
      return 137
    case 'cancelled':
      return 143
    case 'setup-failed':
      return 125
  }
}
