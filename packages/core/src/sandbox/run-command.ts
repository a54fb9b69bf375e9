import path from 'node:path'
import type { SandboxPolicy } from '../policy/sandbox-policy.js'
import { grantPrograms, mergePrograms, type Programs } from '../runtime/programs.js'
import type { RuntimeMount } from '../runtime/runtime-mount.js'
import { openArtifactDirectory, openPrivateDirectory } from './artifact-directory.js'
import { compileSpec } from './compile-spec.js'
import { completeRun } from './complete-run.js'
import { DirectSandbox } from './direct-sandbox.js'
import { hostFacts } from './host-facts.js'
import type { LaunchOutcome, LaunchStreams } from './launch.js'
import type { CompletedRun } from './run-result.js'
import { scriptEnvironment } from './script-environment.js'
import { requireSkillbox } from './skillbox-binary.js'
import { SkillboxSandbox } from './skillbox-sandbox.js'
import type { SandboxSpec } from './spec.js'

/** One command in a skill's sandbox. */
export interface CommandRun {
  readonly policy: SandboxPolicy
  readonly skillName: string
  readonly command: readonly string[]
  readonly mounts: readonly RuntimeMount[]
  /** Programs that the command needs, besides those that the policy grants. */
  readonly programs: Programs
  readonly backend: SandboxSpec['backend']
  readonly streams: LaunchStreams
  /** Says what to do about a failure, where it can tell. */
  readonly explain?: (outcome: LaunchOutcome) => string | undefined
}

/** Runs a command as its policy says: without isolation at level 1, else in the native sandbox. */
export async function runCommand(run: CommandRun): Promise<CompletedRun> {
  const { policy } = run
  const artifacts = await openArtifactDirectory(policy.outputDirectory)
  try {
    const aborted = run.streams.signal?.aborted === true
    const outcome = aborted ? neverStarted(run) : await launch(run, artifacts.path)
    const hint = run.explain?.(outcome)
    return completeRun(outcome, policy, artifacts.path, hint)
  } finally {
    await artifacts.close()
  }
}

function launch(run: CommandRun, collectInto: string): Promise<LaunchOutcome> {
  return run.policy.level === 1 ? launchDirectly(run, collectInto) : launchConfined(run, collectInto)
}

async function launchConfined(run: CommandRun, collectInto: string): Promise<LaunchOutcome> {
  const sandbox = new SkillboxSandbox(requireSkillbox())
  const granted = await grantPrograms(run.policy.programs)
  const programs = mergePrograms([run.programs, granted])
  return sandbox.launch(compileSpec({ ...run, programs, host: hostFacts(), collectInto }), run.streams)
}

async function launchDirectly(run: CommandRun, outputDirectory: string): Promise<LaunchOutcome> {
  const own = await openPrivateDirectory()
  const env = scriptEnvironment(run.policy, run.skillName, {
    path: process.env.PATH ?? '/usr/bin:/bin',
    home: path.join(own.path, 'home'),
    temp: path.join(own.path, 'tmp'),
    output: outputDirectory,
    timeZone: hostFacts().timeZone,
  })
  const { skillDirectory: cwd, limits } = run.policy
  try {
    return await new DirectSandbox().launch(
      { program: run.command, cwd, env, limits, outputDirectory },
      run.streams,
    )
  } finally {
    await own.close()
  }
}

/** The outcome of a run that was cancelled while it waited. */
function neverStarted({ policy, backend }: CommandRun): LaunchOutcome {
  return {
    backend: policy.level === 1 ? 'none' : backend,
    layers: {},
    end: { kind: 'cancelled' },
    usage: { wallMs: 0, cpuMs: 0, peakMemoryBytes: 0, maxPids: 0 },
    violations: [],
    artifacts: [],
    leftOut: [],
    stdout: '',
    stderr: '',
    truncated: { stdout: false, stderr: false },
  }
}
