import type { Diagnostic, SkillManager } from '@skilllite/core'
import { visibleLine } from '../terminal/escape.js'
import { tell } from '../terminal/output.js'
import { styleFor } from '../terminal/style.js'

/** Everything odd about the skills of a manager, each thing once: what was not loaded first. */
export function allDiagnostics(manager: SkillManager): readonly Diagnostic[] {
  const unique = new Map<string, Diagnostic>()
  for (const diagnostic of [
    ...manager.diagnostics,
    ...manager.skills.flatMap((skill) => skill.diagnostics),
  ]) {
    unique.set(
      JSON.stringify([diagnostic.code, diagnostic.path, diagnostic.line, diagnostic.message]),
      diagnostic,
    )
  }
  return [...unique.values()]
}

/** Tells diagnostics on stderr: severity, code, place, what, and what to change. */
export function tellDiagnostics(diagnostics: readonly Diagnostic[]): void {
  const style = styleFor(2)
  const paint = { error: style.red, warning: style.yellow, info: style.dim }
  for (const { severity, code, path, line, message, hint } of diagnostics) {
    const place = line === undefined ? path : `${path}:${line}`
    tell(`${paint[severity](`${severity} [${code}]`)} ${visibleLine(place)}: ${visibleLine(message)}`)
    if (hint !== undefined) tell(`  ${visibleLine(hint)}`)
  }
}
