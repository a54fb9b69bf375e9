import path from 'node:path'
import { cutText } from '../skill/catalog.js'
import type { SkillInfo } from '../skill/skill-info.js'
import { MAX_DESCRIPTION } from './compose-description.js'
import type { JsonSchema } from './tool-definition.js'

/** A tool that runs a command line in the sandbox of a skill. */
export interface CommandTool {
  readonly name: 'run_command'
  readonly description: string
  readonly inputSchema: JsonSchema
}

/** Name that no script's tool may have. */
export const commandToolName = 'run_command'

const ABOUT =
  'Runs a command line in the sandbox of a skill, in its directory. For skills whose instructions tell to run commands.'

/** The tool for these skills and the programs that the host grants; none where there is nothing to run or nowhere. */
export function commandTool(
  skills: readonly SkillInfo[],
  programs: readonly string[],
): CommandTool | undefined {
  if (skills.length === 0 || programs.length === 0) return undefined
  const names = programs.map((program) => path.basename(program))
  const shell = names.some((name) => name === 'sh' || name === 'bash')
  const form = shell ? 'A line may have pipes and the like.' : 'A line is one program with its arguments.'
  const lines = [`${ABOUT} Programs that can be started: ${names.join(', ')}. ${form}`, ...requests(skills)]
  return {
    name: commandToolName,
    description: cutText(lines.join('\n'), MAX_DESCRIPTION),
    inputSchema: {
      type: 'object',
      properties: {
        skill: { type: 'string', enum: skills.map(({ name }) => name), description: 'In whose sandbox' },
        command: { type: 'string', minLength: 1, description: 'For example python3 scripts/main.py --help' },
      },
      required: ['skill', 'command'],
      additionalProperties: false,
    },
  }
}

/** What skills say they want to use. It is told, and grants nothing. */
function requests(skills: readonly SkillInfo[]): string[] {
  const asking = skills.flatMap(({ name, allowedTools }) =>
    allowedTools === undefined ? [] : [`- ${name}: ${cutText(allowedTools.replace(/\s+/g, ' '), 120)}`],
  )
  return asking.length === 0 ? [] : ['What skills ask for, which is not granted by that:', ...asking]
}
