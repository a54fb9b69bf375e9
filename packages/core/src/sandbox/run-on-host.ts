import { constants } from 'node:os'
import { SkillLiteError } from '../errors.js'
import type { PolicyLimits } from '../policy/sandbox-policy.js'
import type { LaunchOutcome, LaunchStreams } from './launch.js'
import { OutputBuffer } from './output-buffer.js'
import { type ProcessEnd, relayProcess } from './relay-process.js'
import type { RunEnd, Usage } from './report.js'

/** A process that the engine watches itself, where no `skillbox` does. */
export interface HostCommand {
  readonly command: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly limits: PolicyLimits
}

/** Watches a running process by its number; `onHit` ends it. */
export type Watch = (
  pid: number,
  onHit: (end: RunEnd) => void,
) => { readonly peak: Partial<Usage>; stop(): void }

export type HostOutcome = Pick<LaunchOutcome, 'end' | 'usage' | 'stdout' | 'stderr' | 'truncated'>

/** Runs a process with the limits that can be held from outside: time, and what it prints. */
export async function runOnHost(
  run: HostCommand,
  streams: LaunchStreams,
  watch?: Watch,
): Promise<HostOutcome> {
  const started = performance.now()
  const { limits } = run
  const [program = '', ...args] = run.command
  const stdout = new OutputBuffer(limits.stdoutBytes, streams.onStdout)
  const stderr = new OutputBuffer(limits.stderrBytes, streams.onStderr)
  let reason: RunEnd | undefined
  const hit = (end: RunEnd): void => {
    reason ??= end
    running.stop()
  }
  const keep = (stream: 'stdout' | 'stderr', buffer: OutputBuffer, limitBytes: number) => (chunk: Buffer) => {
    buffer.add(chunk)
    if (buffer.truncated) hit({ kind: 'output', stream, limitBytes })
  }
  const running = relayProcess({
    program,
    args,
    cwd: run.cwd,
    env: run.env,
    // A script may leave children that hold our pipes open.
    ends: 'group',
    input: { 0: streams.stdin },
    output: {
      1: keep('stdout', stdout, limits.stdoutBytes),
      2: keep('stderr', stderr, limits.stderrBytes),
    },
    signal: streams.signal,
    timeoutMs: limits.wallMs,
    onStop: (why) => {
      reason ??= why === 'overdue' ? { kind: 'time', limitMs: limits.wallMs } : { kind: 'cancelled' }
    },
    startFailure: (error) => startFailure(program, error),
  })
  const watched = running.pid === undefined ? undefined : watch?.(running.pid, hit)
  const ended = await running.ended.finally(() => watched?.stop())
  return {
    end: reason ?? endOf(ended),
    usage: {
      wallMs: performance.now() - started,
      cpuMs: 0,
      peakMemoryBytes: 0,
      maxPids: 0,
      ...watched?.peak,
    },
    stdout: stdout.text(),
    stderr: stderr.text(),
    truncated: { stdout: stdout.truncated, stderr: stderr.truncated },
  }
}

function endOf({ code, signal }: ProcessEnd): RunEnd {
  if (signal !== null) return { kind: 'signalled', signal: constants.signals[signal] }
  return { kind: 'exited', code: code ?? 0 }
}

function startFailure(program: string, error: Error): SkillLiteError {
  const tooLong = 'code' in error && error.code === 'E2BIG'
  return new SkillLiteError(
    tooLong ? 'ARGUMENTS_INVALID' : 'INTERPRETER_MISSING',
    `${program} could not be started: ${error.message}`,
    tooLong
      ? 'The arguments are longer than a command line may be: pass them on stdin.'
      : 'Check that it is installed and executable.',
    { cause: error },
  )
}
