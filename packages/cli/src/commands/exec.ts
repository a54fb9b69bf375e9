import { readFileSync } from 'node:fs'
import { optionValue } from '../command-line/parse.js'
import type { ParsedArguments } from '../command-line/spec.js'
import { session } from '../run/session.js'
import { backendOption, policyOptions } from '../settings/policy-options.js'
import { hostsFromEnvironment } from '../skills/network-grant.js'
import { findSkill } from '../skills/skill-source.js'

/** `skilllite exec SKILL -- CMD ARGS…`. */
export async function command(parsed: ParsedArguments): Promise<number> {
  const [reference = ''] = parsed.operands
  const policy = policyOptions(parsed, process.env)
  const stdin = parsed.flags.has('stdin') ? { stdin: readFileSync(0) } : {}
  return session(optionValue(parsed, 'format') === 'json', async (hooks) => {
    const { manager, skill } = await findSkill(reference, parsed, process.env, 'skill')
    return manager.exec(skill, parsed.rest ?? [], {
      ...hostsFromEnvironment(parsed, process.env, skill),
      ...policy,
      ...backendOption(parsed),
      ...stdin,
      ...hooks,
    })
  })
}
