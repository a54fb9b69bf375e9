import { hasDefault, hasType, type Input, isNamed, newInput } from '../observed/input.js'
import { flagInput, namedPositional, positionalInput } from '../observed/observed.js'
import { wordList } from '../observed/word-list.js'
import type { ShellReading } from './shell-reading.js'
import { isA, type ShellValue, UNKNOWN } from './shell-values.js'

/** `$1` and so on. */
export function placeValue(place: number, line: number, run: ShellReading): ShellValue {
  const { parameters, flag } = run
  if (parameters.kind === 'given') return parameters.values[place - 1] ?? ''
  if (run.loops > parameters.loops) {
    if (flag === undefined) return place === 1 ? { kind: 'word', list: parameters.list } : UNKNOWN
    if (place - 1 + flag.shifted > 0) return flagValue(line, run, false)
    return { kind: 'word', list: parameters.list }
  }
  return {
    kind: 'input',
    input: positionalInput(run.observed, parameters.list, place - 1, run.file, line, run.command),
  }
}

/** The value that comes with the flag in whose branch the reading is. */
export function flagValue(line: number, run: ShellReading, joined: boolean): ShellValue {
  const { flag } = run
  if (flag === undefined) return UNKNOWN
  flag.used = true
  const input = flagInput(run.observed, flag.names, run.file, line)
  if (joined) input.joined = true
  else input.separate = true
  return { kind: 'input', input }
}

/** Gives a variable a value; `adds` for `+=`. */
export function assign(name: string, value: ShellValue, line: number, run: ShellReading, adds = false): void {
  const before = run.variables.get(name)
  const kept = stored(name, value, before, line, run, adds)
  if (isA(kept, 'input')) isNamed(kept.input, propertyOf(name))
  if (isA(kept, 'words')) kept.list.name ??= propertyOf(name)
  run.variables.set(name, run.uncertain > 0 && before !== undefined ? join(before, kept) : kept)
}

/** A variable's name as a property: `INPUT_FILE` is `input_file`. */
export const propertyOf = (name: string): string => (/^[A-Z0-9_]+$/.test(name) ? name.toLowerCase() : name)

function stored(
  name: string,
  value: ShellValue,
  before: ShellValue | undefined,
  line: number,
  run: ShellReading,
  adds: boolean,
): ShellValue {
  const { flag } = run
  if (isA(value, 'array')) return storedItems(name, value.items, before, line, run, adds)
  if (isA(value, 'word') && flag === undefined && !isLoopName(name)) {
    const input = namedPositional(run.observed, value.list, propertyOf(name), run.file, line)
    return { kind: 'input', input }
  }
  if (flag === undefined || flag.used || flag.joined || typeof value !== 'string') return value
  const input = flagInput(run.observed, flag.names, run.file, line)
  if (input.separate || input.joined) return value
  input.stands ??= { value: flagConstant(value, before) }
  isNamed(input, propertyOf(name))
  return { kind: 'input', input }
}

const isLoopName = (name: string): boolean => /^(arg|key|opt|option|param|token|word|i)$/i.test(name)

const ON = /^(true|yes|1|on|y)$/i
const OFF = /^(false|no|0|off|n)?$/i

/** A lone flag is a boolean where what it sets looks like one. */
function flagConstant(value: string, before: ShellValue | undefined): string | boolean {
  if (ON.test(value)) return true
  if (OFF.test(value)) return false
  if (typeof before === 'string' && (ON.test(before) || OFF.test(before))) return true
  return before === undefined || (typeof before === 'string' && before === '') || value.startsWith('-')
    ? true
    : value
}

function storedItems(
  name: string,
  items: readonly ShellValue[],
  before: ShellValue | undefined,
  line: number,
  run: ShellReading,
  adds: boolean,
): ShellValue {
  const [only] = items
  if (isA(only, 'words') && items.length === 1) return only
  if (isA(only, 'word') && run.flag === undefined) {
    const known = isA(before, 'words') ? before.list : undefined
    if (known !== undefined) return { kind: 'words', list: known }
    const list = wordList('values', 0, 0)
    list.name = propertyOf(name)
    list.whole = { file: run.file, line }
    run.observed.lists.push(list)
    return { kind: 'words', list }
  }
  for (const item of items) {
    if (isA(item, 'input') && run.flag !== undefined) {
      item.input.each = true
      isNamed(item.input, propertyOf(name))
    }
  }
  const earlier = adds && isA(before, 'array') ? before.items : []
  return { kind: 'array', items: [...earlier, ...items].slice(0, 500) }
}

/** One value where the script takes one of two. */
export function join(a: ShellValue, b: ShellValue): ShellValue {
  if (isA(a, 'input') && isA(b, 'input')) return a
  if (isA(a, 'input') || isA(b, 'input')) {
    const [{ input }, other] = (isA(a, 'input') ? [a, b] : [b, a]) as [{ input: Input }, ShellValue]
    if (typeof other === 'string') assumes(input, other)
    else input.optional = true
    return { kind: 'input', input }
  }
  if (isA(b, 'words') && isA(a, 'array')) return b
  if (typeof a === 'object' && a.kind !== 'unknown') return a
  if (typeof b === 'object' && b.kind !== 'unknown') return b
  return a === b ? a : UNKNOWN
}

/** Notes a default, and the type that it shows. */
export function assumes(input: Input, text: string): void {
  input.optional = true
  if (text === '') return
  if (input.stands !== undefined) {
    const { value } = input.stands
    if (typeof value === 'boolean') hasDefault(input, !value)
    else hasDefault(input, text)
    return
  }
  const value = typedText(text)
  if (typeof value === 'boolean') hasType(input, 'boolean')
  else if (typeof value === 'number') hasType(input, Number.isInteger(value) ? 'integer' : 'number')
  hasDefault(input, value)
}

/** A text as the value that it looks like. */
function typedText(text: string): string | number | boolean {
  if (/^(0|[1-9]\d{0,14})$/.test(text) || /^(0|[1-9]\d{0,9})\.\d{1,9}$/.test(text)) return Number(text)
  if (text === 'true' || text === 'false') return text === 'true'
  return text
}

/** A member of the JSON on stdin. */
export function jsonMember(key: string, line: number, run: ShellReading): ShellValue {
  const known = run.observed.inputs.find((input) => input.source === 'member' && input.key === key)
  const input = known ?? newInput('member', run.file, line, { key })
  if (known === undefined) run.observed.inputs.push(input)
  return { kind: 'input', input }
}
