import { quote, SkillLiteError } from '../errors.js'
import type { SkillInfo } from '../skill/skill-info.js'
import { activationTools } from './activation-tools.js'
import { commandTool } from './command-tool.js'
import type { Catalog } from './find-tool.js'
import { nearestName } from './nearest-name.js'
import { type OfferedTool, type OwnTool, type OwnToolGrants, ownToolNames } from './own-tools.js'
import { workspaceTools } from './workspace/workspace-tools.js'

/** Which tools to offer a model. */
export interface ToolsOptions {
  /** Only these, by the name of a tool or of its skill; `*` stands for any characters.
   *  @default all */
  readonly include?: readonly string[]
  /** Not these, even where `include` names them.
   *  @default none */
  readonly exclude?: readonly string[]
  /** Adds `activate_skill` and `read_skill_file`, through which a model gets the instructions and the text files of
   *  the skills. `catalogCharacters` is the budget for the list of skills in the description of `activate_skill`; 0
   *  leaves it out, for hosts that put `availableSkillsBlock` into their system prompt.
   *  @default false; with true, a list that keeps the description within 1,024 characters */
  readonly activation?: boolean | { readonly catalogCharacters?: number }
  /** Adds `run_command`, which runs command lines in a skill's sandbox with the `programs` that `SkillManager.load` was
   *  given: for skills that are instructions only.
   *  @default false */
  readonly commands?: boolean
  /** Adds `list_files`, `read_file` and `write_file` for the `workspace` that `SkillManager.load` was given.
   *  @default false */
  readonly workspace?: boolean
}

/** The tools that fit. Throws `OPTION_INVALID` for a name that nothing has, since a slip would offer too much. */
export function selectTools(
  catalog: Catalog,
  options: ToolsOptions,
  grants: OwnToolGrants,
): readonly OfferedTool[] {
  const { included, excluded } = choiceOf(catalog, options)
  const chosen = catalog.tools.filter(
    (tool) => (included(tool.name) || included(tool.skill)) && !excluded(tool.name) && !excluded(tool.skill),
  )
  const own = ownTools(selectSkills(catalog, options), options, grants)
  return [...own.filter(({ name }) => !excluded(name)), ...chosen]
}

function ownTools(
  skills: readonly SkillInfo[],
  { activation = false, commands = false, workspace = false }: ToolsOptions,
  grants: OwnToolGrants,
): readonly OwnTool[] {
  const tools: OwnTool[] = []
  if (activation !== false) {
    const { catalogCharacters } = activation === true ? {} : activation
    tools.push(...activationTools(skills, catalogCharacters))
  }
  if (commands) {
    if (grants.programs.length === 0) throw notGranted('commands', 'programs')
    const command = commandTool(skills, grants.programs)
    if (command !== undefined) tools.push(command)
  }
  if (workspace) {
    if (grants.workspace === undefined) throw notGranted('workspace', 'workspace')
    tools.push(...workspaceTools(grants.workspace))
  }
  return tools
}

function notGranted(option: keyof ToolsOptions, grant: keyof OwnToolGrants): SkillLiteError {
  return new SkillLiteError(
    'OPTION_INVALID',
    `${option} asks for tools for which nothing is granted`,
    `Give ${grant} to SkillManager.load, or leave ${option} out.`,
  )
}

/** The skills that fit, or of which a tool does. Throws as {@link selectTools}. */
export function selectSkills(
  catalog: Catalog,
  options: Pick<ToolsOptions, 'include' | 'exclude'>,
): readonly SkillInfo[] {
  const { included, excluded } = choiceOf(catalog, options)
  const owners = new Set(
    catalog.tools.filter(({ name }) => included(name) && !excluded(name)).map(({ skill }) => skill),
  )
  return catalog.skills.filter(({ name }) => (included(name) || owners.has(name)) && !excluded(name))
}

function choiceOf(
  { tools, skills }: Catalog,
  { include, exclude = [] }: Pick<ToolsOptions, 'include' | 'exclude'>,
): { readonly included: (name: string) => boolean; readonly excluded: (name: string) => boolean } {
  const names = [...skills, ...tools].map(({ name }) => name)
  return {
    included: include === undefined ? () => true : matcher(include, 'include', names),
    excluded: matcher(exclude, 'exclude', [...names, ...ownToolNames]),
  }
}

/** Says of a name whether one of the patterns fits it. */
function matcher(
  patterns: readonly string[],
  option: keyof ToolsOptions,
  names: readonly SkillInfo['name'][],
): (name: string) => boolean {
  const exact = new Set(patterns.filter((pattern) => !pattern.includes('*')))
  for (const name of exact) if (!names.includes(name)) throw unknownName(name, option, names)
  const wild = patterns.filter((pattern) => pattern.includes('*')).map(expressionOf)
  return (name) => exact.has(name) || wild.some((expression) => expression.test(name))
}

function expressionOf(pattern: string): RegExp {
  const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  // Runs of stars are one: the expression never has two ways to match the same text between neighbours.
  return new RegExp(`^${pattern.split(/\*+/).map(literal).join('.*')}$`, 'su')
}

function unknownName(name: string, option: string, names: readonly string[]): SkillLiteError {
  const nearest = nearestName(name, names)
  return new SkillLiteError(
    'OPTION_INVALID',
    `${option} names ${quote(name)}, and there is no tool and no skill of that name`,
    nearest === undefined ? 'Use * for names that may be missing.' : `Did you mean ${nearest}?`,
  )
}
