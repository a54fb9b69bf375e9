import { basename, dirname } from 'node:path'
import { validateSkill } from '@skilllite/core'
import { optionValue } from '../command-line/parse.js'
import type { ParsedArguments } from '../command-line/spec.js'
import { ExitCode } from '../exit-codes.js'
import { visibleJson, visibleLine } from '../terminal/escape.js'
import { tell, writeStdout } from '../terminal/output.js'

/** `skilllite validate PATH…`: the reference library's texts and exit codes, over any number of paths. */
export async function command(parsed: ParsedArguments): Promise<number> {
  const results = parsed.operands.map((operand) => {
    const path = skillPath(operand)
    const errors = validateSkill(path)
    return { path, valid: errors.length === 0, errors }
  })
  if (optionValue(parsed, 'format') === 'json') {
    writeStdout(`${visibleJson(results)}\n`)
  } else {
    for (const { path, valid, errors } of results) {
      if (valid) writeStdout(`Valid skill: ${visibleLine(path)}\n`)
      else tellErrors(path, errors)
    }
  }
  return results.every((result) => result.valid) ? ExitCode.ok : ExitCode.failed
}

function tellErrors(path: string, errors: readonly string[]): void {
  tell(`Validation failed for ${visibleLine(path)}:`)
  for (const error of errors) tell(`  - ${visibleLine(error)}`)
}

/** The directory meant, as it was written: a `SKILL.md` stands for where it lies. */
function skillPath(operand: string): string {
  const path = operand.length > 1 ? operand.replace(/\/+$/, '') || '/' : operand
  return basename(path).toLowerCase() === 'skill.md' ? dirname(path) : path
}
