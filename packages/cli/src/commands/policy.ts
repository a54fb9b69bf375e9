import { type Backend, examineSandboxes, explainPolicy, type SandboxBackend } from '@skilllite/core'
import { optionValue } from '../command-line/parse.js'
import type { ParsedArguments } from '../command-line/spec.js'
import { describeBackend } from '../doctor/describe-backend.js'
import { ExitCode } from '../exit-codes.js'
import { commandOrigins } from '../settings/command-origins.js'
import { backendOption, policyOptions } from '../settings/policy-options.js'
import { hostsFromEnvironment } from '../skills/network-grant.js'
import { findSkill } from '../skills/skill-source.js'
import { visibleJson, visibleLine } from '../terminal/escape.js'
import { writeStdout } from '../terminal/output.js'
import { styleFor } from '../terminal/style.js'
import { table } from '../terminal/table.js'

/** `skilllite policy SKILL`. */
export async function command(parsed: ParsedArguments): Promise<number> {
  const options = policyOptions(parsed, process.env)
  const { manager, skill } = await findSkill(parsed.operands[0] ?? '', parsed, process.env, 'skill')
  const call = {
    ...hostsFromEnvironment(parsed, process.env, skill),
    ...options,
    ...backendOption(parsed),
  }
  const policy = manager.policy(skill, call)
  const origins = commandOrigins(manager.policyOrigins(skill, call), parsed, process.env)
  const lines = explainPolicy(policy, origins)
  const enforcedBy = policy.level === 1 ? undefined : await backendFor(manager.backend(skill, call))
  if (optionValue(parsed, 'format') === 'json') {
    const config = manager.config?.file ?? null
    // names only: values may be secrets, and what is printed ends up in logs
    const environment = Object.fromEntries(policy.environment.map((name) => [name, '…']))
    const shown = {
      skill: skill.name,
      policy: { ...policy, environment },
      lines,
      origins,
      config,
      enforcedBy: enforcedBy ?? null,
    }
    writeStdout(`${visibleJson(shown)}\n`)
    return ExitCode.ok
  }
  const rows = lines.map(({ topic, text, why, origin = '' }) => [topic, text, why, origin].map(visibleLine))
  const style = styleFor(1)
  writeStdout(table(['TOPIC', 'RULE', 'WHY', 'FROM'], rows, style))
  if (policy.level !== 1) {
    const enforcement =
      enforcedBy === undefined
        ? [style.red('No sandbox can enforce this here; skilllite doctor tells why.')]
        : describeBackend(enforcedBy, style)
    writeStdout(`\n${enforcement.join('\n')}\n`)
  }
  return ExitCode.ok
}

/** The backend that a run would get, tried out. */
async function backendFor(named: Backend | undefined): Promise<SandboxBackend | undefined> {
  const { backends, chosen } = await examineSandboxes(process.env)
  return backends.find(({ name }) => name === (named ?? chosen))
}
