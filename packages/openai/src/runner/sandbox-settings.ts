import path from 'node:path'
import { type LoadOptions, quote, type SandboxLevel, type SkillInfo, SkillLiteError } from '@skilllite/core'
import type { Environment } from './environment.js'

/** Where skills are, and what every run of them gets. */
export function sandboxSettings(environment: Environment): LoadOptions {
  const skills = environment.value('SKILLLITE_SKILLS_DIR', 'SKILLS_DIR')
  const level = levelOf(environment)
  const seconds = positive(environment, 'EXECUTION_TIMEOUT')
  const memoryMb = positive(environment, 'MAX_MEMORY_MB')
  return {
    ...(skills === undefined
      ? {}
      : { skillsDir: skills.split(path.delimiter).filter((part) => part !== '') }),
    ...(level === undefined ? {} : { sandboxLevel: level }),
    ...(seconds === undefined ? {} : { timeoutMs: Math.round(seconds * 1000) }),
    ...(memoryMb === undefined ? {} : { memoryMb }),
  }
}

/** Whether `SKILLBOX_AUTO_APPROVE` approves everything that a scan asks. */
export function approvesAll(environment: Environment): boolean {
  return isYes(environment.value('SKILLBOX_AUTO_APPROVE'))
}

/** Hosts that `ALLOW_NETWORK` grants a skill: with a yes those that it asks for by name, else those listed. */
export function grantedHosts(environment: Environment, skill: SkillInfo): readonly string[] {
  const value = environment.value('ALLOW_NETWORK')
  if (value === undefined || /^(0|false|no|off)$/i.test(value)) return []
  if (!isYes(value)) return value.split(/[\s,]+/).filter((host) => host !== '')
  const { network } = skill.runtime
  return typeof network === 'object' ? network : []
}

function isYes(value: string | undefined): boolean {
  return /^(1|true|yes|on)$/i.test(value ?? '')
}

function levelOf(environment: Environment): SandboxLevel | undefined {
  const found = environment.find('SKILLLITE_LEVEL', 'SKILLBOX_SANDBOX_LEVEL')
  if (found === undefined) return undefined
  if (/^[123]$/.test(found.value)) return Number(found.value) as SandboxLevel
  throw new SkillLiteError('OPTION_INVALID', `${found.name} must be 1, 2 or 3, got ${quote(found.value)}`)
}

function positive(environment: Environment, name: string): number | undefined {
  const value = environment.value(name)
  if (value === undefined) return undefined
  if (/^\d*\.?\d+$/.test(value) && Number(value) > 0) return Number(value)
  throw new SkillLiteError('OPTION_INVALID', `${name} must be a number above 0, got ${quote(value)}`)
}
