import type { ApprovalMemory } from '../scan/approval-memory.js'
import type { ScanReport } from '../scan/finding.js'
import { scanReportText, scanSkill } from '../scan/lazy-scan.js'
import { approvalKey, scanIdOf } from '../scan/scan-id.js'
import { scanVersion } from '../scan/scan-version.js'
import { isKnownQuiet, rememberQuiet } from './quiet-scans.js'
import type { RunOptions } from './run-options.js'
import type { NeedsApprovalRun, RefusedRun } from './run-result.js'
import type { SkillSnapshot } from './skill-snapshot.js'

/** The run that somebody may have to approve. */
export interface RunToApprove {
  readonly snapshot: SkillSnapshot
  /** Where the skill lies; reports name it, not the copy. */
  readonly directory: string
  readonly script: string
  /** Arguments after validation, with defaults. */
  readonly args: Readonly<Record<string, unknown>>
  readonly options: Pick<RunOptions, 'confirm' | 'approved'>
  readonly memory: ApprovalMemory | undefined
}

/** Scans, and asks where there is something to ask about. Nothing where the run may go on. */
export async function approveRun(run: RunToApprove): Promise<NeedsApprovalRun | RefusedRun | undefined> {
  const { snapshot, options, memory } = run
  if (scanVersion !== undefined && isKnownQuiet(snapshot.digest, scanVersion)) return undefined
  const report: ScanReport = { ...(await scanSkill(snapshot.directory)), directory: run.directory }
  if (report.verdict !== 'ask') {
    if (scanVersion !== undefined) rememberQuiet(snapshot.digest, scanVersion)
    return undefined
  }
  const scanId = scanIdOf(report, run.script, run.args)
  if (options.approved === scanId || (await memory?.has(approvalKey(report))) === true) return undefined
  const request = { report: await scanReportText(report), scanId, scan: report }
  if (options.confirm === undefined) return { status: 'needs-approval', ...request }
  const answer = await options.confirm(request)
  if (answer === 'remember') await memory?.add(approvalKey(report))
  // only these two: a host that answers anything else has not said yes
  if (answer === true || answer === 'remember') return undefined
  return { status: 'refused', reason: `What the scan of ${report.skill} found was not approved` }
}
