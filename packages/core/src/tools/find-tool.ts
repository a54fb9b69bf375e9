import { quote, SkillLiteError } from '../errors.js'
import { FALLBACK_SCHEMA } from '../schema/fallback.js'
import type { Diagnostic, SkillInfo } from '../skill/skill-info.js'
import { nearestName } from './nearest-name.js'
import { toolScripts } from './read-interfaces.js'
import type { ToolDefinition } from './tool-definition.js'

/** What is loaded, for looking names up. */
export interface Catalog {
  readonly skills: readonly SkillInfo[]
  readonly tools: readonly ToolDefinition[]
  readonly diagnostics: readonly Diagnostic[]
}

/** The skill of that name, or that the tool of that name belongs to. Throws `SKILL_NOT_FOUND`. */
export function findSkill({ skills, tools }: Catalog, name: string): SkillInfo {
  const owner = tools.find((tool) => tool.name === name)?.skill
  const skill = skills.find((entry) => entry.name === name) ?? skills.find((entry) => entry.name === owner)
  if (skill !== undefined) return skill
  const names = skills.map((entry) => entry.name)
  throw new SkillLiteError(
    'SKILL_NOT_FOUND',
    `There is no skill ${quote(name)}`,
    suggestNames(name, names, 'skills'),
  )
}

/** The tool of that name, or the only tool of the skill of that name. Throws `TOOL_UNKNOWN`. */
export function findTool(catalog: Catalog, name: string): ToolDefinition {
  const exact = catalog.tools.find((tool) => tool.name === name)
  if (exact !== undefined) return exact
  const skill = catalog.skills.find((entry) => entry.name === name)
  if (skill !== undefined) return onlyTool(catalog, skill)
  const names = catalog.tools.map((tool) => tool.name)
  throw new SkillLiteError(
    'TOOL_UNKNOWN',
    `There is no tool ${quote(name)}`,
    suggestNames(name, names, 'tools'),
  )
}

/** The only tool of a skill. Throws `TOOL_UNKNOWN` for none or several. */
export function onlyTool(catalog: Catalog, skill: SkillInfo): ToolDefinition {
  const own = catalog.tools.filter((tool) => tool.skill === skill.name)
  const [only] = own
  if (only !== undefined && own.length === 1) return only
  if (own.length > 1) {
    throw new SkillLiteError(
      'TOOL_UNKNOWN',
      `${skill.name} has several tools: ${own.map((tool) => tool.name).join(', ')}`,
      'Name one of them, or its script.',
    )
  }
  throw noTool(catalog, skill)
}

/** The tool of one script of a skill; also of a script that is not offered to models. Throws `SCRIPT_UNKNOWN`. */
export function scriptTool(catalog: Catalog, skill: SkillInfo, script: string): ToolDefinition {
  const wanted = script.replace(/^(\.\/)+/, '')
  const offered = catalog.tools.find((tool) => tool.skill === skill.name && tool.script === wanted)
  if (offered !== undefined) return offered
  const known = skill.scripts.find((entry) => entry.path === wanted)
  if (known === undefined) {
    const paths = skill.scripts.map((entry) => entry.path)
    const message = `${skill.name} has no script ${quote(script)}`
    throw new SkillLiteError('SCRIPT_UNKNOWN', message, suggestNames(script, paths, 'scripts'))
  }
  const problem = schemaProblem(catalog, skill)
  if (problem !== undefined && known.path === skill.runtime.entryPoint) throw noTool(catalog, skill)
  return {
    name: skill.name,
    description: skill.description,
    inputSchema: FALLBACK_SCHEMA,
    skill: skill.name,
    script: known.path,
    argvPlan: { kind: 'raw' },
  }
}

function noTool(catalog: Catalog, skill: SkillInfo): SkillLiteError {
  const problem = schemaProblem(catalog, skill)
  if (problem !== undefined) return new SkillLiteError('SKILL_SCHEMA_INVALID', problem.message, problem.hint)
  if (toolScripts(skill).length > 0) {
    const message = `No tools were defined for ${skill.name}`
    return new SkillLiteError('TOOL_UNKNOWN', message, 'Name it in toolsOf when skills are loaded.')
  }
  return new SkillLiteError(
    'TOOL_UNKNOWN',
    `${skill.name} has no script that can be run by itself`,
    'It is a skill of instructions: give its body to the model instead.',
  )
}

function schemaProblem({ diagnostics }: Catalog, skill: SkillInfo): Diagnostic | undefined {
  return diagnostics.find(({ code, path }) => code === 'SKILL_SCHEMA_INVALID' && path === skill.file)
}

/** A hint for a name that nothing has: the one that was probably meant, else those that there are. */
export function suggestNames(given: string, names: readonly string[], what: string): string {
  const nearest = nearestName(given, names)
  if (nearest !== undefined) return `Did you mean ${nearest}?`
  if (names.length === 0) return `No ${what} are loaded.`
  const shown = names.slice(0, 20).join(', ')
  return `There are: ${shown}${names.length > 20 ? ` and ${names.length - 20} more` : ''}.`
}
