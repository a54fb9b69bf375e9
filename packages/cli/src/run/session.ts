import type { RunResult } from '@skilllite/core'
import { failureOf, reportFailure } from '../failure.js'
import { visibleJson } from '../terminal/escape.js'
import { StdoutClosed, writeStdout } from '../terminal/output.js'
import { cancelOnSignals } from './cancellation.js'
import { type PassThrough, passThrough } from './pass-through.js'
import { reportResult } from './report-result.js'

/** What a run needs from the command line around it. */
export interface Hooks extends Partial<Pick<PassThrough, 'onStdout' | 'onStderr'>> {
  readonly signal: AbortSignal
}

/** Runs something with signals, output and failures handled as `run` and `exec` both promise. */
export async function session(json: boolean, start: (hooks: Hooks) => Promise<RunResult>): Promise<number> {
  const cancellation = cancelOnSignals()
  const output = json ? undefined : passThrough(() => cancellation.cancel('SIGPIPE'))
  try {
    const streams = output === undefined ? {} : { onStdout: output.onStdout, onStderr: output.onStderr }
    const result = await start({ signal: cancellation.signal, ...streams })
    output?.end()
    const exitCode = cancellation.unheard() ? 0 : reportResult(result, json)
    return cancellation.exitCode() ?? exitCode
  } catch (error) {
    if (json && !StdoutClosed.is(error)) writeStdout(`${visibleJson(failureOf(error))}\n`)
    return cancellation.exitCode() ?? reportFailure(error)
  } finally {
    cancellation.release()
  }
}
