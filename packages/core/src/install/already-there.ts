import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import type { DeclaredDependencies } from '../runtime/dependencies/declared-dependencies.js'
import { normaliseName } from '../runtime/dependencies/requirement.js'
import type { Interpreter } from '../runtime/interpreter.js'
import { fitsPython } from '../runtime/version-range.js'
import type { SkillInfo } from '../skill/skill-info.js'

/**
 * Whether a script would find everything that it declares without an installation: in the packages of its interpreter,
 * or in a `node_modules` of the skill. Then there is nothing to ask about.
 */
export function isAlreadyThere(
  skill: SkillInfo,
  script: string,
  declared: DeclaredDependencies,
  interpreter: Interpreter,
): boolean {
  if (declared.language === 'node')
    return declared.requirements.every((entry) => hasNode(skill, script, entry))
  const versions = pythonPackages(interpreter)
  return declared.requirements.every((requirement) => {
    const [, name = '', specifier = '', marker] =
      /^([\w-]+)(?:\[[^\]]*\])?([^;]*)(;.*)?$/.exec(requirement) ?? []
    const version = versions.get(name)
    // Of a version that is no plain number nobody here can tell whether it fits; nor what a marker says.
    if (version === undefined) return marker !== undefined
    return specifier.trim() === '' || fitsPython(version, specifier)
  })
}

function hasNode({ directory }: SkillInfo, script: string, requirement: string): boolean {
  const name = requirement.slice(0, requirement.lastIndexOf('@'))
  for (let at = path.dirname(script); ; at = path.dirname(at)) {
    const place = path.join(directory, at, 'node_modules', name)
    if (statSync(place, { throwIfNoEntry: false })?.isDirectory() === true) return true
    if (at === '.') return false
  }
}

/** Versions by name, of what an interpreter imports from. */
function pythonPackages({ mounts, version = '' }: Interpreter): ReadonlyMap<string, string> {
  const series = `python${version.split('.').slice(0, 2).join('.')}`
  const places = mounts.flatMap(({ path: at }) =>
    /\/(site|dist)-packages$/.test(at) ? [at] : [path.join(at, 'lib', series, 'site-packages')],
  )
  const entries = places.flatMap(list).flatMap((name) => {
    const [, project, release] = /^([^-]+)-([^-]+)(?:-[^-]+)?\.(?:dist|egg)-info$/.exec(name) ?? []
    return project === undefined || release === undefined ? [] : [[normaliseName(project), release] as const]
  })
  return new Map(entries.reverse())
}

function list(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}
