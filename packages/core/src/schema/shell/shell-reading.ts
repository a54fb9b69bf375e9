import type { SyntaxNode } from '../../syntax/syntax-node.js'
import type { Observed } from '../observed/observed.js'
import type { Parameters, ShellValue } from './shell-values.js'

/** The state of one reading of a shell script: it is followed as it would run, with what can be known. */
export interface ShellReading {
  readonly file: string
  readonly observed: Observed
  readonly variables: Map<string, ShellValue>
  readonly functions: Map<string, SyntaxNode>
  /** Flags that `getopts` was told, by letter, and the variable that holds the letter. */
  readonly letters: Map<string, boolean>
  letterVariable: string | undefined
  parameters: Parameters
  steps: number
  /** More than 0 within a branch of which it is not known whether it is taken. */
  uncertain: number
  loops: number
  /** Number of branches, each under a condition, that the reading is in. */
  guards: number
  depth: number
  /** Whether what reads stdin here reads something else: a file, a pipe, a here-document. */
  fed: boolean
  flag: ShellFlag | undefined
  /** The first words of the line, one of which is the case where the reading is. */
  command: readonly string[] | undefined
  /** `guards` where that branch begins. */
  commandGuards: number
}

/** The flag in whose branch the reading is. */
export interface ShellFlag {
  readonly names: readonly string[]
  readonly joined: boolean
  /** Words shifted away within the branch. */
  shifted: number
  used: boolean
}

export class ReadingTooLong extends Error {}

const MAX_STEPS = 200_000
export const MAX_DEPTH = 20

export function spend(run: ShellReading): void {
  if (++run.steps > MAX_STEPS) throw new ReadingTooLong('it takes too long to follow')
}
