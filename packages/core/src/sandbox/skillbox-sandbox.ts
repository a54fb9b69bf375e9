import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { quote, SkillLiteError } from '../errors.js'
import type { LaunchOutcome, LaunchStreams, SpecSandbox } from './launch.js'
import { OutputBuffer } from './output-buffer.js'
import { protocolError, readReport } from './read-report.js'
import type { SandboxSpec } from './spec.js'

const MAX_REPORT_BYTES = 8 * 1024 * 1024
/** What `skillbox` may take beyond the script's own time before it counts as stuck. */
const GRACE_MS = 15_000

/** Runs a spec in the native sandbox. All limits are enforced there; here only the relay is bounded. */
export class SkillboxSandbox implements SpecSandbox {
  constructor(private readonly binary: string) {}

  async launch(spec: SandboxSpec, streams: LaunchStreams): Promise<LaunchOutcome> {
    const stdout = new OutputBuffer(spec.limits.stdoutBytes, streams.onStdout)
    const stderr = new OutputBuffer(spec.limits.stderrBytes, streams.onStderr)
    const report = new OutputBuffer(MAX_REPORT_BYTES, undefined)
    const seen = await this.relay(spec, streams, { stdout, stderr, report })
    if (report.truncated) throw protocolError(`a report of more than ${MAX_REPORT_BYTES} bytes`)
    const text = report.text()
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
  private relay(spec: SandboxSpec, streams: LaunchStreams, into: Buffers): Promise<string> {
    const child = spawn(this.binary, ['exec'], {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
      // Nothing of the host's environment is its business.
      env: {},
      cwd: '/',
    })
    return new Promise((resolve, reject) => {
      let failure: unknown
      const stop = (): void => void child.kill('SIGTERM')
      const give = (buffer: OutputBuffer) => (chunk: Buffer) => {
        try {
          buffer.add(chunk)
        } catch (error) {
          // The caller's listener threw; the run is of no use to it any more.
          failure ??= error
          stop()
        }
      }
      ;(child.stdout as Readable).on('data', give(into.stdout))
      ;(child.stderr as Readable).on('data', give(into.stderr))
      ;(child.stdio[4] as Readable).on('data', give(into.report))
      send(child.stdio[3] as Writable, JSON.stringify(spec))
      send(child.stdin as Writable, streams.stdin)

      const overdue = setTimeout(() => {
        failure ??= protocolError(`no end ${GRACE_MS} ms after the time limit of ${spec.limits.wallMs} ms`)
        child.kill('SIGKILL')
      }, spec.limits.wallMs + GRACE_MS)
      streams.signal?.addEventListener('abort', stop)
      if (streams.signal?.aborted === true) stop()

      child.on('error', (error) => {
        failure ??= startFailure(child, this.binary, error)
        if (child.pid === undefined) finish('nothing')
      })
      child.on('close', (code, signal) => finish(signal ?? `status ${code}`))
      const finish = (ending: string): void => {
        clearTimeout(overdue)
        streams.signal?.removeEventListener('abort', stop)
        if (failure === undefined) resolve(ending)
        else reject(failure)
      }
    })
  }
}

interface Buffers {
  readonly stdout: OutputBuffer
  readonly stderr: OutputBuffer
  readonly report: OutputBuffer
}

/** Writes all and closes. The other side may end without reading it, which is no fault. */
function send(stream: Writable, data: string | Uint8Array): void {
  stream.on('error', () => {})
  stream.end(data)
}

function startFailure(child: ChildProcess, binary: string, error: Error): unknown {
  if (child.pid !== undefined) return error
  return new SkillLiteError(
    'SANDBOX_UNAVAILABLE',
    `The sandbox binary ${binary} could not be started: ${error.message}`,
    'Run: skilllite doctor',
    { cause: error },
  )
}
