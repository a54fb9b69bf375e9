import { realpathSync } from 'node:fs'
import { join, sep } from 'node:path'
import { type Approval, type ApprovalMemory, type ApprovalRequest, approvalsFile } from '@skilllite/core'
import type { ParsedArguments } from '../command-line/spec.js'
import { isYes } from '../settings/policy-options.js'
import { ask } from '../terminal/ask.js'
import { visible } from '../terminal/escape.js'
import { tell } from '../terminal/output.js'
import { isTerminal } from '../terminal/style.js'

/** Who approves what a scan asks: `--yes`, a person at a terminal, or nobody. The report is always printed first. */
export function approval(
  parsed: ParsedArguments,
  environment: NodeJS.ProcessEnv,
): { confirm?: (request: Pick<ApprovalRequest, 'report'>) => Promise<Approval> } {
  const print = (request: Pick<ApprovalRequest, 'report'>) => tell(visible(request.report).trimEnd())
  if (parsed.flags.has('yes') || isYes(environment.SKILLBOX_AUTO_APPROVE)) {
    return {
      confirm: async (request) => {
        print(request)
        return true
      },
    }
  }
  if (!isTerminal(0) || !isTerminal(2)) return {}
  return {
    confirm: async (request) => {
      print(request)
      return answerOf((await ask('Run it? [y]es, [a]lways as it is now, [N]o: ')) ?? 'no')
    },
  }
}

function answerOf(line: string): Approval {
  const answer = line.trim().toLowerCase()
  if (answer === 'a' || answer === 'always') return 'remember'
  return answer === 'y' || answer === 'yes'
}

/** Approvals of the project here; in a skill's own directory there are none, since they would be the skill's. */
export function projectApprovals(skillDirectory: string): ApprovalMemory | undefined {
  const here = realpathSync(process.cwd())
  if (here === skillDirectory || here.startsWith(skillDirectory + sep)) return undefined
  return approvalsFile(join(here, '.skilllite', 'approvals.json'))
}
