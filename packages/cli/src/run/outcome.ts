import { basename } from 'node:path'
import {
  type CompletedRun,
  describeEnd,
  type NetworkAttempt,
  type RunEnd,
  type Violation,
} from '@skilllite/core'
import { visibleLine } from '../terminal/escape.js'
import { tell } from '../terminal/output.js'
import { styleFor } from '../terminal/style.js'

/** Tells on stderr what a run's output does not show: which limit ended it, what was refused, cut, kept or lost. */
export function tellOutcome(result: CompletedRun): void {
  const style = styleFor(2)
  const say = (word: string, text: string) => tell(`skilllite: ${style.yellow(word)}: ${visibleLine(text)}`)
  for (const { argument, from, to } of result.coerced ?? []) {
    say(
      'read',
      `${argument}: ${JSON.stringify(from)} as ${to === undefined ? 'left out' : JSON.stringify(to)}`,
    )
  }
  for (const violation of result.violations)
    say('refused', `${violation.message}${remedy(violation, result)}`)
  for (const attempt of result.network) {
    if (attempt.verdict !== 'allowed') say(attempt.verdict, attemptLine(attempt))
  }
  for (const stream of ['stdout', 'stderr'] as const) {
    if (result.truncated[stream]) say('cut', `more was printed on ${stream} than is kept`)
  }
  const { backend, weaker } = result.isolation
  if (backend !== 'none' && weaker.length > 0) {
    say(
      'weaker',
      `the backend ${backend} cannot keep ${weaker.length} promises of the sandbox; see skilllite doctor`,
    )
  }
  const stopped = endReason(result.end)
  if (stopped !== undefined) say('stopped', stopped)
  if (result.hint !== undefined) say('hint', result.hint)
  for (const artifact of result.artifacts) {
    tell(`skilllite: kept: ${visibleLine(artifact.path)} (${artifact.bytes} bytes, ${artifact.mediaType})`)
  }
  for (const left of result.leftOut) say('not kept', `${left.path}: ${left.reason}`)
}

/** The flag that would allow what was refused. */
function remedy({ kind, what }: Violation, { isolation }: CompletedRun): string {
  // A name that a shell would take for more is not one to copy.
  if (kind === 'exec' && /^[\w.+-]+$/.test(basename(what)))
    return ` (--allow-program ${basename(what)} allows it)`
  // With hosts granted, the way there is the proxy, and one more host would not help.
  return kind === 'socket' && isolation.layers.network !== 'proxy' ? ' (--allow-host HOST allows it)' : ''
}

function attemptLine({ reason, grant, count }: NetworkAttempt): string {
  const times = count > 1 ? ` (${count} times)` : ''
  return `${reason}${times}${grant === undefined ? '' : ` (--allow-host ${grant} allows it)`}`
}

/** Why a run ended, where it did not end by itself, and the flag that would let it go on. */
export function endReason(end: RunEnd): string | undefined {
  const reason = describeEnd(end)
  switch (end.kind) {
    case 'time':
    case 'cpu':
      return `${reason}; --timeout raises it`
    case 'memory':
      return `${reason}; --memory raises it`
    default:
      return reason
  }
}
