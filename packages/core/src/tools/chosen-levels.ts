import { quote } from '../errors.js'
import type { CommandLevel } from '../schema/argv-plan.js'
import { refusal } from './encode-word.js'

/** A level that the arguments lead through. */
export interface OpenLevel {
  readonly level: CommandLevel
  /** The sub-command that follows it. */
  readonly command?: string
  /** What the property of that sub-command is called. */
  readonly choice?: string
}

/** The levels from the top to the sub-command that the arguments choose. */
export function chosenLevels(top: CommandLevel, args: Readonly<Record<string, unknown>>): OpenLevel[] {
  const levels: OpenLevel[] = []
  for (let level: CommandLevel | undefined = top; level !== undefined; ) {
    const { commands }: CommandLevel = level
    const command: unknown = commands === undefined ? undefined : args[commands.name]
    if (commands === undefined || command === undefined || command === null) {
      if (commands?.required === true) throw refusal(`${commands.name} is missing, which is needed here`)
      return [...levels, { level }]
    }
    if (typeof command !== 'string' || !Object.hasOwn(commands.choices, command)) {
      const known = Object.keys(commands.choices).join(', ')
      throw refusal(`${commands.name} cannot be ${quote(command)} here; there are ${known}`)
    }
    levels.push({ level, command, choice: commands.name })
    level = commands.choices[command]
  }
  return levels
}

/** A level, and the sub-commands that lead to it. */
export interface PlacedLevel {
  readonly path: readonly string[]
  readonly level: CommandLevel
}

/** All levels of a plan, the top first. */
export function everyLevel(top: CommandLevel): PlacedLevel[] {
  const all: PlacedLevel[] = []
  const rest: PlacedLevel[] = [{ path: [], level: top }]
  for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
    all.push(next)
    for (const [command, level] of Object.entries(next.level.commands?.choices ?? {})) {
      rest.push({ path: [...next.path, command], level })
    }
  }
  return all
}
