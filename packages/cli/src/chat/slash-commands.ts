import type { SkillManager } from '@skilllite/core'
import { nearest } from '../command-line/nearest.js'
import { visibleLine } from '../terminal/escape.js'
import { tell } from '../terminal/output.js'
import { styleFor } from '../terminal/style.js'
import { table } from '../terminal/table.js'

/** What a line that begins with a slash can change. */
export interface ChatControls {
  readonly manager: SkillManager
  /** Approves what scans ask, without asking. */
  approveAll: boolean
}

const help: Readonly<Record<string, string>> = {
  '/skills': 'the skills that the model can use',
  '/approve all': 'approve what scans find without asking, until you leave; the report is still shown',
  '/approve ask': 'ask again',
  '/help': 'this list',
  '/quit': 'leave, as Ctrl-D does',
}
const names = ['/skills', '/approve', '/help', '/quit']

/** Does what the line says. Whether the conversation goes on. */
export function slashCommand(line: string, controls: ChatControls): boolean {
  const [name = '', argument, ...more] = line.split(/\s+/)
  switch (name) {
    case '/quit':
    case '/exit':
      return false
    case '/help':
      for (const [command, about] of Object.entries(help)) tell(`  ${command.padEnd(14)}${about}`)
      tell('  Ctrl-C ends what is running; a line that ends with \\ goes on in the next.')
      return true
    case '/skills':
      tell(skillTable(controls.manager).trimEnd())
      return true
    case '/approve':
      if (more.length > 0 || (argument !== undefined && argument !== 'all' && argument !== 'ask')) {
        tell('  It is /approve all or /approve ask.')
        return true
      }
      if (argument !== undefined) controls.approveAll = argument === 'all'
      tell(controls.approveAll ? '  What scans find is approved without asking.' : '  You are asked.')
      return true
    default: {
      const meant = nearest(name, names)
      tell(
        `  There is no ${visibleLine(name)}. ${meant === undefined ? 'See /help.' : `Did you mean ${meant}?`}`,
      )
      return true
    }
  }
}

function skillTable({ skills }: SkillManager): string {
  if (skills.length === 0) return '  No skills were found; say where they are with --skills-dir.'
  const rows = skills.map(({ name, description }) => [visibleLine(name), visibleLine(description)])
  return table(['skill', 'description'], rows, styleFor(2))
}
