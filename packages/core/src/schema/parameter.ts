import type { ExclusiveArguments, FlagPlan, PositionalPlan, StdinPlan } from './argv-plan.js'
import type { EvidenceKind } from './inference.js'

/** The JSON type of a value, or of each item of a list; `any` where the script would take anything. */
export type ValueType = 'string' | 'integer' | 'number' | 'boolean' | 'object' | 'array' | 'any'

/** An argument of a script, as a style reader understands it. {@link assembleInterface} makes schema and plan of it. */
export interface Parameter {
  /** As the script's parser would name it. */
  readonly name: string
  readonly type: ValueType
  /** That it is a list of such values, and how many. */
  readonly list?: { readonly min?: number; readonly max?: number }
  /** Values allowed (for a list: for each item). */
  readonly choices?: readonly unknown[]
  /** Only where known: a literal in the code. */
  readonly default?: unknown
  readonly required: boolean
  readonly description?: string
  readonly file: string
  readonly line: number
  /** Where it differs from the interface's own kind. */
  readonly kind?: EvidenceKind
  /** Its places on the line; none for a member of the JSON on stdin. Several for a flag and its opposite. */
  readonly places: readonly Place[]
}

/** A place on the line; name and default are the parameter's. */
export type Place = Omit<PositionalPlan, Shared> | Omit<FlagPlan, Shared>
type Shared = 'name' | 'default' | 'required'

/** The parameters before the first sub-command, or those of one sub-command. */
export interface ParameterLevel {
  /** In the order of the code. On the line, flags go before positionals, unless `order` of the whole says else. */
  readonly parameters: readonly Parameter[]
  readonly exclusive?: readonly ExclusiveArguments[]
  readonly commands?: CommandParameter
}

export interface CommandParameter {
  readonly name: string
  readonly required: boolean
  readonly description?: string
  readonly file: string
  readonly line: number
  readonly choices: readonly SubCommand[]
}

export interface SubCommand extends ParameterLevel {
  readonly command: string
  readonly description?: string
}

/** Everything a style reader found out about a script. */
export interface ScriptInterface extends ParameterLevel {
  readonly kind: EvidenceKind
  readonly description?: string
  /** Why there may be more arguments than these. */
  readonly incomplete?: string
  /** See `CommandLinePlan`.
   *  @default '-' */
  readonly prefixes?: string
  /** @default true */
  readonly endOfOptions?: boolean
  readonly dashIsFlag?: boolean
  readonly negativeNumbers?: boolean
  readonly filePrefixes?: string
  /** `positionals-first` is for scripts that take positionals by index and look for flags behind them.
   *  @default 'flags-first' */
  readonly order?: 'flags-first' | 'positionals-first'
  readonly stdin?: StdinPlan
  /** Everything is one JSON object on stdin. */
  readonly wholeStdin?: boolean
  /** For `wholeStdin`: whether members that the code does not name are taken too. */
  readonly open?: boolean
}
