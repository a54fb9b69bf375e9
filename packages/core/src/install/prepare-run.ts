import { SkillLiteError } from '../errors.js'
import {
  type DeclaredDependencies,
  declaredDependencies,
} from '../runtime/dependencies/declared-dependencies.js'
import type { DependencyOptions, InstallProgress } from '../runtime/dependencies/dependency-options.js'
import type { Interpreter } from '../runtime/interpreter.js'
import type { Programs } from '../runtime/programs.js'
import type { RuntimeMount } from '../runtime/runtime-mount.js'
import { scriptRuntime } from '../runtime/script-runtime.js'
import type { RefusedRun } from '../sandbox/run-result.js'
import { type SkillSnapshot, takeSnapshot } from '../sandbox/skill-snapshot.js'
import type { SkillInfo, SkillScript } from '../skill/skill-info.js'

export interface PrepareOptions extends DependencyOptions {
  readonly cwd?: string
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: InstallProgress) => void
}

/** All that is needed to run one script. */
export interface PreparedRun {
  /** The skill where it runs: its private copy, where it has one. */
  readonly skill: SkillInfo
  /** The interpreter, its options and the script, to which arguments are added. */
  readonly command: readonly string[]
  readonly mounts: readonly RuntimeMount[]
  /** Programs that belong to the script's language. */
  readonly programs: Programs
  /** Whether the packages that it declares are there. */
  readonly installed: boolean
}

/**
 * Finds the interpreter of a script and its packages; installs them where the host has said so. The result is a refusal
 * where somebody was asked and said no.
 */
export async function prepareRun(
  skill: SkillInfo,
  script: SkillScript,
  snapshot: SkillSnapshot | undefined,
  options: PrepareOptions,
): Promise<PreparedRun | RefusedRun> {
  const copy = snapshot === undefined ? skill : withDirectory(skill, snapshot.directory)
  const declared = await usableDependencies(copy, script, options)
  if (declared === undefined) return ready(copy, script, undefined, [], false)
  const { scriptPackages } = await import('./script-packages.js')
  const packages = await scriptPackages(skill, script, declared, {
    ...options,
    cwd: options.cwd ?? process.cwd(),
  })
  if (packages.kind === 'refused') return { status: 'refused', reason: packages.reason }
  const { interpreter, environment } = packages
  if (environment === undefined || declared.language === 'python') {
    return ready(copy, script, interpreter, [], environment !== undefined)
  }
  const { linkNodeModules } = await import('./link-node-modules.js')
  // Node finds packages only above a script, where nothing is written for the original.
  const place = snapshot === undefined ? withDirectory(skill, takeSnapshot(skill.directory).directory) : copy
  return ready(place, script, interpreter, linkNodeModules(place.directory, environment), true)
}

/** Where nothing is to be installed, what cannot be installed is no reason not to run. */
async function usableDependencies(
  skill: SkillInfo,
  script: SkillScript,
  { dependencies = 'deny' }: DependencyOptions,
): Promise<DeclaredDependencies | undefined> {
  try {
    return await declaredDependencies(skill, script)
  } catch (error) {
    if (dependencies === 'deny' && SkillLiteError.is(error) && error.code === 'DEPENDENCY_INVALID')
      return undefined
    throw error
  }
}

async function ready(
  skill: SkillInfo,
  script: SkillScript,
  chosen: Interpreter | undefined,
  more: readonly RuntimeMount[],
  installed: boolean,
): Promise<PreparedRun> {
  const { interpreter, command, programs } = await scriptRuntime(skill, script, chosen)
  return { skill, command, mounts: [...interpreter.mounts, ...more], programs, installed }
}

/** The same skill where its private copy lies; what it looks up late is looked up only when asked for. */
function withDirectory(skill: SkillInfo, directory: string): SkillInfo {
  return Object.create(skill, { directory: { value: directory, enumerable: true } })
}
