import { SkillLiteError } from '../errors.js'
import type { DeclaredDependencies } from '../runtime/dependencies/declared-dependencies.js'
import type { DependencyOptions, InstallProgress } from '../runtime/dependencies/dependency-options.js'
import type { Interpreter } from '../runtime/interpreter.js'
import type { SkillInfo, SkillScript } from '../skill/skill-info.js'
import { type EnvironmentRequest, environmentRequest, findEnvironment } from './environment-request.js'
import { type Environment, type EnvironmentStore, noStore, openStore } from './environment-store.js'
import { pythonIn } from './python-layout.js'

export interface ScriptPackagesOptions extends DependencyOptions {
  readonly cwd: string
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: InstallProgress) => void) | undefined
}

/** With what a script that declares something runs. */
export type ScriptPackages =
  | {
      readonly kind: 'ready'
      readonly interpreter: Interpreter
      /** Nothing where no packages are needed, or none were installed. */
      readonly environment?: Environment
    }
  | { readonly kind: 'refused'; readonly reason: string }

/**
 * Finds the interpreter of a script, and its packages where they are installed; installs them where the host has said
 * so. Throws `INTERPRETER_MISSING`, `DEPENDENCY_INSTALL_FAILED`, `DEPENDENCY_LOCK_INVALID`.
 */
export async function scriptPackages(
  skill: SkillInfo,
  script: SkillScript,
  declared: DeclaredDependencies,
  options: ScriptPackagesOptions,
): Promise<ScriptPackages> {
  const sources = options.allowSourceBuilds ?? []
  const request = await environmentRequest(skill, script, declared, { cwd: options.cwd, sources })
  const plain: ScriptPackages = { kind: 'ready', interpreter: request.interpreter }
  if (declared.requirements.length === 0) return plain
  const store = openStore(process.env)
  const built = store === undefined ? undefined : findEnvironment(store, request)
  if (store !== undefined && built !== undefined) return using(store, request, built)
  const mode = modeOf(options)
  if (mode === 'deny') return plain
  if (mode === 'ask' && request.lock.kind === 'none') {
    const { isAlreadyThere } = await import('./already-there.js')
    if (isAlreadyThere(skill, script.path, declared, request.interpreter)) return plain
  }
  if (mode === 'ask' && !(await isConfirmed(request, options))) {
    const reason = `${skill.name} needs packages that are not installed, and installing them was not agreed to: ${declared.requirements.join(', ')}`
    return { kind: 'refused', reason }
  }
  if (store === undefined) throw noStore()
  try {
    const { buildEnvironment } = await import('./build-environment.js')
    return using(store, request, await buildEnvironment(store, request, options))
  } catch (error) {
    // The run itself then tells that it was cancelled.
    if (options.signal?.aborted === true) return plain
    throw error
  }
}

function using(
  store: EnvironmentStore,
  { interpreter }: EnvironmentRequest,
  environment: Environment,
): ScriptPackages {
  store.noteUse(environment)
  return {
    kind: 'ready',
    interpreter: interpreter.name === 'python3' ? pythonIn(environment.tree, interpreter) : interpreter,
    environment,
  }
}

async function isConfirmed(
  { skill, declared, lock }: EnvironmentRequest,
  { confirmInstall }: DependencyOptions,
): Promise<boolean> {
  const { requirements, places } = declared
  return (await confirmInstall?.({ skill, requirements, places, locked: lock.kind === 'locked' })) === true
}

function modeOf({ dependencies: mode, confirmInstall }: DependencyOptions): 'deny' | 'ask' | 'allow' {
  if (mode === undefined) return confirmInstall === undefined ? 'deny' : 'ask'
  if (mode === 'deny' || mode === 'ask' || mode === 'allow') return mode
  throw new SkillLiteError(
    'OPTION_INVALID',
    `dependencies must be 'deny', 'ask' or 'allow', got ${JSON.stringify(mode)}`,
    "Leave it out for 'deny'.",
  )
}
