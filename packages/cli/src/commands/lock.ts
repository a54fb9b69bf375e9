import { optionValue } from '../command-line/parse.js'
import type { ParsedArguments } from '../command-line/spec.js'
import { ExitCode } from '../exit-codes.js'
import { cancelOnSignals } from '../run/cancellation.js'
import { installProgress } from '../run/installation.js'
import { findSkill } from '../skills/skill-source.js'
import { visibleJson, visibleLine } from '../terminal/escape.js'
import { tell, writeStdout } from '../terminal/output.js'
import { styleFor } from '../terminal/style.js'
import { table } from '../terminal/table.js'

/** `skilllite lock SKILL`. */
export async function command(parsed: ParsedArguments): Promise<number> {
  const { manager, skill } = await findSkill(parsed.operands[0] ?? '', parsed, process.env, 'skill')
  const cancellation = cancelOnSignals()
  try {
    const options = { signal: cancellation.signal, onProgress: installProgress() }
    const locked = await manager.lock(skill, options)
    if (optionValue(parsed, 'format') === 'json') writeStdout(`${visibleJson(locked)}\n`)
    else {
      const rows = locked.entries.flatMap(({ script, pins }) =>
        pins.map(({ name, version }) => [script, name, version].map(visibleLine)),
      )
      writeStdout(table(['SCRIPT', 'PACKAGE', 'VERSION'], rows, styleFor(1)))
      tell(`skilllite: recorded in ${visibleLine(locked.file)}`)
    }
    return ExitCode.ok
  } catch (error) {
    const exitCode = cancellation.exitCode()
    if (exitCode !== undefined) return exitCode
    throw error
  } finally {
    cancellation.release()
  }
}
