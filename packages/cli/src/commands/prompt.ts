import { availableSkillsBlock, type SkillInfo } from '@skilllite/core'
import { optionValue } from '../command-line/parse.js'
import type { ParsedArguments } from '../command-line/spec.js'
import { ExitCode } from '../exit-codes.js'
import { findSkill, loadManager, loadOptions } from '../skills/skill-source.js'
import { visible, visibleJson } from '../terminal/escape.js'
import { writeStdout } from '../terminal/output.js'
import { isTerminal } from '../terminal/style.js'

/** `skilllite prompt [SKILL…]`. */
export async function command(parsed: ParsedArguments): Promise<number> {
  const skills = await chosen(parsed)
  const { text } = availableSkillsBlock(skills)
  if (optionValue(parsed, 'format') === 'json') {
    const entries = skills.map(({ name, description, file }) => ({ name, description, location: file }))
    writeStdout(`${visibleJson({ skills: entries, prompt: text })}\n`)
  } else {
    writeStdout(`${isTerminal(1) ? visible(text) : text}\n`)
  }
  return ExitCode.ok
}

async function chosen(parsed: ParsedArguments): Promise<readonly SkillInfo[]> {
  if (parsed.operands.length === 0) {
    return (await loadManager(loadOptions(parsed, process.env), [])).skills
  }
  const skills: SkillInfo[] = []
  for (const reference of parsed.operands)
    skills.push((await findSkill(reference, parsed, process.env, 'skill')).skill)
  return skills
}
