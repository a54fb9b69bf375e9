import { SkillLiteError } from '../errors.js'
import type { NetworkAttempt } from '../network/network-attempt.js'
import type { ChooseUpstream } from '../network/upstream-proxy.js'
import { DEFAULT_LIMITS } from '../policy/default-limits.js'
import type { SandboxPolicy } from '../policy/sandbox-policy.js'
import { NO_PROGRAMS, type Programs } from '../runtime/programs.js'
import type { RuntimeMount } from '../runtime/runtime-mount.js'
import { onAbort } from '../sandbox/on-abort.js'
import { runCommand } from '../sandbox/run-command.js'
import type { CompletedRun } from '../sandbox/run-result.js'
import type { BuildDirectory } from './build-directory.js'
import { DISK_LIMITS, watchDisk } from './disk-watch.js'
import { withoutSecrets } from './index-settings.js'

const MiB = 1024 * 1024

/** Large packages are gigabytes, and slow networks exist; a hostile one still comes to an end. */
const LIMITS = Object.freeze({
  ...DEFAULT_LIMITS,
  wallMs: 30 * 60_000,
  cpuMs: 30 * 60_000,
  memoryBytes: 2048 * MiB,
  pids: 256,
  files: 1024,
  // Also the largest single file.
  tempBytes: 4096 * MiB,
  stdoutBytes: 16 * MiB,
  stderrBytes: 16 * MiB,
  networkBytes: 16 * 1024 * MiB,
})

/** One step of an installation. */
export interface InstallerStep {
  readonly command: readonly string[]
  readonly mounts: readonly RuntimeMount[]
  readonly programs?: Programs
  readonly environment?: Readonly<Record<string, string>>
  readonly stdin?: string
  /** Host patterns; none: no network. */
  readonly hosts: readonly string[]
  readonly upstream?: ChooseUpstream | undefined
  /** Directories of the user's with packages. */
  readonly readPaths?: readonly string[]
}

/** What all steps of a build have in common. */
export interface InstallerContext {
  readonly build: BuildDirectory
  readonly signal: AbortSignal | undefined
  readonly onOutput: ((chunk: Uint8Array) => void) | undefined
}

/**
 * Runs a step in the sandbox: it sees its own program, reads the build's input, writes to its output, and reaches the
 * hosts that it is given; nothing else. Rejects where it takes too much of the disk.
 */
export async function runInstaller(step: InstallerStep, context: InstallerContext): Promise<CompletedRun> {
  const { build, signal, onOutput } = context
  const { environment = {} } = step
  const policy: SandboxPolicy = {
    level: 2,
    skillDirectory: build.input,
    programs: [],
    hosts: step.hosts,
    readPaths: step.readPaths ?? [],
    writePaths: [build.output],
    files: 'listed',
    environment: Object.keys(environment),
    limits: LIMITS,
  }
  const stopping = new AbortController()
  const stop = (): void => stopping.abort()
  if (signal?.aborted === true) stop()
  const forget = onAbort(signal, stop)
  let isFull = false
  const watch = watchDisk(build.output, DISK_LIMITS, () => {
    isFull = true
    stop()
  })
  const running = runCommand({
    policy,
    skillName: 'installer',
    environment,
    hidden: {},
    command: step.command,
    mounts: step.mounts,
    programs: step.programs ?? NO_PROGRAMS,
    backend: undefined,
    ...(step.upstream === undefined ? {} : { upstream: step.upstream }),
    streams: {
      stdin: step.stdin ?? '',
      signal: stopping.signal,
      ...(onOutput === undefined ? {} : { onStdout: onOutput, onStderr: onOutput }),
    },
  })
  const result = await running.finally(() => {
    watch.stop()
    forget()
  })
  if (isFull && result.end.kind === 'cancelled') throw diskFull(build.output)
  return result
}

function diskFull(directory: string): SkillLiteError {
  return new SkillLiteError(
    'DEPENDENCY_INSTALL_FAILED',
    `The installation was ended: it took more than 16 GiB, or all that is left, of the disk of ${directory}`,
    'Nothing was installed. Look at what the skill declares; make room, or set SKILLLITE_CACHE_DIR to another disk.',
  )
}

/** As {@link runInstaller}, for a step that must come to a good end. */
export async function mustRun(
  step: InstallerStep,
  context: InstallerContext,
  doing: string,
): Promise<CompletedRun> {
  const result = await runInstaller(step, context)
  if (result.end.kind === 'exited' && result.exitCode === 0) return result
  throw installFailure(result, doing)
}

/** What an installer said about its failure, in one sentence, and what may help. */
export function installFailure(result: CompletedRun, doing: string): SkillLiteError {
  const { end, network } = result
  const refused = network.filter(({ verdict }) => verdict !== 'allowed')
  const reason = end.kind === 'exited' ? lastWords(result) : `it was ended (${end.kind})`
  return new SkillLiteError(
    'DEPENDENCY_INSTALL_FAILED',
    `${doing} failed: ${reason}${refused.length === 0 ? '' : `; ${describeAttempts(refused)}`}`,
    hintFor(reason, refused),
  )
}

function lastWords({ stderr, stdout, exitCode }: CompletedRun): string {
  const lines = `${stdout}\n${stderr}`.split('\n').map((line) => line.trim())
  const errors = lines.filter((line) => /^(ERROR|error|npm (error|ERR!)|×|╰─▶|Caused by)/.test(line))
  const told = errors.filter((line) => !/A complete log of this run|^npm (error|ERR!)\s*$|^error$/.test(line))
  const words = (told.length > 0 ? told : lines.filter((line) => line !== '').slice(-2)).join(' ')
  const plain = withoutSecrets(words).replace(/[^\x20-\x7e]+/g, ' ')
  return plain === '' ? `exit status ${exitCode}` : plain.slice(0, 600)
}

const describeAttempts = (attempts: readonly NetworkAttempt[]): string =>
  attempts
    .slice(0, 3)
    .map(({ reason }) => reason)
    .join('; ')

function hintFor(reason: string, refused: readonly NetworkAttempt[]): string {
  if (refused.some(({ verdict }) => verdict === 'failed'))
    return 'Check that your package index can be reached.'
  if (refused.length > 0)
    return 'Only the hosts of your package index are reached; set the index that you mean.'
  if (/No matching distribution|no version of|No solution found|not satisf/i.test(reason)) {
    return 'Packages are installed from wheels only: where there is just a source for this Python, --allow-source NAME lets it be built, in the sandbox.'
  }
  return 'Nothing was installed.'
}
