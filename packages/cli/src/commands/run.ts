import type { RunOptions } from '@skilllite/core'
import { optionValue } from '../command-line/parse.js'
import type { ParsedArguments } from '../command-line/spec.js'
import { UsageError } from '../command-line/usage-error.js'
import { argumentsFromInput } from '../input/json-input.js'
import { argumentsFromPairs, type Pair, readPair } from '../input/pairs.js'
import { approval, projectApprovals } from '../run/approval.js'
import { installation } from '../run/installation.js'
import { session } from '../run/session.js'
import { backendOption, policyOptions } from '../settings/policy-options.js'
import { hostsFromEnvironment } from '../skills/network-grant.js'
import { findSkill } from '../skills/skill-source.js'

/** `skilllite run SKILL [INPUT]`. */
export async function command(parsed: ParsedArguments): Promise<number> {
  const [reference = '', ...operands] = parsed.operands
  const source = optionValue(parsed, 'input')
  const pairs: readonly Pair[] = operands.map(readPair)
  if (source !== undefined && pairs.length > 0) {
    throw new UsageError('Input comes from --input or from KEY=VALUE, not from both.')
  }
  const policy = policyOptions(parsed, process.env)
  const input = source === undefined ? undefined : argumentsFromInput(source)
  const script = optionValue(parsed, 'script')
  return session(optionValue(parsed, 'format') === 'json', async (hooks) => {
    const { manager, skill, tool: named } = await findSkill(reference, parsed, process.env)
    const tool = script === undefined && named !== undefined ? named : manager.tool(skill.name, script)
    const approvals = manager.config?.approvals === undefined ? projectApprovals(skill.directory) : undefined
    const options: RunOptions = {
      ...(approvals === undefined ? {} : { approvals }),
      ...hostsFromEnvironment(parsed, process.env, skill),
      ...policy,
      ...backendOption(parsed),
      ...approval(parsed, process.env),
      ...installation(parsed),
      ...hooks,
    }
    return manager.run(tool, input ?? argumentsFromPairs(pairs, tool.inputSchema), options)
  })
}
