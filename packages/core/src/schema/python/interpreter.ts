import type { SyntaxNode } from '../../syntax/syntax-node.js'
import type { CallArguments, PyFunction, PyScope, PyValue } from './values.js'

/** The state of one reading of a script: it is followed as Python would run it, with what can be known of the values. */
export interface Interpreter {
  /** What calling something external gives; nothing where no style knows it. */
  readonly callExternal: (path: string, args: CallArguments) => PyValue | undefined
  /** What an attribute of an external module is, where a style knows it (`sys.argv`). */
  readonly readExternal: (path: string) => PyValue | undefined
  /** The scope of a module of the skill, run when first asked for. */
  readonly importModule: (name: string, level: number, from: string) => PyScope | undefined
  /** Whether nothing was found so far: then an end of the program that seems certain is not believed. */
  readonly seeks: () => boolean
  /** When it began, by `performance.now()`. */
  readonly started: number
  steps: number
  /** More than 0 within a branch of which it is not known whether it is taken. */
  uncertain: number
  readonly stack: PyFrame[]
  /** The statement being followed. */
  at: { readonly node: SyntaxNode; readonly file: string } | undefined
  /** Set by a call that certainly ends the program. */
  exits: boolean
}

/** A function being called. */
export interface PyFrame {
  readonly function: PyFunction
  readonly returns: PyValue[]
  readonly yields: PyValue[]
  /** `uncertain` when it was called. */
  readonly uncertain: number
}

/** Thrown to end a reading: all is known, or it takes too long. */
export class EndOfReading extends Error {
  constructor(readonly reason: 'complete' | 'too-long') {
    super(reason)
  }
}

const MAX_STEPS = 400_000
const MAX_MS = 2_000
export const MAX_CALL_DEPTH = 40

/** Counts a step of the reading. */
export function spend(run: Interpreter, steps = 1): void {
  run.steps += steps
  if (run.steps > MAX_STEPS) throw new EndOfReading('too-long')
  // The clock is asked now and then: some steps are a thousand times longer than others.
  if (run.steps % 64 < steps && performance.now() > run.started + MAX_MS) throw new EndOfReading('too-long')
}
