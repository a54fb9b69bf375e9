import { explainPolicy } from '@skilllite/core'
import { optionValue } from '../command-line/parse.js'
import type { ParsedArguments } from '../command-line/spec.js'
import { ExitCode } from '../exit-codes.js'
import { policyOptions } from '../settings/policy-options.js'
import { hostsFromEnvironment } from '../skills/network-grant.js'
import { findSkill } from '../skills/skill-source.js'
import { visibleJson, visibleLine } from '../terminal/escape.js'
import { writeStdout } from '../terminal/output.js'
import { styleFor } from '../terminal/style.js'
import { table } from '../terminal/table.js'

/** `skilllite policy SKILL`. */
export async function command(parsed: ParsedArguments): Promise<number> {
  const options = policyOptions(parsed, process.env)
  const { manager, skill } = await findSkill(parsed.operands[0] ?? '', parsed, process.env)
  const policy = manager.policy(skill, { ...hostsFromEnvironment(parsed, process.env, skill), ...options })
  const lines = explainPolicy(policy)
  if (optionValue(parsed, 'format') === 'json') {
    // values may be secrets, and what is printed ends up in logs
    const environment = Object.fromEntries(Object.keys(policy.environment).map((name) => [name, '…']))
    writeStdout(`${visibleJson({ skill: skill.name, policy: { ...policy, environment }, lines })}\n`)
    return ExitCode.ok
  }
  const rows = lines.map(({ topic, text, why }) => [topic, text, why].map(visibleLine))
  writeStdout(table(['TOPIC', 'RULE', 'WHY'], rows, styleFor(1)))
  return ExitCode.ok
}
