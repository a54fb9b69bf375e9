import type { RunResult } from '@skilllite/core'
import { ExitCode } from '../exit-codes.js'
import { visible, visibleJson } from '../terminal/escape.js'
import { tell, writeStdout } from '../terminal/output.js'
import { tellOutcome } from './outcome.js'

/** Prints what a call came to, and returns the exit status. */
export function reportResult(result: RunResult, json: boolean): number {
  if (json) writeStdout(`${visibleJson(result)}\n`)
  switch (result.status) {
    case 'completed':
      if (!json) tellOutcome(result)
      return result.end.kind === 'setup-failed' ? ExitCode.failure : result.exitCode
    case 'refused':
      tell(`skilllite: refused: ${visible(result.reason)}`)
      return ExitCode.refused
    case 'needs-approval':
      tell(visible(result.report).trimEnd())
      tell('skilllite: this run needs approval: --yes gives it.')
      return ExitCode.refused
  }
}
