import { SkillLiteError } from '../errors.js'
import type { SkillInfo } from '../skill/skill-info.js'
import type { ActivationTool } from './activation-tools.js'
import { type ActivationAnswer, answerActivation } from './answer-activation.js'
import { answerWorkspace } from './workspace/answer-workspace.js'
import type { Workspace, WorkspaceTool } from './workspace/workspace-tools.js'

/** Answers a call of a tool that only reads or writes files. */
export async function answerOwnTool(
  tool: ActivationTool | WorkspaceTool,
  args: unknown,
  skills: readonly SkillInfo[],
  workspace: Workspace | undefined,
): Promise<ActivationAnswer> {
  switch (tool.name) {
    case 'activate_skill':
    case 'read_skill_file':
      return answerActivation(tool, args, skills)
    case 'list_files':
    case 'read_file':
    case 'write_file':
      if (workspace !== undefined) return answerWorkspace(tool, args, workspace)
      throw new SkillLiteError('TOOL_UNKNOWN', `There is no tool "${tool.name}"`)
  }
}
