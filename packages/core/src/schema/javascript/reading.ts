import type { SyntaxNode } from '../../syntax/syntax-node.js'
import type { Observed } from '../observed/observed.js'
import type { ScriptSource, SourceFile } from '../script-source.js'
import type { CallArguments, FlagMatch, JsScope, JsValue } from './values.js'

/** The state of one reading of a script: it is followed as it would run, with what can be known of the values. */
export interface Reading {
  readonly script: ScriptSource
  /** Files of the skill that it may import, by path. */
  readonly files: ReadonlyMap<string, SourceFile>
  /** What each of them exports, once run. */
  readonly modules: Map<string, JsScope>
  readonly observed: Observed
  readonly callExternal: (path: string, args: CallArguments, made: boolean) => JsValue
  readonly readExternal: (path: string) => JsValue
  steps: number
  /** More than 0 within a branch of which it is not known whether it is taken. */
  uncertain: number
  /** Number of branches, each under a condition, that the reading is in. */
  guards: number
  /** Number of loops that the reading is in. */
  loops: number
  readonly stack: CallFrame[]
  /** The first words of the line, one of which is the case where the reading is. */
  command: readonly string[] | undefined
  /** `guards` where that branch begins. */
  commandGuards: number
  /** The flag in whose branch the reading is. */
  flag: FlagContext | undefined
  /** Set by a call that certainly ends the program. */
  ended: boolean
}

export interface CallFrame {
  readonly node: SyntaxNode
  readonly returns: JsValue[]
  readonly uncertain: number
}

export interface FlagContext extends FlagMatch {
  /** Whether the code took a value for it. */
  used: boolean
}

/** Thrown to end a reading that takes too long. */
export class ReadingTooLong extends Error {}

const MAX_STEPS = 400_000
export const MAX_CALL_DEPTH = 30

/** Counts a step. */
export function spend(run: Reading, steps = 1): void {
  run.steps += steps
  if (run.steps > MAX_STEPS) throw new ReadingTooLong('it takes too long to follow')
}
