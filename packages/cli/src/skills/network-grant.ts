import type { SkillInfo } from '@skilllite/core'
import type { ParsedArguments } from '../command-line/spec.js'
import { isYes } from '../settings/policy-options.js'
import { tell } from '../terminal/output.js'

/**
 * Hosts that `ALLOW_NETWORK` grants: a yes grants those that the skill asks for by name, anything else but a no is
 * a list of hosts. `--allow-host` stands before it.
 */
export function hostsFromEnvironment(
  parsed: ParsedArguments,
  environment: NodeJS.ProcessEnv,
  skill: SkillInfo,
): { allowHosts?: readonly string[] } {
  const value = environment.ALLOW_NETWORK?.trim() ?? ''
  if (parsed.values.has('allow-host') || value === '' || /^(0|false|no|off)$/i.test(value)) return {}
  if (!isYes(value)) return { allowHosts: value.split(/[\s,]+/).filter((host) => host !== '') }
  const { network } = skill.runtime
  if (typeof network === 'object') return { allowHosts: network }
  if (network === true) {
    tell(`skilllite: ALLOW_NETWORK grants what a skill asks for by name, and ${skill.name} names no host.`)
    tell('  Name the hosts with --allow-host.')
  }
  return {}
}
