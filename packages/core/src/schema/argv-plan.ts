/**
 * How validated arguments become a command line, stdin or both. Data, so that it can be cached, printed and tested.
 *
 * - `stdin-json`: the arguments are one JSON object on stdin; the command line is empty.
 * - `raw`: nothing is known of the script: the strings of `args` are its command line, `stdin` its standard input.
 * - `command-line`: each argument has its place.
 */
export type ArgvPlan = { readonly kind: 'stdin-json' } | { readonly kind: 'raw' } | CommandLinePlan

export interface CommandLinePlan extends CommandLevel {
  readonly kind: 'command-line'
  /**
   * Characters with which the script's parser begins a flag; a value that begins with one needs care. Empty for a
   * script that takes every word as a value.
   */
  readonly prefixes: string
  /** Whether every word after `--` is a value. */
  readonly endOfOptions: boolean
  /** Whether a lone `-`, by old custom a value, is none here. */
  readonly dashIsFlag?: boolean
  /** Whether a word like `-5` is a value all the same. */
  readonly negativeNumbers?: boolean
  /** Characters with which a word names a file of further words (argparse: `fromfile_prefix_chars`). */
  readonly filePrefixes?: string
  /** @default nothing: the script does not read stdin */
  readonly stdin?: StdinPlan
}

/** The arguments before the first sub-command, or those of one sub-command. */
export interface CommandLevel {
  /** In the order in which they go on the line. */
  readonly arguments: readonly ArgumentPlan[]
  readonly exclusive?: readonly ExclusiveArguments[]
  readonly commands?: CommandChoice
}

/** Arguments of which at most one may be given. */
export interface ExclusiveArguments {
  readonly names: readonly string[]
  /** Whether one must be. */
  readonly required: boolean
}

/** A place where the line names a sub-command; what that one takes follows. */
export interface CommandChoice {
  /** The property that holds the sub-command's name. */
  readonly name: string
  readonly required: boolean
  readonly choices: Readonly<Record<string, CommandLevel>>
}

/** What stdin holds: the text of one property, or some properties as one JSON object. */
export type StdinPlan =
  | { readonly kind: 'text'; readonly name: string }
  | { readonly kind: 'json'; readonly names: readonly string[] }

export type ArgumentPlan = PositionalPlan | FlagPlan

interface PlannedArgument {
  /** The property. */
  readonly name: string
  /** What the script takes where nothing is given: such a value is left off the line. */
  readonly default?: unknown
  /** Whether the sub-command, once chosen, must be given it. The top level's are in the schema. */
  readonly required?: boolean
  /**
   * How one value becomes a word. Without it: strings as they are, numbers in digits, anything else as JSON.
   * `python` is a Python literal.
   */
  readonly encoding?: 'json' | 'python'
  /** The script's parser says that it is the path of a file or directory. */
  readonly path?: boolean
  /** The words for `true` and `false`. */
  readonly words?: readonly [string, string]
}

export interface PositionalPlan extends PlannedArgument {
  readonly kind: 'positional'
  /** `many`: each item is a word. `rest`: so too, and the parser takes all words that follow as they are. */
  readonly takes: 'one' | 'many' | 'rest'
}

export interface FlagPlan extends PlannedArgument {
  readonly kind: 'flag'
  /** As it is spelled on the line: `--max-rows`, `-n`. */
  readonly flag: string
  /**
   * - `nothing`: the flag stands alone; it is there if the value equals `when` (or, with `each`, once for each item that does);
   * - `count`: the flag stands alone, as often as the value says;
   * - `one`: a word follows;
   * - `many`: a word for each item follows.
   */
  readonly takes: 'nothing' | 'count' | 'one' | 'many'
  /** The property is an array, and each item has its flag. */
  readonly each?: boolean
  /** For `nothing`. */
  readonly when?: unknown
  /** For `many`: the parser takes exactly so many words, and leaves those after it alone. */
  readonly exactly?: number
  /**
   * How flag and value are put together. `auto`: as two words, and in one (`--name=value`, `-nvalue`) where the value
   * looks like a flag. `separate`: always two words. `joined`: always one.
   */
  readonly form: 'auto' | 'separate' | 'joined'
  /** The script adds the items (or the count) given to its default, instead of replacing it. */
  readonly adds?: boolean
}
