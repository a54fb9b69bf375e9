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
import type { ParsedArguments } from '../command-line/spec.js'

/** Where skills are: `--skills-dir`, else the environment, else wherever core discovers them. */
export function loadOptions(parsed: ParsedArguments, environment: NodeJS.ProcessEnv): LoadOptions {
  const given = parsed.values.get('skills-dir')
  if (given !== undefined) return { skillsDir: given, discover: false }
  const variable = environment.SKILLLITE_SKILLS_DIR || environment.SKILLS_DIR
  if (variable === undefined || variable === '') return { discover: true }
  return { skillsDir: variable.split(delimiter).filter((path) => path !== ''), discover: false }
}

/** What SKILL on the command line means. */
export interface FoundSkill {
  readonly manager: SkillManager
  readonly skill: SkillInfo
  /** Where SKILL is the name of one of the skill's tools. */
  readonly tool?: ToolDefinition
}

/** Loads what SKILL means: the path of a skill directory, the name of a skill, or that of a tool. */
export async function findSkill(
  reference: string,
  parsed: ParsedArguments,
  environment: NodeJS.ProcessEnv,
): Promise<FoundSkill> {
  const path = pathOf(reference, parsed)
  if (path !== undefined) return findByPath(path, reference)
  const manager = await SkillManager.load(loadOptions(parsed, environment))
  const named = (name: string) => manager.skills.find((candidate) => candidate.name === name)
  const skill = named(reference)
  if (skill !== undefined) return { manager, skill }
  const tool = manager.tools().find((candidate) => candidate.name === reference)
  const owner = tool === undefined ? undefined : named(tool.skill)
  if (tool === undefined || owner === undefined) throw unknownName(reference, manager)
  return { manager, skill: owner, tool }
}

async function findByPath(path: string, reference: string): Promise<FoundSkill> {
  const manager = await SkillManager.load({ skillsDir: path, discover: false })
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
