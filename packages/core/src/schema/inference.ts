import type { Diagnostic } from '../skill/skill-info.js'
import type { ArgvPlan } from './argv-plan.js'
import type { JsonSchema } from './json-schema.js'

/** What showed that an argument exists, strongest first. */
export type EvidenceKind =
  /** `input_schema` of the skill. */
  | 'declared'
  /** Calls of a parser. */
  | 'argparse'
  | 'click'
  | 'typer'
  | 'fire'
  | 'docopt'
  | 'getopt'
  | 'commander'
  | 'parse-args'
  | 'yargs'
  | 'minimist'
  | 'getopts'
  /** Direct uses: `sys.argv[1]`, `process.argv[2]`, `$1`; members of the JSON that is read from stdin. */
  | 'argv'
  | 'stdin-json'
  | 'stdin-text'
  /** A usage line in the code, its docstring or its head comment. */
  | 'usage'
  /** An example in `SKILL.md`. */
  | 'example'
  /** Nothing: `args` and `stdin`. */
  | 'fallback'

/** Where a property comes from. */
export interface PropertyEvidence {
  readonly property: string
  readonly kind: EvidenceKind
  /** Relative to the skill directory. */
  readonly file: string
  /** 1-based. */
  readonly line: number
}

/** What a script takes, as read from its code: what a model is shown, and the way back. */
export interface InferredInterface {
  readonly inputSchema: JsonSchema
  readonly argvPlan: ArgvPlan
  /** The kind of evidence that the whole rests on. */
  readonly kind: EvidenceKind
  /** What the script says of itself (its parser's description, else the first paragraph of its docstring). */
  readonly description?: string
  readonly evidence: readonly PropertyEvidence[]
  /** Environment variables that the script reads; needs of the run, not arguments. */
  readonly needs: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
}
