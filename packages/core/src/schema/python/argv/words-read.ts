import type { SyntaxNode } from '../../../syntax/syntax-node.js'
import type { ValueType } from '../../parameter.js'
import type { PyValue } from '../values.js'

/** A word of the command line that a script takes by its place. */
export interface ReadWord {
  /** From 1, as in `sys.argv`. */
  readonly index: number
  readonly names: WordName[]
  type: ValueType
  encoding: 'json' | undefined
  default: PyValue | undefined
  /** Whether it is read without a condition. */
  certain: boolean
  /** What it is compared with. */
  readonly choices: Set<string>
  /** Whether it is compared with a flag: then it may be nothing else. */
  maybeFlag: boolean
  readonly file: string
  line: number
}

/** What the code calls a word. */
export interface WordName {
  readonly name: string
  readonly annotation: SyntaxNode | undefined
}

/** A flag that a script looks for itself. */
export interface ReadFlag {
  readonly spellings: string[]
  /** Whether a word follows it. */
  takesValue: boolean
  /** `--name=value` is looked for, and nothing else. */
  joined: boolean
  /** It is looked for as a word of its own. */
  separate: boolean
  repeats: boolean
  type: ValueType
  default: PyValue | undefined
  readonly choices: Set<string>
  readonly file: string
  line: number
}

/** Everything that a script does with `sys.argv`. */
export interface ArgvReading {
  readonly words: Map<number, ReadWord>
  readonly flags: ReadFlag[]
  /** From this index on, all words are taken as a list. */
  rest:
    | { from: number; readonly names: string[]; joined: boolean; type: ValueType; file: string; line: number }
    | undefined
  /** How many words the script asks for at least, without its own name. */
  least: number
  most: number | undefined
  /** What the code calls the words from an index on. */
  readonly listNames: Map<number, string>
  /** Where a loop over the words begins. */
  loop: { readonly from: number; readonly file: string; readonly line: number } | undefined
  /** What the words that are no flags are called, where the script looks at each word. */
  readonly positionalNames: WordName[]
  /** Whether it looks at each word, or for flags anywhere. */
  scans: boolean
  used: boolean
  /** Short flags of `getopt`, and whether a value follows each. */
  getopt: { readonly letters: ReadonlyMap<string, boolean> } | undefined
  /** The flag whose branch is being followed. */
  current: ReadFlag | undefined
}

export const newArgvReading = (): ArgvReading => ({
  words: new Map(),
  flags: [],
  rest: undefined,
  least: 0,
  most: undefined,
  listNames: new Map(),
  loop: undefined,
  positionalNames: [],
  scans: false,
  used: false,
  getopt: undefined,
  current: undefined,
})
