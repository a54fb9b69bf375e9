import { statSync } from 'node:fs'
import { basename, delimiter, dirname, join, resolve } from 'node:path'
import {
  type Diagnostic,
  type LoadOptions,
  type SkillInfo,
  SkillLiteError,
  SkillManager,
  type ToolDefinition,
} from '@skilllite/core'
import { nearest } from '../command-line/nearest.js'
import { optionValue } from '../command-line/parse.js'
import type { ParsedArguments } from '../command-line/spec.js'
import { UsageError } from '../command-line/usage-error.js'
import { progress } from '../terminal/progress.js'

/** Where skills are: `--skills-dir`, else the environment, else the configuration or wherever core discovers them. */
export function loadOptions(parsed: ParsedArguments, environment: NodeJS.ProcessEnv): LoadOptions {
  const config = configOption(parsed)
  const given = parsed.values.get('skills-dir')
  if (given !== undefined) return { ...config, skillsDir: given, discover: false }
  const variable = environment.SKILLLITE_SKILLS_DIR || environment.SKILLS_DIR
  if (variable === undefined || variable === '') return config
  return { ...config, skillsDir: variable.split(delimiter).filter((path) => path !== ''), discover: false }
}

/** `--config`, `--no-config`; by default the configuration of the project. */
function configOption(parsed: ParsedArguments): Pick<LoadOptions, 'config'> {
  const file = optionValue(parsed, 'config')
  if (!parsed.flags.has('no-config')) return { config: file ?? true }
  if (file === undefined) return { config: false }
  throw new UsageError('--config and --no-config exclude each other.')
}

/**
 * Loads skills, with a line of progress where the reading of their code takes long. With `toolsOf`, tools are defined
 * for these skills only.
 */
export async function loadManager(options: LoadOptions, toolsOf?: readonly string[]): Promise<SkillManager> {
  const line = progress()
  try {
    return await SkillManager.load({
      ...options,
      ...(toolsOf === undefined ? {} : { toolsOf }),
      onLoadProgress: ({ done, total }) => line.update(`Reading skills: ${done} of ${total}`),
    })
  } finally {
    line.end()
  }
}

/** What SKILL on the command line means. */
export interface FoundSkill {
  readonly manager: SkillManager
  readonly skill: SkillInfo
  /** Where SKILL is the name of one of the skill's tools. */
  readonly tool?: ToolDefinition
}

/**
 * Loads what SKILL means: the path of a skill directory, the name of a skill, or that of a tool. Where only the `skill`
 * is wanted, the manager may have no tools.
 */
export async function findSkill(
  reference: string,
  parsed: ParsedArguments,
  environment: NodeJS.ProcessEnv,
  want: 'skill' | 'tools' = 'tools',
): Promise<FoundSkill> {
  const path = pathOf(reference, parsed)
  const toolsOf = want === 'skill' ? [] : undefined
  if (path !== undefined) return findByPath(path, reference, toolsOf, parsed)
  const options = loadOptions(parsed, environment)
  const manager = await loadManager(options, toolsOf ?? [reference])
  const skill = named(manager, reference)
  if (skill !== undefined) return { manager, skill }
  const all = want === 'skill' ? await loadManager(options) : manager
  const tool = all.tools().find((candidate) => candidate.name === reference)
  const owner = tool === undefined ? undefined : named(all, tool.skill)
  if (tool === undefined || owner === undefined) throw unknownName(reference, manager)
  return { manager: all, skill: owner, tool }
}

/** Loads the tools of several SKILLs, all of them names or all of them paths; of every skill where there is none. */
export async function findTools(
  references: readonly string[],
  parsed: ParsedArguments,
  environment: NodeJS.ProcessEnv,
): Promise<{ readonly manager: SkillManager; readonly include?: readonly string[] }> {
  const paths = references.flatMap((reference) => pathOf(reference, parsed) ?? [])
  if (paths.length > 0 && paths.length < references.length) {
    throw new UsageError('Give names of skills or paths of skills, not both.')
  }
  if (paths.length > 0) {
    for (const [index, path] of paths.entries()) await findByPath(path, references[index] ?? path, [], parsed)
    return { manager: await loadManager({ ...configOption(parsed), skillsDir: paths, discover: false }) }
  }
  const options = loadOptions(parsed, environment)
  if (references.length === 0) return { manager: await loadManager(options) }
  const manager = await loadManager(options, references)
  const known = new Set([...manager.skills, ...manager.tools()].map(({ name }) => name))
  for (const reference of references) if (!known.has(reference)) throw unknownName(reference, manager)
  return { manager, include: references }
}

const named = (manager: SkillManager, name: string): SkillInfo | undefined =>
  manager.skills.find((candidate) => candidate.name === name)

async function findByPath(
  path: string,
  reference: string,
  toolsOf: readonly string[] | undefined,
  parsed: ParsedArguments,
): Promise<FoundSkill> {
  const manager = await loadManager({ ...configOption(parsed), skillsDir: path, discover: false }, toolsOf)
  const skill = manager.skills.length === 1 ? manager.skills[0] : undefined
  if (skill !== undefined) return { manager, skill }
  if (manager.skills.length > 1) {
    throw new SkillLiteError(
      'SKILL_NOT_FOUND',
      `${JSON.stringify(reference)} is a directory of skills, not a skill.`,
      `Name one of them: ${names(manager)}; or use --skills-dir ${reference}.`,
    )
  }
  const cause = manager.diagnostics.find((diagnostic) => diagnostic.severity === 'error')
  throw new SkillLiteError(
    'SKILL_NOT_FOUND',
    `No skill at ${JSON.stringify(reference)}${cause === undefined ? '.' : `: ${cause.message}`}`,
    cause?.hint ?? 'A skill is a directory with a SKILL.md.',
  )
}

/** Names have neither a slash nor a dot. With `--skills-dir`, a bare word is always a name. */
function pathOf(reference: string, parsed: ParsedArguments): string | undefined {
  const looksLikePath = /[/\\.]/.test(reference)
  if (!looksLikePath && (parsed.values.has('skills-dir') || !isFile(join(reference, 'SKILL.md'))))
    return undefined
  const path = resolve(reference)
  return basename(path).toLowerCase() === 'skill.md' && isFile(path) ? dirname(path) : path
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}

function unknownName(reference: string, manager: SkillManager): SkillLiteError {
  const known = manager.skills.map((skill) => skill.name)
  const meant = nearest(reference, known)
  const broken = manager.diagnostics.find((diagnostic) => isAbout(diagnostic, reference))
  if (broken !== undefined) {
    return new SkillLiteError(
      'SKILL_NOT_FOUND',
      `The skill ${JSON.stringify(reference)} could not be loaded: ${broken.message}`,
      broken.hint,
    )
  }
  let hint = 'No skill was found at all; say where they are with --skills-dir DIR.'
  if (meant !== undefined) hint = `Did you mean ${meant}?`
  else if (known.length > 0) hint = `There is: ${names(manager)}.`
  return new SkillLiteError('SKILL_NOT_FOUND', `No skill is named ${JSON.stringify(reference)}.`, hint)
}

/** Whether a skill was not loaded that lies in a directory of that name. */
function isAbout(diagnostic: Diagnostic, name: string): boolean {
  return (
    diagnostic.severity === 'error' &&
    (basename(diagnostic.path) === name || basename(dirname(diagnostic.path)) === name)
  )
}

function names(manager: SkillManager): string {
  const list = manager.skills.map((skill) => skill.name)
  return list.length > 12 ? `${list.slice(0, 12).join(', ')}, …` : list.join(', ')
}
