import type { SyntaxNode } from '../../syntax/syntax-node.js'
import { flagInput } from '../observed/observed.js'
import type { Ending } from './execute.js'
import type { Reading } from './reading.js'
import type { FlagMatch } from './values.js'

const HELP = /^(-h|-\?|--help|-V|--version)$/

/** Notes a flag whose branch does something without keeping it, as far as it is more than help. */
export function meetFlag(
  run: Reading,
  match: FlagMatch,
  ending: Ending,
  statement: SyntaxNode | undefined,
  file: string,
): void {
  const flags = match.flags.filter((flag) => /^--?[\w?]/.test(flag))
  if (statement === undefined || flags.length === 0 || flags.some((flag) => HELP.test(flag))) return
  const known = flags.some((flag) => run.observed.flags.has(flag))
  if (ending === 'exit' && !known && run.flag?.used !== true && run.loops > 0) return
  flagInput(run.observed, flags, file, statement.line)
}
