import type { SkillManager, ToolsOptions } from '@skilllite/core'

/** The `shell` tool of the Responses API, whose commands the client runs. */
export interface ShellTool {
  type: 'shell'
  environment: {
    type: 'local'
    skills: { name: string; description: string; path: string }[]
  }
}

/**
 * The `shell` tool with these skills, for the Responses API: the model reads their instructions by commands, which
 * `handleToolCalls` runs in their sandboxes with the programs that its option `programs` grants.
 */
export function getShellTool(
  manager: SkillManager,
  options: Pick<ToolsOptions, 'include' | 'exclude'> = {},
): ShellTool {
  const skills = manager.offeredSkills(options).map(({ name, description, directory }) => ({
    name,
    description,
    path: directory,
  }))
  return { type: 'shell', environment: { type: 'local', skills } }
}
