import path from 'node:path'
import { quote } from '../../errors.js'
import type { SkillInfo, SkillScript } from '../../skill/skill-info.js'
import { invalidDependency } from './invalid-dependency.js'
import { directoriesUpwards } from './python-dependencies.js'
import { dependenciesOfSkill } from './skill-list.js'
import { skillText } from './skill-text.js'

/** What a Node script needs besides Node. */
export interface NodeDependencies {
  readonly language: 'node'
  /** `name@range`, sorted. */
  readonly requirements: readonly string[]
  /** The part of the skill's package.json that says what to install, and nothing that runs or leads elsewhere. */
  readonly manifest: Readonly<Record<string, unknown>>
  /** The skill's own lock file, where it has one. */
  readonly lockFile?: string
  /** Range of `engines.node`. */
  readonly requiresNode?: string
  readonly places: readonly string[]
}

const PACKAGE = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/i
const RANGE = /^[\w\s.*^~<>=|+-]{0,200}$/

/** What the package.json nearest to the script declares, else what SKILL.md does. Throws `DEPENDENCY_INVALID`. */
export function nodeDependencies(skill: SkillInfo, script: SkillScript): NodeDependencies | undefined {
  const [file] = directoriesUpwards(script.path, 'package.json', skill.directory)
  const manifest = file === undefined ? {} : readManifest(skill.directory, file)
  const ofSkill = dependenciesOfSkill(skill, 'node')
  const inSkill = 'the dependencies of SKILL.md'
  const own = file === undefined ? {} : packages(manifest.dependencies, file)
  const optional = file === undefined ? {} : packages(manifest.optionalDependencies, file)
  const fromSkill = Object.fromEntries(ofSkill.map((entry) => packageOf(entry, inSkill)))
  const dependencies = { ...fromSkill, ...own }
  if (Object.keys(dependencies).length === 0) return undefined
  const locked = file === undefined || ofSkill.length > 0 ? undefined : lockFileBeside(skill.directory, file)
  const { engines } = manifest
  const requiresNode = isRecord(engines) && typeof engines.node === 'string' ? engines.node : undefined
  return {
    language: 'node',
    requirements: Object.entries(dependencies)
      .map(([name, range]) => `${name}@${range}`)
      .sort(),
    manifest: {
      name: 'skill',
      version: '1.0.0',
      private: true,
      dependencies,
      ...(Object.keys(optional).length === 0 ? {} : { optionalDependencies: optional }),
      // npm compares these with the lock file, though they are not installed.
      ...(locked === undefined || file === undefined
        ? {}
        : { devDependencies: packages(manifest.devDependencies, file) }),
    },
    ...(locked === undefined ? {} : { lockFile: locked }),
    ...(requiresNode === undefined ? {} : { requiresNode }),
    places: [
      ...(file !== undefined && Object.keys(own).length > 0 ? [file] : []),
      ...(ofSkill.length > 0 ? [inSkill] : []),
    ],
  }
}

function readManifest(directory: string, file: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(skillText(directory, file) ?? '{}')
    if (isRecord(parsed)) return parsed
  } catch {
    // said below
  }
  throw invalidDependency(file, 'it is not a JSON object')
}

function lockFileBeside(directory: string, file: string): string | undefined {
  for (const name of ['npm-shrinkwrap.json', 'package-lock.json']) {
    const text = skillText(directory, path.posix.join(path.posix.dirname(file), name), 8 * 1024 * 1024)
    if (text !== undefined) return text
  }
  return undefined
}

function packages(given: unknown, place: string): Record<string, string> {
  if (given === undefined) return {}
  if (!isRecord(given)) throw invalidDependency(place, 'its dependencies are not an object')
  return Object.fromEntries(
    Object.entries(given).map(([name, range]) => [checkName(name, place), checkRange(name, range, place)]),
  )
}

/** `name`, `name@range`, `@scope/name@range`. */
function packageOf(entry: string, place: string): [string, string] {
  const at = entry.indexOf('@', 1)
  const name = at < 0 ? entry : entry.slice(0, at)
  return [checkName(name, place), checkRange(name, at < 0 ? '*' : entry.slice(at + 1), place)]
}

function checkName(name: string, place: string): string {
  if (PACKAGE.test(name) && name !== 'node_modules' && name !== '__proto__') return name
  throw invalidDependency(place, `${quote(name)} is no name of a package`)
}

function checkRange(name: string, range: unknown, place: string): string {
  if (typeof range === 'string' && RANGE.test(range)) return range.trim() === '' ? '*' : range.trim()
  throw invalidDependency(
    place,
    `${quote(name)} has the version ${quote(range)}, and packages come by version from your own registry only`,
  )
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
