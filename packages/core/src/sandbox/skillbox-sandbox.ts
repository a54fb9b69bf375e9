import { quote, SkillLiteError } from '../errors.js'
import { cancelledOutcome } from './cancelled-outcome.js'
import type { LaunchOutcome, LaunchStreams, Sandbox } from './launch.js'
import { OutputBuffer } from './output-buffer.js'
import { protocolError, readReport } from './read-report.js'
import { relayProcess } from './relay-process.js'
import type { SandboxSpec } from './spec.js'

const MAX_REPORT_BYTES = 8 * 1024 * 1024
/** What `skillbox` may take beyond the script's own time before it counts as stuck. */
const GRACE_MS = 15_000

/** Runs a spec in the native sandbox. All limits are enforced there; here only the relay is bounded. */
export class SkillboxSandbox implements Sandbox<SandboxSpec> {
  constructor(private readonly binary: string) {}

  async launch(spec: SandboxSpec, streams: LaunchStreams): Promise<LaunchOutcome> {
    const stdout = new OutputBuffer(spec.limits.stdoutBytes, streams.onStdout)
    const stderr = new OutputBuffer(spec.limits.stderrBytes, streams.onStderr)
    const report = new OutputBuffer(MAX_REPORT_BYTES, undefined)
    const seen = await this.relay(spec, streams, { stdout, stderr, report })
    if (report.truncated) throw protocolError(`a report of more than ${MAX_REPORT_BYTES} bytes`)
    const text = report.text()
    // It had not come so far as to hear signals.
    if (text === '' && seen === 'SIGTERM' && streams.signal?.aborted === true)
      return { ...cancelledOutcome(spec.backend), stderr: stderr.text() }
    if (text === '') {
      const said = stderr.text().trim()
      throw protocolError(
        `no report and ended with ${seen}${said === '' ? '' : `, saying ${quote(said, 300)}`}`,
      )
    }
    const { version: _version, ...rest } = readReport(text)
    const { end } = rest
    if (end.kind === 'setup-failed') {
      throw new SkillLiteError(
        'SANDBOX_SETUP_FAILED',
        `The sandbox could not be set up: ${end.layer}: ${end.message}${end.errno === '' ? '' : ` (${end.errno})`}`,
        end.hint === '' ? 'Run: skilllite doctor' : end.hint,
      )
    }
    const cut = end.kind === 'output' ? end.stream : undefined
    return {
      ...rest,
      stdout: stdout.text(),
      stderr: stderr.text(),
      truncated: {
        stdout: stdout.truncated || cut === 'stdout',
        stderr: stderr.truncated || cut === 'stderr',
      },
    }
  }

  /** Feeds and drains the process until it and all its pipes have ended; tells how it ended. */
  private async relay(spec: SandboxSpec, streams: LaunchStreams, into: Buffers): Promise<string> {
    let overdue = false
    const { ended } = relayProcess({
      program: this.binary,
      args: ['exec'],
      // Nothing of the host's environment is its business.
      env: {},
      cwd: '/',
      ends: 'process',
      input: { 0: streams.stdin, 3: JSON.stringify(spec) },
      output: {
        1: (chunk) => into.stdout.add(chunk),
        2: (chunk) => into.stderr.add(chunk),
        4: (chunk) => into.report.add(chunk),
      },
      signal: streams.signal,
      timeoutMs: spec.limits.wallMs + GRACE_MS,
      onStop: (why) => {
        overdue ||= why === 'overdue'
      },
      startFailure: (error) => startFailure(this.binary, error),
    })
    const { code, signal } = await ended
    if (overdue) throw protocolError(`no end ${GRACE_MS} ms after the time limit of ${spec.limits.wallMs} ms`)
    return signal ?? `status ${code}`
  }
}

interface Buffers {
  readonly stdout: OutputBuffer
  readonly stderr: OutputBuffer
  readonly report: OutputBuffer
}

function startFailure(binary: string, error: Error): SkillLiteError {
  const full = 'code' in error && (error.code === 'EMFILE' || error.code === 'ENFILE')
  return new SkillLiteError(
    'SANDBOX_UNAVAILABLE',
    `The sandbox binary ${binary} could not be started: ${error.message}`,
    full
      ? 'This process has too many files open: close some, raise `ulimit -n`, or lower `concurrency`.'
      : 'Run: skilllite doctor',
    { cause: error },
  )
}
