import type { SkillInfo } from '../skill/skill-info.js'
import { type ActivationTool, activationToolNames, activationTools } from './activation-tools.js'
import { type CommandTool, commandTool, commandToolName } from './command-tool.js'
import type { ToolDefinition } from './tool-definition.js'
import {
  type Workspace,
  type WorkspaceTool,
  workspaceToolNames,
  workspaceTools,
} from './workspace/workspace-tools.js'

/** A tool that the engine has by itself: no script of a skill stands behind it. */
export type OwnTool = ActivationTool | CommandTool | WorkspaceTool

/** Whatever a model can be offered: a script of a skill, or a tool of the engine's own. */
export type OfferedTool = ToolDefinition | OwnTool

/** What the host grants for its own tools. */
export interface OwnToolGrants {
  readonly programs: readonly string[]
  readonly workspace: Workspace | undefined
}

/** Names of those that only read and write files: whatever they say is said by the engine, or stands in a file. */
export const fileToolNames: readonly string[] = [...activationToolNames, ...workspaceToolNames]

/** Names that no script's tool may have. */
export const ownToolNames: readonly string[] = [...fileToolNames, commandToolName]

/** The engine's own tool that is meant by a name, or by a definition that was offered; only what is granted is there. */
export function findOwnTool(
  target: string | SkillInfo | OfferedTool,
  skills: readonly SkillInfo[],
  { programs, workspace }: OwnToolGrants,
): OwnTool | undefined {
  const given =
    typeof target === 'string' || 'directory' in target || 'argvPlan' in target ? undefined : target
  const name = given?.name ?? target
  if (typeof name !== 'string' || !ownToolNames.includes(name)) return undefined
  const command = commandTool(skills, programs)
  const there: readonly OwnTool[] = [
    ...activationTools(skills, 0),
    ...(command === undefined ? [] : [command]),
    ...(workspace === undefined ? [] : workspaceTools(workspace)),
  ]
  const own = there.find((tool) => tool.name === name)
  // The one that was offered may name fewer skills.
  return own && (given ?? own)
}
