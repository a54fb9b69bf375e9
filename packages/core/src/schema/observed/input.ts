import type { ValueType } from '../parameter.js'
import type { WordList } from './word-list.js'

/** Something that the script takes from outside, and what its code tells of it. */
export interface Input {
  readonly source: 'positional' | 'flag' | 'member'
  readonly file: string
  readonly line: number
  /** For a positional. */
  readonly position?: { readonly list: WordList; readonly index: number }
  /** For a positional: the first words with which alone it is read. */
  readonly command?: readonly string[]
  /** For a flag: its spellings. */
  readonly flags: Set<string>
  /** For a member of the JSON on stdin. */
  readonly key?: string
  /** Names by which the code knows it, first the nearest. */
  readonly names: string[]
  /** For a flag: how its value comes. */
  separate: boolean
  joined: boolean
  /** For a flag with a value: that the code takes several. */
  each: boolean
  type?: ValueType
  list?: { readonly items: ValueType }
  encoding?: 'json'
  choices?: readonly unknown[]
  /** Values with which the code compares it. */
  readonly compared: unknown[]
  default?: { readonly value: unknown }
  required: boolean
  optional: boolean
  /** For a lone flag: the value that it stands for. */
  stands?: { readonly value: unknown }
}

export function newInput(
  source: Input['source'],
  file: string,
  line: number,
  more: Pick<Input, 'position' | 'key' | 'command'> = {},
): Input {
  return {
    ...{ source, file, line, flags: new Set(), names: [], separate: false, joined: false, each: false },
    ...{ compared: [], required: false, optional: false },
    ...more,
  }
}

/** Narrows the type; the first that is said counts. */
export function hasType(input: Input, type: ValueType): void {
  if (input.type === undefined || (input.type === 'number' && type === 'integer')) input.type = type
}

/** Notes the value that the script takes where nothing is given. */
export function hasDefault(input: Input, value: unknown): void {
  input.optional = true
  if (value !== null && value !== undefined) input.default ??= { value }
}

/** Notes a name by which the code knows it. */
export function isNamed(input: Input, name: string): void {
  if (!input.names.includes(name) && input.names.length < 8) input.names.push(name)
}
