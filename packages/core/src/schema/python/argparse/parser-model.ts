import type { PyValue } from '../values.js'

/** An `argparse.ArgumentParser` as the script makes it. */
export interface ParserModel {
  readonly prog: PyValue | undefined
  readonly description: PyValue | undefined
  readonly prefixChars: string
  readonly filePrefixChars: string
  /** `argument_default` */
  readonly argumentDefault: PyValue | undefined
  readonly resolves: boolean
  readonly actions: ActionModel[]
  readonly exclusive: ExclusiveGroup[]
  /** Every spelling of a flag so far. */
  readonly spellings: Set<string>
  /** From `set_defaults`. */
  readonly defaults: Map<string, PyValue>
  subparsers: SubparsersModel | undefined
  /** How it was asked to parse; nothing where it was not. */
  parsed: 'all' | 'some' | undefined
  /** Parsers whose leftover words this one parses. */
  readonly before: ParserModel[]
  /** Arguments that the script adds but that cannot be known. */
  unknown: number
}

export interface ExclusiveGroup {
  readonly actions: ActionModel[]
  readonly required: boolean
}

/** One `add_argument`. */
export interface ActionModel {
  /** Spellings; empty for a positional. */
  readonly flags: readonly string[]
  readonly dest: string
  readonly action: ActionName
  readonly nargs: PyValue | undefined
  readonly const: PyValue | undefined
  readonly default: PyValue | undefined
  readonly type: PyValue | undefined
  readonly choices: PyValue | undefined
  readonly help: PyValue | undefined
  readonly metavar: PyValue | undefined
  readonly required: boolean
  readonly file: string
  readonly line: number
}

export type ActionName =
  | 'store'
  | 'store_true'
  | 'store_false'
  | 'store_const'
  | 'append'
  | 'append_const'
  | 'extend'
  | 'count'
  | 'boolean'
  /** Prints something and ends, or takes nothing that a model could give. */
  | 'none'

export interface SubparsersModel {
  readonly dest: string | undefined
  readonly required: boolean
  readonly help: PyValue | undefined
  readonly choices: Map<string, SubparserModel>
  readonly file: string
  readonly line: number
}

export interface SubparserModel {
  readonly parser: ParserModel
  readonly help: PyValue | undefined
}
