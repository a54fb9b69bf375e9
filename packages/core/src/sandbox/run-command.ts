import type { ChooseUpstream } from '../network/upstream-proxy.js'
import type { SandboxPolicy } from '../policy/sandbox-policy.js'
import { grantPrograms, mergePrograms, type Programs } from '../runtime/programs.js'
import type { RuntimeMount } from '../runtime/runtime-mount.js'
import { decidingFile } from '../tools/deciding-file.js'
import { openArtifactDirectory } from './artifact-directory.js'
import { type Backend, backendCandidates } from './backend.js'
import { cancelledOutcome } from './cancelled-outcome.js'
import { completeRun } from './complete-run.js'
import { dropArtifacts } from './drop-artifacts.js'
import { launchWithFirst } from './first-usable.js'
import { hostFacts } from './host-facts.js'
import type { LaunchOutcome, LaunchPlan, LaunchStreams } from './launch.js'
import { openRunNetwork } from './run-network.js'
import type { CompletedRun } from './run-result.js'
import { sandboxOf } from './sandbox-of.js'

/** One command in a skill's sandbox. */
export interface CommandRun {
  readonly policy: SandboxPolicy
  readonly skillName: string
  /** Variables that the host grants, with their values. */
  readonly environment: Readonly<Record<string, string>>
  /** Those of them whose values are replaced in all that is told of the run. */
  readonly hidden: Readonly<Record<string, string>>
  readonly command: readonly string[]
  readonly mounts: readonly RuntimeMount[]
  /** Programs that the command needs, besides those that the policy grants. */
  readonly programs: Programs
  /** Without it, the strongest that works here. */
  readonly backend: Backend | undefined
  readonly streams: LaunchStreams
  /** The user's own proxy to granted hosts; without it, they are connected to directly. */
  readonly upstream?: ChooseUpstream
  /** Says what to do about a failure, where it can tell. */
  readonly explain?: (outcome: LaunchOutcome) => string | undefined | Promise<string | undefined>
}

/** Runs a command as its policy says: without isolation at level 1, else in a sandbox. */
export async function runCommand(run: CommandRun): Promise<CompletedRun> {
  const { policy, backend, streams } = run
  if (streams.signal?.aborted === true) {
    const wanted = policy.level === 1 ? 'none' : backendCandidates(backend)[0]
    return completeRun(cancelledOutcome(wanted), policy, policy.outputDirectory ?? '', undefined)
  }
  const artifacts = openArtifactDirectory(policy.outputDirectory)
  try {
    return await redacted(run, async (streams) => {
      const outcome = await launch({ ...run, streams }, artifacts.real)
      const completed = completeRun(outcome, policy, artifacts.path, await run.explain?.(outcome))
      return dropArtifacts(completed, decidingFile)
    })
  } finally {
    artifacts.close()
  }
}

/** Keeps the values of granted variables out of what a run says, and out of what is said of it. */
async function redacted(
  { hidden, streams }: CommandRun,
  start: (streams: LaunchStreams) => Promise<CompletedRun>,
): Promise<CompletedRun> {
  if (Object.keys(hidden).length === 0) return start(streams)
  const { redactionOf } = await import('./redaction.js')
  const redaction = redactionOf(hidden)
  if (redaction === undefined) return start(streams)
  const heard = redaction.streams(streams)
  try {
    const result = await start(heard.streams)
    heard.end()
    return redaction.result(result)
  } catch (error) {
    throw redaction.error(error)
  }
}

async function launch(run: CommandRun, collectInto: string): Promise<LaunchOutcome> {
  const { policy, backend, streams } = run
  if (policy.level === 1) {
    const { DirectSandbox } = await import('./direct-sandbox.js')
    return new DirectSandbox().launch(planOf(run, run.programs, collectInto), streams)
  }
  const programs = mergePrograms([run.programs, await grantPrograms(policy.programs)])
  const network = await openRunNetwork(policy, run.upstream)
  try {
    const access = network.access === undefined ? {} : { network: network.access }
    const plan = { ...planOf(run, programs, collectInto), ...access }
    const launchIn = async (chosen: Backend) => (await sandboxOf(chosen)).launch(plan, streams)
    return { ...(await launchWithFirst(backend, launchIn)), network: network.attempts() }
  } finally {
    await network.close()
  }
}

function planOf(run: CommandRun, programs: Programs, collectInto: string): LaunchPlan {
  const { policy, skillName, environment, command, mounts } = run
  return { policy, skillName, environment, command, mounts, programs, host: hostFacts(), collectInto }
}
