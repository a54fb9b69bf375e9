import { realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { quote } from '../errors.js'
import { type KnownDirectory, loadSkill } from './load.js'
import { readEntries } from './resources.js'
import { isInside } from './safe-file.js'
import type { Diagnostic, SkillInfo } from './skill-info.js'

/** Where a project keeps skills, in order of precedence, relative to its root. */
export const projectSkillDirectories: readonly string[] = [
  '.skilllite/skills',
  '.agents/skills',
  '.claude/skills',
  'skills',
  '.skills',
]

/** Where a user keeps skills, in order of precedence, relative to the home directory. */
export const userSkillDirectories: readonly string[] = ['.agents/skills', '.claude/skills']

const maxDepth = 6
const maxDirectories = 2_000
const maxKeptEntries = 100
const skipped = new Set(['.git', 'node_modules'])

/** Where to look for skills. A scope that is not given is not searched. */
export interface DiscoverOptions {
  /** Skill directories, or directories of skills, named by the host. They come before all others. */
  readonly paths?: readonly string[]
  /** Root of a project; its {@link projectSkillDirectories} are searched. */
  readonly projectDirectory?: string
  /** Home of the user; its {@link userSkillDirectories} are searched. */
  readonly homeDirectory?: string
}

/** A skill that is not used because one found before it has the same name. */
export interface ShadowedSkill {
  readonly skill: SkillInfo
  readonly by: SkillInfo
}

/** Everything found, in order of precedence. */
export interface DiscoverResult {
  readonly skills: readonly SkillInfo[]
  readonly shadowed: readonly ShadowedSkill[]
  /** Of the search and of every skill found, also of those that could not be loaded. */
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Finds and loads skills. One bad skill never hides another. A directory with a `SKILL.md` is a skill and is not searched
 * further; elsewhere the search goes 6 levels and 2,000 directories wide, nearest first, and says when it stopped.
 */
export function discoverSkills(options: DiscoverOptions): DiscoverResult {
  const skills = new Map<string, SkillInfo>()
  const seen = new Set<string>()
  const shadowed: ShadowedSkill[] = []
  const own: Diagnostic[] = []
  const loaded: { readonly diagnostics: readonly Diagnostic[] }[] = []
  for (const root of rootsOf(options, own)) {
    for (const found of findSkillDirectories(root, own)) {
      if (seen.has(found.real)) continue
      seen.add(found.real)
      const result = loadSkill(found.path, root.scope, found)
      loaded.push(result)
      const { skill } = result
      if (!skill) continue
      const by = skills.get(skill.name)
      if (by) {
        shadowed.push({ skill, by })
        own.push(shadowing(skill, by))
      } else {
        skills.set(skill.name, skill)
      }
    }
  }
  return {
    skills: [...skills.values()],
    shadowed,
    // Looked up when asked for: diagnostics about a skill's files cost a walk through them.
    get diagnostics() {
      return [...own, ...loaded.flatMap((result) => result.diagnostics)]
    },
  }
}

interface Root {
  readonly path: string
  /** Real path that symbolic links may not leave. */
  readonly boundary: string
  readonly scope: SkillInfo['scope']
}

function rootsOf(options: DiscoverOptions, diagnostics: Diagnostic[]): Root[] {
  const roots: Root[] = []
  for (const given of options.paths ?? []) {
    const path = resolve(given)
    const directory = basename(path).toLowerCase() === 'skill.md' ? dirname(path) : path
    const boundary = realDirectory(directory)
    if (boundary) {
      roots.push({ path: directory, boundary, scope: 'host' })
    } else {
      const message = `The skills directory ${quote(given)} does not exist or is not a directory`
      const hint = 'Correct the path, or create the directory.'
      diagnostics.push({ code: 'path-missing', severity: 'error', message, hint, path })
    }
  }
  const addDefaults = (base: string | undefined, names: readonly string[], scope: Root['scope']): void => {
    const boundary = base === undefined ? undefined : realDirectory(base)
    if (!boundary) return
    for (const name of names) {
      const path = join(boundary, name)
      const real = realDirectory(path)
      if (!real) continue
      if (isInside(boundary, real)) roots.push({ path, boundary, scope })
      else diagnostics.push(outsideScope(path, boundary))
    }
  }
  addDefaults(options.projectDirectory, projectSkillDirectories, 'project')
  addDefaults(options.homeDirectory, userSkillDirectories, 'user')
  return roots
}

/** A skill directory as it was found, so that loading the skill need not look again. */
interface FoundDirectory extends KnownDirectory {
  readonly path: string
}

/** Breadth first, so that a bound cuts off what is far away, not what comes late in the alphabet. */
function findSkillDirectories(root: Root, diagnostics: Diagnostic[]): FoundDirectory[] {
  const found: FoundDirectory[] = []
  const warn = (code: string, message: string, path: string): void => {
    diagnostics.push({ code, severity: 'warning', message, path })
  }
  const visited = new Set<string>()
  const queue = [{ path: root.path, real: realDirectory(root.path) ?? root.path, depth: 0 }]
  let tooDeep = false
  for (let at = 0; at < queue.length; at++) {
    const folder = queue[at]
    if (!folder || visited.has(folder.real)) continue
    if (visited.size === maxDirectories) {
      warn('discovery-limit', `The search stopped after ${maxDirectories} directories`, root.path)
      break
    }
    visited.add(folder.real)
    const entries = readEntries(folder.path, warn)
    if (entries.some((entry) => entry.name === 'SKILL.md' || entry.name === 'skill.md')) {
      // So many that they are not worth keeping are read again when they are asked for.
      found.push({
        path: folder.path,
        real: folder.real,
        ...(entries.length <= maxKeptEntries && { entries }),
      })
      continue
    }
    for (const entry of entries) {
      if (skipped.has(entry.name)) continue
      const path = join(folder.path, entry.name)
      let real = join(folder.real, entry.name)
      if (entry.isSymbolicLink()) {
        const target = realDirectory(path)
        if (!target) continue
        if (!isInside(root.boundary, target)) {
          diagnostics.push(outsideScope(path, root.boundary))
          continue
        }
        real = target
      } else if (!entry.isDirectory()) {
        continue
      }
      if (folder.depth < maxDepth) queue.push({ path, real, depth: folder.depth + 1 })
      else tooDeep = true
    }
  }
  if (tooDeep) {
    warn(
      'discovery-depth-limit',
      `Directories more than ${maxDepth} levels deep were not searched`,
      root.path,
    )
  }
  return found
}

function shadowing(skill: SkillInfo, by: SkillInfo): Diagnostic {
  return {
    code: 'skill-shadowed',
    severity: 'warning',
    message: `The ${skill.scope} skill ${quote(skill.name)} is not used: the ${by.scope} skill at ${quote(by.directory, 400)} has that name`,
    hint: 'Rename or remove one of the two.',
    path: skill.file,
  }
}

function outsideScope(path: string, boundary: string): Diagnostic {
  return {
    code: 'link-outside-scope',
    severity: 'warning',
    message: `A symbolic link that leads out of ${quote(boundary, 400)} was not followed`,
    hint: 'Put the skill itself there, or name its directory to the host.',
    path,
  }
}

function realDirectory(path: string): string | undefined {
  try {
    const real = realpathSync.native(path)
    return statSync(real).isDirectory() ? real : undefined
  } catch {
    return undefined
  }
}
