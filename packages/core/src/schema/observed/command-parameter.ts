import type { CommandParameter, Parameter } from '../parameter.js'
import { listParameters } from './list-parameters.js'
import type { Observed } from './observed.js'
import type { WordList } from './word-list.js'

/** The first word as a choice of sub-commands, where what follows is read for each of them apart. */
export function commandParameter(
  seen: Observed,
  only: WordList['only'],
  first: Parameter | undefined,
): CommandParameter | undefined {
  const places = seen.inputs.filter(({ position }) => position?.list.only === only)
  const lists = seen.lists.filter((list) => list.only === only && list.whole !== undefined)
  const top = places.find(({ position }) => position?.index === 0)
  const scoped = [...places, ...lists].some(({ command }) => command !== undefined)
  const shared =
    places.some((input) => input !== top && input.command === undefined) ||
    lists.some(({ command, from }) => command === undefined && from >= 0)
  if (first === undefined || top === undefined || !scoped || shared) return undefined
  const names = (top.choices ?? top.compared).filter((value): value is string => typeof value === 'string')
  if (names.length < 2) return undefined
  const { name, required, description, file, line } = first
  return {
    ...{ name, required, file, line },
    ...(description === undefined ? {} : { description }),
    choices: names.map((command) => ({ command, parameters: listParameters(seen, { only }, command) })),
  }
}
