import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { SkillLiteError } from '../errors.js'
import type { DirectCommand, LaunchOutcome, LaunchStreams, Sandbox } from './launch.js'
import { listOutput } from './list-output.js'
import { OutputBuffer } from './output-buffer.js'
import type { RunEnd } from './report.js'

/** Time for pipes to close after the process has ended; one that left its group may hold them for ever. */
const DRAIN_MS = 500

/** Level 1: no isolation. Only the time limit and the output limits hold. */
export class DirectSandbox implements Sandbox<DirectCommand> {
  async launch(command: DirectCommand, streams: LaunchStreams): Promise<LaunchOutcome> {
    const before = await listOutput(command.outputDirectory)
    const started = performance.now()
    const stdout = new OutputBuffer(command.limits.stdoutBytes, streams.onStdout)
    const stderr = new OutputBuffer(command.limits.stderrBytes, streams.onStderr)
    const end = await run(command, streams, stdout, stderr)
    const after = await listOutput(command.outputDirectory)
    const known = new Map(before.files.map((file) => [file.path, file.changedMs]))
    return {
      backend: 'none',
      layers: {},
      end,
      usage: { wallMs: performance.now() - started, cpuMs: 0, peakMemoryBytes: 0, maxPids: 0 },
      violations: [],
      artifacts: after.files
        .filter((file) => known.get(file.path) !== file.changedMs)
        .map(({ path, bytes }) => ({ path, bytes })),
      leftOut: after.leftOut,
      stdout: stdout.text(),
      stderr: stderr.text(),
      truncated: { stdout: stdout.truncated, stderr: stderr.truncated },
    }
  }
}

function run(
  command: DirectCommand,
  streams: LaunchStreams,
  stdout: OutputBuffer,
  stderr: OutputBuffer,
): Promise<RunEnd> {
  const [program = '', ...args] = command.program
  const { limits } = command
  // A group of its own: a script may leave children that hold our pipes open.
  const child = spawn(program, args, { cwd: command.cwd, env: command.env, detached: true, stdio: 'pipe' })
  return new Promise((resolve, reject) => {
    let reason: RunEnd | undefined
    let failure: unknown
    const kill = (why?: RunEnd): void => {
      reason ??= why
      if (child.pid === undefined) return
      try {
        process.kill(-child.pid, 'SIGKILL')
      } catch {
        // the group is gone already
      }
    }
    const give =
      (stream: 'stdout' | 'stderr', buffer: OutputBuffer, limitBytes: number) => (chunk: Buffer) => {
        try {
          buffer.add(chunk)
        } catch (error) {
          failure ??= error
          kill()
        }
        if (buffer.truncated) kill({ kind: 'output', stream, limitBytes })
      }
    child.stdout.on('data', give('stdout', stdout, limits.stdoutBytes))
    child.stderr.on('data', give('stderr', stderr, limits.stderrBytes))
    child.stdin.on('error', () => {})
    child.stdin.end(streams.stdin)

    const timer = setTimeout(() => kill({ kind: 'time', limitMs: limits.wallMs }), limits.wallMs)
    const cancel = (): void => kill({ kind: 'cancelled' })
    streams.signal?.addEventListener('abort', cancel)
    if (streams.signal?.aborted === true) cancel()

    let drain: NodeJS.Timeout | undefined
    child.on('exit', () => {
      kill()
      drain = setTimeout(() => {
        child.stdout.destroy()
        child.stderr.destroy()
      }, DRAIN_MS)
    })
    child.on('error', (error) => {
      failure ??= startFailure(program, error)
      if (child.pid === undefined) finish(null, null)
    })
    child.on('close', (code, signal) => finish(code, signal))
    const finish = (code: number | null, signal: NodeJS.Signals | null): void => {
      clearTimeout(timer)
      clearTimeout(drain)
      streams.signal?.removeEventListener('abort', cancel)
      if (failure !== undefined) reject(failure)
      else resolve(reason ?? endOf(code, signal))
    }
  })
}

function endOf(code: number | null, signal: NodeJS.Signals | null): RunEnd {
  if (signal !== null) return { kind: 'signalled', signal: constants.signals[signal] }
  return { kind: 'exited', code: code ?? 0 }
}

function startFailure(program: string, error: Error): SkillLiteError {
  return new SkillLiteError(
    'INTERPRETER_MISSING',
    `${program} could not be started: ${error.message}`,
    'Check that it is installed and executable.',
    { cause: error },
  )
}
