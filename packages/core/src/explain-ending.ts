import type { ArgumentFiles } from './policy/argument-files.js'
import { ungrantedVariables } from './policy/ungranted-variables.js'
import { missingModuleHint } from './runtime/missing-module.js'
import type { LaunchOutcome } from './sandbox/launch.js'
import type { SkillInfo, SkillScript } from './skill/skill-info.js'

/** What a run was given, as far as it may explain how it went. */
interface Given {
  readonly skill: SkillInfo
  readonly script: SkillScript
  /** Variables that the script's code reads. */
  readonly read: readonly string[]
  /** Variables that it got. */
  readonly granted: readonly string[]
  /** Whether the packages that it declares are there. */
  readonly installed: boolean
  /** Paths among the arguments that were not granted. */
  readonly refusals?: ArgumentFiles['refusals'] | undefined
}

/** What to do about how a run went, in sentences, where that can be told. */
export async function explainEnding(
  { end, stdout, stderr }: LaunchOutcome,
  { skill, script, read, granted, installed, refusals = [] }: Given,
): Promise<string | undefined> {
  const failed = end.kind === 'exited' && end.code !== 0
  const printed = `${stdout}\n${stderr}`
  const declared = skill.runtime.env ?? []
  const sentences = [
    failed ? await missingModuleHint(skill, script, stderr, installed) : undefined,
    ungrantedVariables(skill.name, { declared, read }, granted, { failed, printed }),
    ...refusals.flatMap(({ value, sentence }) => (failed || printed.includes(value) ? [sentence] : [])),
  ]
  return sentences.filter((sentence) => sentence !== undefined).join(' ') || undefined
}
