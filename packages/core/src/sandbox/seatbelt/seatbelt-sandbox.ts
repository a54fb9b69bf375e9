import { realpathSync, statSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { constants } from 'node:os'
import path from 'node:path'
import { SkillLiteError } from '../../errors.js'
import type { PolicyLimits } from '../../policy/sandbox-policy.js'
import { collectOutput } from '../collect-output.js'
import type { LaunchOutcome, LaunchPlan, LaunchStreams, Sandbox } from '../launch.js'
import { openPrivateDirectory } from '../private-directory.js'
import type { RunEnd } from '../report.js'
import { type HostOutcome, runOnHost } from '../run-on-host.js'
import { scriptEnvironment } from '../script-environment.js'
import { type HostPath, seatbeltAccess } from './access.js'
import { trySeatbelt } from './examine-seatbelt.js'
import { type SeatbeltProfile, seatbeltProfile } from './profile.js'
import { SANDBOX_EXEC } from './sandbox-exec.js'
import { watchGroup } from './watch-group.js'

const LAYERS: LaunchOutcome['layers'] = { seatbelt: true, rlimits: true, watchdog: true }

/**
 * Node cannot set limits on a process, and sandbox-exec does not. So a shell does, before the sandbox begins: its text
 * is this line, all else are arguments that it hands on, and it becomes the sandbox without a process more. Lowering a
 * limit cannot fail; where raising one does, a lower one is in force already.
 */
const WITH_LIMITS =
  '{ ulimit -c 0; ulimit -t "$1"; ulimit -n "$2"; ulimit -f "$3"; } 2>/dev/null; shift 3; exec "$@"'

/** macOS: a profile made for the run, applied by `sandbox-exec`. Not yet run on a Mac by us. */
export class SeatbeltSandbox implements Sandbox {
  constructor(private readonly sandboxExec: string = SANDBOX_EXEC) {}

  async launch(plan: LaunchPlan, streams: LaunchStreams): Promise<LaunchOutcome> {
    const { policy, programs } = plan
    const own = await openPrivateDirectory()
    try {
      const access = seatbeltAccess(plan, own, lookup)
      const env = scriptEnvironment(plan, {
        path: [...new Set([...programs.exec.map((entry) => path.dirname(entry)), '/usr/bin', '/bin'])].join(
          ':',
        ),
        home: own.home,
        temp: own.temp,
        output: own.output,
        timeZone: plan.host.timeZone,
      })
      const command = this.commandLine(seatbeltProfile(access), plan.command, policy.limits)
      const cwd = lookup(policy.skillDirectory)?.real ?? policy.skillDirectory
      const { limits } = policy
      const outcome = await runOnHost({ command, cwd, env, limits }, streams, (pid, onHit) =>
        watchGroup(pid, limits, onHit),
      )
      await this.checkItBegan(outcome)
      // The profile knows the directory by its name: under another, nothing that may be left can change it any more.
      const collected = path.join(own.path, 'collected')
      await rename(own.output, collected)
      return {
        ...outcome,
        ...(await collectOutput(collected, plan.collectInto, policy.limits.outputBytes)),
        end: seenEnd(outcome.end, policy.limits),
        backend: 'seatbelt',
        layers: LAYERS,
        violations: [],
      }
    } finally {
      await own.close()
    }
  }

  private commandLine(
    { text, parameters }: SeatbeltProfile,
    command: readonly string[],
    limits: PolicyLimits,
  ): readonly string[] {
    const seconds = Math.ceil(limits.cpuMs / 1000)
    const blocks = Math.ceil(Math.max(limits.tempBytes, limits.outputBytes) / 512)
    return [
      ...['/bin/sh', '-c', WITH_LIMITS, 'sh'],
      ...[seconds, limits.files, blocks].map(String),
      ...[this.sandboxExec, '-p', text],
      ...parameters.flatMap(([name, value]) => ['-D', `${name}=${value}`]),
      '--',
      ...command,
    ]
  }

  /** What sandbox-exec says about itself looks like what a script says. So where it may have failed, it is tried. */
  private async checkItBegan({ end, stderr }: HostOutcome): Promise<void> {
    const suspicious =
      end.kind === 'exited' && end.code !== 0 && /^(sh|sandbox-exec|\/bin\/sh): /.test(stderr)
    if (!suspicious) return
    const problem = await trySeatbelt(this.sandboxExec)
    if (problem === undefined) return
    throw new SkillLiteError(
      'SANDBOX_SETUP_FAILED',
      `The sandbox could not be set up: seatbelt: ${problem.reason}`,
      problem.fix,
    )
  }
}

function seenEnd(end: RunEnd, { cpuMs }: PolicyLimits): RunEnd {
  const cpuOver = end.kind === 'signalled' && end.signal === constants.signals.SIGXCPU
  return cpuOver ? { kind: 'cpu', limitMs: cpuMs, usedMs: cpuMs } : end
}

function lookup(entry: string): HostPath | undefined {
  try {
    // The native one, which also spells a name as the file system does where case does not matter.
    const real = realpathSync.native(entry)
    return { real, kind: statSync(real).isDirectory() ? 'directory' : 'file' }
  } catch {
    return undefined
  }
}
