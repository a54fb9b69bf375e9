import type { ScriptInterface } from '../parameter.js'
import { type Input, isNamed, newInput } from './input.js'
import type { WordList } from './word-list.js'

/** What a reading saw of the script's ways to take arguments. */
export interface Observed {
  /** Lists of words, in the order in which the code made them. */
  readonly lists: WordList[]
  readonly inputs: Input[]
  /** Positionals by their place. */
  readonly places: Map<string, Input>
  /** Flags by their spelling. */
  readonly flags: Map<string, Input>
  /** Numbers of words without which the script ends. */
  readonly needed: Map<WordList['only'], number>
  /** Whether a word `--` ends the flags. */
  ownsDashes: boolean
  /** Whether flags are looked for in a loop, so that an unknown one would be noticed. */
  strict: boolean
  stdin?: { readonly kind: 'text' | 'json'; readonly file: string; readonly line: number }
  /** Whether the JSON on stdin is used as a whole. */
  wholeJson: boolean
  /** What parsers were told, the first counts. */
  readonly parsers: ScriptParser[]
}

/** A parser of the command line that the script uses. */
export interface ScriptParser {
  /** What it takes; nothing where nothing was declared. */
  readonly describe: () => ScriptInterface | undefined
}

export const nothingObserved = (): Observed => ({
  ...{ lists: [], inputs: [], flags: new Map(), places: new Map(), needed: new Map(), parsers: [] },
  ...{ ownsDashes: false, strict: false, wholeJson: false },
})

const MAX_INPUTS = 2_000
const MAX_PLACE = 1_000

/** The flag with these spellings, made where it is new. */
export function flagInput(seen: Observed, flags: readonly string[], file: string, line: number): Input {
  let input = flags.map((flag) => seen.flags.get(flag)).find((known) => known !== undefined)
  if (input === undefined) {
    input = newInput('flag', file, line)
    if (seen.inputs.length < MAX_INPUTS) seen.inputs.push(input)
  }
  for (const flag of flags) {
    input.flags.add(flag)
    seen.flags.set(flag, input)
  }
  return input
}

/** The positional at that place of a list. */
export function positionalInput(
  seen: Observed,
  list: WordList,
  index: number,
  file: string,
  line: number,
  command?: readonly string[],
): Input {
  const at = list.from + index
  const own = at > 0 && command !== undefined
  const shared = `${list.only} ${at}`
  const key = own ? `${shared} ${command.join(' ')}` : shared
  const known = seen.places.get(shared) ?? seen.places.get(key)
  if (known !== undefined) return known
  const input = newInput('positional', file, line, {
    position: { list, index: at },
    ...(own ? { command } : {}),
  })
  // A place beyond any line that a person writes is no argument.
  if (at > MAX_PLACE || seen.inputs.length >= MAX_INPUTS) return input
  seen.places.set(key, input)
  seen.inputs.push(input)
  return input
}

/** The next positional, for code that stores the words that are no flags one after another under their names. */
export function namedPositional(
  seen: Observed,
  list: WordList,
  name: string,
  file: string,
  line: number,
): Input {
  const values = seen.inputs.filter(({ position }) => position?.list.only === 'values')
  const known = values.find(({ names }) => names.includes(name))
  if (known !== undefined) return known
  const input = positionalInput(seen, { ...list, only: 'values', from: 0 }, values.length, file, line)
  isNamed(input, name)
  return input
}

/** A member of the JSON on stdin. */
export function memberInput(seen: Observed, key: string, file: string, line: number): Input {
  const known = seen.inputs.find((input) => input.source === 'member' && input.key === key)
  if (known !== undefined) return known
  const input = newInput('member', file, line, { key })
  if (seen.inputs.length < MAX_INPUTS) seen.inputs.push(input)
  return input
}

/** Forgets a positional of which nothing is known but that the code looks whether it is some flag. */
export function forgetPeeked(seen: Observed, input: Input): void {
  const { position, names, compared, type, required, optional } = input
  if (
    position === undefined ||
    names.length + compared.length > 0 ||
    type !== undefined ||
    required ||
    optional
  )
    return
  const at = seen.inputs.indexOf(input)
  if (at < 0) return
  seen.inputs.splice(at, 1)
  seen.places.delete(`${position.list.only} ${position.index}`)
}
