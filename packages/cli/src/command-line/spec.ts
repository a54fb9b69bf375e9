/** One option of a command: parser, help and shell completion are all derived from it. */
export interface OptionSpec {
  /** Long name without dashes. */
  readonly name: string
  readonly short?: string
  /** What stands for the value in the help (`SECONDS`); an option without it is a switch. */
  readonly value?: string
  readonly repeatable?: true
  /** The only values allowed. */
  readonly choices?: readonly string[]
  /** What a shell completes the value with. */
  readonly completes?: 'file' | 'directory' | 'program'
  readonly about: string
}

/** One command, as data. */
export interface CommandSpec {
  readonly name: string
  /** What follows the name in the usage line. */
  readonly operands: string
  /** How many operands it takes at least and at most. */
  readonly arity: readonly [least: number, most: number]
  /** What a shell completes operands with; a list: exactly these words. */
  readonly completes?: 'skill' | 'directory' | readonly string[]
  readonly about: string
  /** Paragraphs of the help below the usage line, wrapped by hand. */
  readonly details?: string
  readonly options: readonly OptionSpec[]
  readonly example: string
}

/** What is written on the command line, checked against the table. */
export interface ParsedArguments {
  readonly operands: readonly string[]
  /** Everything after `--`; undefined where there is no `--`. */
  readonly rest: readonly string[] | undefined
  readonly flags: ReadonlySet<string>
  readonly values: ReadonlyMap<string, readonly string[]>
}

/** A command's code. Resolves to the exit status. */
export interface CommandModule {
  readonly command: (parsed: ParsedArguments) => Promise<number>
}
