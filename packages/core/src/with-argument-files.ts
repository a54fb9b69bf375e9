import type { ArgumentFiles } from './policy/argument-files.js'
import type { SandboxPolicy } from './policy/sandbox-policy.js'
import type { ToolDefinition } from './tools/tool-definition.js'

/** The arguments and the policy with the files that the arguments name, where the host grants those. */
export async function withArgumentFiles(
  tool: ToolDefinition,
  args: Readonly<Record<string, unknown>>,
  policy: SandboxPolicy,
  cwd = process.cwd(),
): Promise<Pick<ArgumentFiles, 'args' | 'policy'> & Partial<ArgumentFiles>> {
  if (policy.files === 'listed') return { args, policy }
  const { grantArgumentFiles } = await import('./policy/argument-files.js')
  return grantArgumentFiles(tool, args, policy, cwd)
}
