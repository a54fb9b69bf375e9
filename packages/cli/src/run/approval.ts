import type { ApprovalRequest, RunOptions } from '@skilllite/core'
import type { ParsedArguments } from '../command-line/spec.js'
import { isYes } from '../settings/policy-options.js'
import { visible } from '../terminal/escape.js'
import { tell } from '../terminal/output.js'
import { isTerminal } from '../terminal/style.js'

/** Who approves what a scan asks: `--yes`, a person at a terminal, or nobody. The report is always printed first. */
export function approval(
  parsed: ParsedArguments,
  environment: NodeJS.ProcessEnv,
): Pick<RunOptions, 'confirm'> {
  const print = (request: ApprovalRequest) => tell(visible(request.report).trimEnd())
  if (parsed.flags.has('yes') || isYes(environment.SKILLBOX_AUTO_APPROVE)) {
    return {
      confirm: (request) => {
        print(request)
        return true
      },
    }
  }
  if (!isTerminal(0) || !isTerminal(2)) return {}
  return {
    confirm: async (request) => {
      print(request)
      const { createInterface } = await import('node:readline/promises')
      const prompt = createInterface({ input: process.stdin, output: process.stderr })
      try {
        return /^y(es)?$/i.test((await prompt.question('Run it? [y/N] ')).trim())
      } finally {
        prompt.close()
      }
    },
  }
}
