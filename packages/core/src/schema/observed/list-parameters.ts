import type { Parameter } from '../parameter.js'
import type { Input } from './input.js'
import { fitDefault, learnt } from './input-parameter.js'
import type { Observed } from './observed.js'
import type { WordList } from './word-list.js'

/** Too common to say anything. */
const VAGUE =
  /^(_|args?|argv|words?|values?|val|v|x|a|i|p|s|item|param|params|positional|positionals|rest|raw|tmp|result)$/

/** The positionals that the code takes from the words of one kind, and the rest of them where it uses that. */
export function listParameters(
  seen: Observed,
  list: Pick<WordList, 'only'>,
  /** Only those that are read where the first word is this. */
  command?: string,
): Parameter[] {
  const first = command === undefined ? 0 : 1
  const mine = (one: Pick<WordList, 'command'>) =>
    command === undefined || one.command?.includes(command) === true
  const singles = seen.inputs
    .filter(
      (input) => input.position?.list.only === list.only && input.position.index >= first && mine(input),
    )
    .sort((a, b) => (a.position?.index ?? 0) - (b.position?.index ?? 0))
  const needed = seen.needed.get(list.only) ?? 0
  const last = singles.at(-1)?.position?.index ?? first - 1
  const rest = restOf(seen.lists.filter(mine), list.only, last)
  const parameters: Parameter[] = []
  for (let index = first; index <= last; index++) {
    const [input, ...others] = singles.filter(({ position }) => position?.index === index)
    parameters.push(
      input === undefined
        ? unread(singles[0] as Input, index, needed)
        : positional(input, index, needed, others, command),
    )
  }
  for (let index = parameters.length - 2; index >= 0; index--) {
    const [at, next] = [parameters[index], parameters[index + 1]]
    const isRead = singles.some(({ position }) => position?.index === index + first)
    if (!isRead && at !== undefined && next?.required === true) parameters[index] = { ...at, required: true }
  }
  const names = new Set<string>()
  const all = parameters.map((parameter) => {
    const name = fresh(parameter.name, names)
    return { ...parameter, name }
  })
  requireInOrder(all)
  if (rest === undefined) return all
  const { whole, name = 'args' } = rest
  const min = needed > last + 1
  return [
    ...all,
    {
      name: fresh(restName(name, whole?.item), names),
      type: 'string',
      list: min ? { min: 1 } : {},
      required: min,
      file: whole?.file ?? '',
      line: whole?.line ?? 1,
      places: [{ kind: 'positional', takes: 'many' }],
    },
  ]
}

const restName = (name: string, item: string | undefined): string =>
  VAGUE.test(name) && item !== undefined && !VAGUE.test(item) && /^\w{2,}$/.test(item) ? `${item}s` : name

function restOf(lists: readonly WordList[], only: WordList['only'], last: number): WordList | undefined {
  return lists.find(
    (list) =>
      list.only === only &&
      list.whole !== undefined &&
      (list.searched !== true || list.handed === true) &&
      list.from >= 0 &&
      (list.from > last || last < 0),
  )
}

function fresh(name: string, names: Set<string>): string {
  let chosen = name
  for (let count = 2; names.has(chosen); count++) chosen = `${name}${count}`
  names.add(chosen)
  return chosen
}

/** One that no code reads stands there all the same. */
function unread(beside: Input, index: number, needed: number): Parameter {
  return {
    ...{ name: `arg${index + 1}`, type: 'string', required: index < needed },
    ...{ file: beside.file, line: beside.line, places: [{ kind: 'positional', takes: 'one' }] },
  }
}

function positional(
  input: Input,
  index: number,
  needed: number,
  /** The same place under other first words. */
  others: readonly Input[],
  command: string | undefined,
): Parameter {
  const alike = others.every((other) => learnt(other).type === learnt(input).type)
  const known = alike ? learnt(input) : {}
  const always = command !== undefined || input.command === undefined
  const type = input.encoding === 'json' ? (known.type ?? 'any') : (known.type ?? 'string')
  const assumed = fitDefault(known.default, type)
  const own = input.names.find((name) => !VAGUE.test(name))
  return {
    name: own ?? input.names[0] ?? `arg${index + 1}`,
    type,
    ...(known.choices === undefined ? {} : { choices: known.choices }),
    ...(assumed === undefined ? {} : { default: assumed }),
    required: assumed === undefined && (index < needed || (always && (input.required || !input.optional))),
    ...{ file: input.file, line: input.line },
    places: [
      {
        ...{ kind: 'positional', takes: 'one' },
        ...(input.encoding === undefined ? {} : { encoding: input.encoding }),
      },
    ],
  }
}

/** What stands before something needed is needed too; what stands behind something optional is not. */
function requireInOrder(parameters: Parameter[]): void {
  let optional = false
  for (const [index, parameter] of parameters.entries()) {
    if (!parameter.required) optional = true
    else if (optional) parameters[index] = { ...parameter, required: false }
  }
}
