import { optionValue } from '../command-line/parse.js'
import type { ParsedArguments } from '../command-line/spec.js'
import { ExitCode } from '../exit-codes.js'
import { allDiagnostics, tellDiagnostics } from '../skills/diagnostics.js'
import { loadManager, loadOptions } from '../skills/skill-source.js'
import { visibleJson, visibleLine } from '../terminal/escape.js'
import { tell, writeStdout } from '../terminal/output.js'
import { styleFor } from '../terminal/style.js'
import { table } from '../terminal/table.js'

/** `skilllite list`. */
export async function command(parsed: ParsedArguments): Promise<number> {
  const manager = await loadManager(loadOptions(parsed, process.env))
  const diagnostics = allDiagnostics(manager)
  const skills = manager.skills.map(({ name, description, directory, scope }) => {
    const tools = manager.tools().filter((tool) => tool.skill === name)
    return { name, description, directory, scope, tools: tools.map((tool) => tool.name) }
  })
  if (optionValue(parsed, 'format') === 'json') {
    writeStdout(`${visibleJson({ skills, diagnostics })}\n`)
    return ExitCode.ok
  }
  if (skills.length > 0) {
    const rows = skills.map((skill) => [
      visibleLine(skill.name),
      String(skill.tools.length),
      skill.scope,
      visibleLine(skill.description),
    ])
    writeStdout(table(['NAME', 'TOOLS', 'FROM', 'DESCRIPTION'], rows, styleFor(1)))
  }
  tellDiagnostics(diagnostics)
  if (skills.length === 0) tell('skilllite: no skill found; say where they are with --skills-dir DIR.')
  return ExitCode.ok
}
