import { type OfferedTool, toOpenAiTool } from '@skilllite/core'
import { optionValue } from '../command-line/parse.js'
import type { ParsedArguments } from '../command-line/spec.js'
import { ExitCode } from '../exit-codes.js'
import { findTools } from '../skills/skill-source.js'
import { visibleJson, visibleLine } from '../terminal/escape.js'
import { tell, writeStdout } from '../terminal/output.js'
import { styleFor } from '../terminal/style.js'
import { table } from '../terminal/table.js'

const MAX_ARGUMENTS = 6

/** `skilllite tools [SKILL…]`. */
export async function command(parsed: ParsedArguments): Promise<number> {
  const { manager, include } = await findTools(parsed.operands, parsed, process.env)
  const tools = manager.tools({
    activation: parsed.flags.has('activation'),
    ...(include === undefined ? {} : { include }),
  })
  switch (optionValue(parsed, 'format')) {
    case 'json':
      writeStdout(`${visibleJson(tools)}\n`)
      return ExitCode.ok
    case 'openai':
      writeStdout(`${visibleJson(tools.map(toOpenAiTool))}\n`)
      return ExitCode.ok
  }
  if (tools.length === 0) tell('skilllite: no tool found; skilllite list shows what is wrong with any skill.')
  else writeStdout(table(['TOOL', 'ARGUMENTS', 'DESCRIPTION'], tools.map(row), styleFor(1)))
  return ExitCode.ok
}

function row(tool: OfferedTool): string[] {
  return [tool.name, argumentList(tool), tool.description].map(visibleLine)
}

/** The names of the arguments, those that may be left out in brackets. */
function argumentList({ inputSchema: { properties, required } }: OfferedTool): string {
  const needed: readonly unknown[] = Array.isArray(required) ? required : []
  const names = Object.keys(properties ?? {})
  const ordered = [
    ...names.filter((name) => needed.includes(name)),
    ...names.filter((name) => !needed.includes(name)),
  ]
  const shown = ordered
    .slice(0, MAX_ARGUMENTS)
    .map((name) => (needed.includes(name) ? name : `[${name}]`))
    .join(' ')
  const more = ordered.length - MAX_ARGUMENTS
  return more > 0 ? `${shown} and ${more} more` : shown
}
