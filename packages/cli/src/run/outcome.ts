import { basename } from 'node:path'
import type { CompletedRun, NetworkAttempt, RunEnd, Violation } from '@skilllite/core'
import { visibleLine } from '../terminal/escape.js'
import { tell } from '../terminal/output.js'
import { styleFor } from '../terminal/style.js'

/** Tells on stderr what a run's output does not show: which limit ended it, what was refused, cut, kept or lost. */
export function tellOutcome(result: CompletedRun): void {
  const style = styleFor(2)
  const say = (word: string, text: string) => tell(`skilllite: ${style.yellow(word)}: ${visibleLine(text)}`)
  for (const { argument, from, to } of result.coerced ?? []) {
    say('read', `${argument}: ${JSON.stringify(from)} as ${JSON.stringify(to)}`)
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

/** Why a run ended, where it did not end by itself. */
export function endReason(end: RunEnd): string | undefined {
  switch (end.kind) {
    case 'exited':
      return undefined
    case 'signalled':
      return `killed by signal ${end.signal}`
    case 'time':
      return `the time limit of ${seconds(end.limitMs)} is over; --timeout raises it`
    case 'cpu':
      return `the CPU time limit of ${seconds(end.limitMs)} is used up (${seconds(end.usedMs)}); --timeout raises it`
    case 'memory':
      return `the memory limit of ${mebibytes(end.limitBytes)} is reached (${mebibytes(end.usedBytes)}); --memory raises it`
    case 'pids':
      return `the limit of ${end.limit} processes and threads is reached`
    case 'disk':
      return `the limit on files is reached (${mebibytes(end.usedBytes)})`
    case 'output':
      return `the limit of ${mebibytes(end.limitBytes)} on ${end.stream} is reached`
    case 'cancelled':
      return 'cancelled'
    case 'setup-failed':
      return `the sandbox could not be set up: ${end.layer}: ${end.message} (${end.errno})`
  }
}

function seconds(ms: number): string {
  return `${Number((ms / 1000).toFixed(2))} s`
}

function mebibytes(bytes: number): string {
  return `${Number((bytes / 1024 / 1024).toFixed(1))} MiB`
}
