import { SkillLiteError } from '../errors.js'
import type { SkillManager } from '../manager.js'
import type { RunOptions } from '../sandbox/run-options.js'
import type { NeedsApprovalRun } from '../sandbox/run-result.js'
import { ownToolNames } from '../tools/own-tools.js'
import type { ModelCall } from './answer-call.js'

/**
 * What a call would have to ask about, for hosts that ask somewhere else and then call with `approved`; nothing for a call
 * that needs no approval, or that fails before anybody is asked. Runs and installs nothing.
 */
export async function approvalNeeded(
  manager: SkillManager,
  call: ModelCall,
  options: Omit<RunOptions, 'script' | 'confirm' | 'signal'> = {},
): Promise<NeedsApprovalRun | undefined> {
  // Those that the engine answers itself would be answered; of them only commands run in a skill's sandbox.
  if (call.name !== 'run_command' && ownToolNames.includes(call.name)) return undefined
  // A run that is cancelled before it begins decides everything as any run does, and then does not begin. Packages would
  // be installed before that.
  const unbegun: RunOptions = {
    ...options,
    confirm: undefined,
    dependencies: 'deny',
    signal: AbortSignal.abort(),
  }
  try {
    const result = await manager.call(call.name, call.arguments ?? {}, unbegun)
    return result.status === 'needs-approval' ? result : undefined
  } catch (error) {
    if (SkillLiteError.is(error)) return undefined
    throw error
  }
}
