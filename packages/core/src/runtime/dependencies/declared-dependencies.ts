import { statSync } from 'node:fs'
import path from 'node:path'
import type { SkillInfo, SkillScript } from '../../skill/skill-info.js'
import type { NodeDependencies } from './node-dependencies.js'
import type { PythonDependencies } from './python-dependencies.js'
import { skillText } from './skill-text.js'

export type DeclaredDependencies = PythonDependencies | NodeDependencies

/** Where a block may stand. */
const MAX_SCRIPT_BYTES = 1024 * 1024

/** What a script declares that it needs; nothing where it declares nothing. Throws `DEPENDENCY_INVALID`. */
export async function declaredDependencies(
  skill: SkillInfo,
  script: SkillScript,
): Promise<DeclaredDependencies | undefined> {
  // Most scripts declare nothing, and then the code that reads declarations need not be loaded.
  if (!mayDeclare(skill, script)) return undefined
  if (script.language === 'python') {
    const { pythonDependencies } = await import('./python-dependencies.js')
    return pythonDependencies(skill, script)
  }
  const { nodeDependencies } = await import('./node-dependencies.js')
  return nodeDependencies(skill, script)
}

function mayDeclare({ directory, runtime }: SkillInfo, { language, path: file }: SkillScript): boolean {
  if (language === 'shell') return false
  if ((runtime.dependencies?.length ?? 0) > 0) return true
  if (language === 'node') return isAbove(directory, file, ['package.json'])
  return (
    /\d/.test(runtime.language ?? '') ||
    isAbove(directory, file, ['requirements.txt', 'pyproject.toml']) ||
    skillText(directory, file, MAX_SCRIPT_BYTES)?.includes('# /// script') === true
  )
}

function isAbove(directory: string, file: string, names: readonly string[]): boolean {
  for (let at = path.dirname(file); ; at = path.dirname(at)) {
    const place = path.join(directory, at)
    if (names.some((name) => statSync(`${place}/${name}`, { throwIfNoEntry: false }) !== undefined))
      return true
    if (at === '.') return false
  }
}
