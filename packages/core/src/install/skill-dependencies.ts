import { SkillLiteError } from '../errors.js'
import { declaredDependencies } from '../runtime/dependencies/declared-dependencies.js'
import type { DependencyOptions } from '../runtime/dependencies/dependency-options.js'
import type { SkillInfo, SkillScript } from '../skill/skill-info.js'
import { environmentRequest, findEnvironment } from './environment-request.js'
import { openStore } from './environment-store.js'

/** What one script of a skill declares that it needs. */
export interface ScriptDependencies {
  readonly script: string
  readonly language: 'python' | 'node'
  /** `pandas<4,>=2.0`, `left-pad@^1.3.0`. */
  readonly requirements: readonly string[]
  /** Version specifiers of the interpreter. */
  readonly interpreter: readonly string[]
  /** Where all of it is declared, in words. */
  readonly places: readonly string[]
  /** Whether the packages are installed, in the versions of the project's lock where there is one. */
  readonly installed: boolean
  readonly locked: boolean
  /** Why they could not be installed, where that is known already. */
  readonly problem?: string
}

/** What the runnable scripts of a skill declare; those that declare nothing are left out. */
export async function skillDependencies(
  skill: SkillInfo,
  options: Pick<DependencyOptions, 'allowSourceBuilds'> & { readonly cwd: string },
): Promise<readonly ScriptDependencies[]> {
  const all = await Promise.all(
    skill.scripts.filter(({ runnable }) => runnable).map((script) => describe(skill, script, options)),
  )
  return all.filter((entry) => entry !== undefined)
}

async function describe(
  skill: SkillInfo,
  script: SkillScript,
  { allowSourceBuilds = [], cwd }: Pick<DependencyOptions, 'allowSourceBuilds'> & { readonly cwd: string },
): Promise<ScriptDependencies | undefined> {
  const base = {
    script: script.path,
    language: script.language === 'node' ? ('node' as const) : ('python' as const),
  }
  let described: Omit<ScriptDependencies, 'installed' | 'locked'> = {
    ...base,
    requirements: [],
    interpreter: [],
    places: [],
  }
  try {
    const declared = await declaredDependencies(skill, script)
    if (declared === undefined) return undefined
    const { requirements, places } = declared
    const interpreter =
      declared.language === 'python' ? declared.requiresPython : [declared.requiresNode ?? ''].filter(Boolean)
    described = { ...base, requirements, interpreter, places }
    const request = await environmentRequest(skill, script, declared, { cwd, sources: allowSourceBuilds })
    const store = openStore(process.env)
    const found = store === undefined ? undefined : findEnvironment(store, request)
    return {
      ...described,
      installed: requirements.length === 0 || found !== undefined,
      locked: request.lock.kind === 'locked',
    }
  } catch (error) {
    if (!SkillLiteError.is(error)) throw error
    return { ...described, installed: false, locked: false, problem: error.message }
  }
}
