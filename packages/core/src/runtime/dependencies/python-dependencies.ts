import path from 'node:path'
import { quote } from '../../errors.js'
import type { SkillInfo, SkillScript } from '../../skill/skill-info.js'
import { invalidDependency } from './invalid-dependency.js'
import { parseRequirement, type Requirement } from './requirement.js'
import { requirementsOfFile } from './requirements-file.js'
import { scriptBlock } from './script-block.js'
import { dependenciesOfSkill } from './skill-list.js'
import { skillText } from './skill-text.js'

/** What a Python script needs besides Python. */
export interface PythonDependencies {
  readonly language: 'python'
  /** Sorted, each once, in one spelling. */
  readonly requirements: readonly string[]
  /** Version specifiers of Python that must all hold. */
  readonly requiresPython: readonly string[]
  /** Where all of this is declared, in words. */
  readonly places: readonly string[]
}

/**
 * What a script's own block declares; that is the whole of it, as PEP 723 has it. Without a block, what the skill
 * declares: in SKILL.md, and in the requirements.txt and the pyproject.toml nearest to the script. Throws
 * `DEPENDENCY_INVALID`.
 */
export async function pythonDependencies(
  skill: SkillInfo,
  script: SkillScript,
): Promise<PythonDependencies | undefined> {
  const code = skillText(skill.directory, script.path)
  const block = code === undefined ? undefined : scriptBlock(code)
  if (block !== undefined) {
    const place = `the script block of ${script.path}`
    const { dependencies, 'requires-python': python } = await parseToml(block, place)
    return declared([
      { place, requirements: fromList(dependencies, place), python: specifier(python, place) },
    ])
  }
  const inSkill = 'the dependencies of SKILL.md'
  return declared([
    {
      place: inSkill,
      requirements: fromList(dependenciesOfSkill(skill, 'python'), inSkill),
      python: languageVersion(skill),
    },
    ...directoriesUpwards(script.path, 'requirements.txt', skill.directory).map((file) => ({
      place: file,
      requirements: requirementsOfFile(skill.directory, file),
      python: [],
    })),
    ...(await Promise.all(
      directoriesUpwards(script.path, 'pyproject.toml', skill.directory).map(async (file) => {
        const { project } = await parseToml(skillText(skill.directory, file) ?? '', file)
        const { dependencies, 'requires-python': python } = isRecord(project) ? project : {}
        return { place: file, requirements: fromList(dependencies, file), python: specifier(python, file) }
      }),
    )),
  ])
}

/** The nearest file of that name, from the script's directory up to the skill's. */
export function directoriesUpwards(script: string, name: string, directory: string): readonly string[] {
  let at = path.posix.dirname(script)
  for (;;) {
    const file = path.posix.join(at, name)
    if (skillText(directory, file, 1) !== undefined) return [file]
    if (at === '.') return []
    at = path.posix.dirname(at)
  }
}

interface Declaration {
  readonly place: string
  readonly requirements: readonly Requirement[]
  readonly python: readonly string[]
}

function declared(all: readonly Declaration[]): PythonDependencies | undefined {
  const used = all.filter(({ requirements, python }) => requirements.length > 0 || python.length > 0)
  if (used.length === 0) return undefined
  return {
    language: 'python',
    requirements: [
      ...new Set(used.flatMap(({ requirements }) => requirements.map(({ text }) => text))),
    ].sort(),
    requiresPython: [...new Set(used.flatMap(({ python }) => python))],
    places: used.map(({ place }) => place),
  }
}

function fromList(given: unknown, place: string): readonly Requirement[] {
  if (given === undefined) return []
  if (!Array.isArray(given)) throw invalidDependency(place, 'dependencies is not a list')
  return given.map((entry: unknown) => {
    const read = typeof entry === 'string' ? parseRequirement(entry) : 'it is not text'
    if (typeof read === 'string') throw invalidDependency(place, `${quote(entry)}: ${read}`)
    return read
  })
}

function specifier(given: unknown, place: string): readonly string[] {
  if (given === undefined) return []
  if (typeof given === 'string' && /^[\s\d.,<>=!~*]{1,100}$/.test(given)) return [given.trim()]
  throw invalidDependency(place, `requires-python is ${quote(given)}`)
}

/** `language: python 3.11` and `language: python>=3.10`. */
function languageVersion({ runtime }: SkillInfo): readonly string[] {
  const [, operator, version] =
    /^python\s*(~=|==|!=|<=?|>=?)?\s*(3(?:\.\d+){0,2})\+?$/i.exec(runtime.language ?? '') ?? []
  if (version === undefined || version === '3') return []
  if (operator !== undefined) return [`${operator}${version}`]
  return [runtime.language?.endsWith('+') === true ? `>=${version}` : `==${version}.*`]
}

async function parseToml(text: string, place: string): Promise<Readonly<Record<string, unknown>>> {
  const { parse } = await import('smol-toml')
  try {
    return parse(text)
  } catch (error) {
    throw invalidDependency(
      place,
      `it is not TOML: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : ''}`,
    )
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
