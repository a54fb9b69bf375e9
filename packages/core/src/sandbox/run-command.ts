import type { ChooseUpstream } from '../network/upstream-proxy.js'
import type { SandboxPolicy } from '../policy/sandbox-policy.js'
import { grantPrograms, mergePrograms, type Programs } from '../runtime/programs.js'
import type { RuntimeMount } from '../runtime/runtime-mount.js'
import { openArtifactDirectory } from './artifact-directory.js'
import { type Backend, backendCandidates } from './backend.js'
import { cancelledOutcome } from './cancelled-outcome.js'
import { completeRun } from './complete-run.js'
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
  readonly explain?: (outcome: LaunchOutcome) => Promise<string | undefined>
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
    const outcome = await launch(run, artifacts.real)
    const hint = await run.explain?.(outcome)
    return completeRun(outcome, policy, artifacts.path, hint)
  } finally {
    artifacts.close()
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
  const { policy, skillName, command, mounts } = run
  return { policy, skillName, command, mounts, programs, host: hostFacts(), collectInto }
}
