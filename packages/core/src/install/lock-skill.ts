import { SkillLiteError } from '../errors.js'
import { declaredDependencies } from '../runtime/dependencies/declared-dependencies.js'
import type { DependencyOptions } from '../runtime/dependencies/dependency-options.js'
import type { SkillInfo } from '../skill/skill-info.js'
import { type BuildOptions, buildEnvironment } from './build-environment.js'
import { environmentRequest, platformName, seriesOf } from './environment-request.js'
import { noStore, openStore } from './environment-store.js'
import { type LockEntry, writeLock } from './lock-file.js'

/** How `SkillManager.lock` is watched and stopped. */
export type LockRunOptions = Omit<BuildOptions, 'fresh'>

interface LockOptions extends LockRunOptions, Pick<DependencyOptions, 'allowSourceBuilds'> {
  readonly cwd: string
}

/** What was locked, and in which file. */
export interface LockedSkill {
  readonly file: string
  readonly entries: readonly LockEntry[]
}

/**
 * Finds the newest versions that fit what a skill's scripts declare, installs them, and records them with their hashes
 * in the project's lock. Throws `DEPENDENCY_INVALID` where the skill declares nothing.
 */
export async function lockSkill(skill: SkillInfo, options: LockOptions): Promise<LockedSkill> {
  const { cwd, allowSourceBuilds: sources = [], signal, onProgress } = options
  const store = openStore(process.env)
  if (store === undefined) throw noStore()
  const entries: LockEntry[] = []
  for (const script of skill.scripts.filter(({ runnable }) => runnable)) {
    const declared = await declaredDependencies(skill, script)
    if (declared === undefined || declared.requirements.length === 0) continue
    if (sources.length > 0) throw sourcesCannotBeLocked(sources)
    const asked = await environmentRequest(skill, script, declared, { cwd, sources })
    const request = { ...asked, lock: { kind: 'none' } as const }
    const { record } = await buildEnvironment(store, request, { signal, onProgress, fresh: true })
    entries.push({
      skill: skill.name,
      script: script.path,
      language: declared.language,
      requirements: declared.requirements,
      interpreter: seriesOf(request.interpreter),
      platform: platformName,
      pins: record.pins,
      ...(record.lockFile === undefined ? {} : { lockFile: record.lockFile }),
    })
  }
  if (entries.length > 0) return { file: writeLock(cwd, entries), entries }
  throw new SkillLiteError(
    'DEPENDENCY_INVALID',
    `${skill.name} declares no packages that could be locked`,
    'Declare them in a script block, requirements.txt, pyproject.toml, package.json or the Runtime block of SKILL.md.',
  )
}

function sourcesCannotBeLocked(sources: readonly string[]): SkillLiteError {
  return new SkillLiteError(
    'DEPENDENCY_INVALID',
    `${sources.join(', ')} would be built from source, and what is built has another hash each time`,
    'Lock packages that come as wheels.',
  )
}
