import { execFile } from 'node:child_process'
import { quote } from '../../errors.js'
import type { Examined } from '../examine-sandboxes.js'
import { weaknessesOf } from '../weaknesses.js'
import { SANDBOX_EXEC } from './sandbox-exec.js'

const TIMEOUT_MS = 20_000
const PROBE = '(version 1)(deny default)(allow process-exec)(allow file-read*)(allow file-map-executable)'

/** Why no sandbox can be begun, and what helps. */
export interface SeatbeltProblem {
  readonly reason: string
  readonly fix: string
}

/** Begins a sandbox with a program that does nothing; nothing where that works. */
export function trySeatbelt(sandboxExec: string = SANDBOX_EXEC): Promise<SeatbeltProblem | undefined> {
  return new Promise((resolve) => {
    const options = { timeout: TIMEOUT_MS, env: {}, cwd: '/' }
    execFile(sandboxExec, ['-p', PROBE, '--', '/usr/bin/true'], options, (error, _stdout, stderr) => {
      if (error === null) return resolve(undefined)
      if (error.code === 'ENOENT') {
        return resolve({ reason: `there is no ${sandboxExec}`, fix: 'It is part of macOS: restore it.' })
      }
      const words = stderr.trim() || error.message
      resolve({
        reason: quote(words, 200),
        fix: 'A sandbox cannot be begun inside another one: start this program outside of any, in a terminal of its own.',
      })
    })
  })
}

/** What `skilllite doctor` tells of macOS. */
export async function examineSeatbelt(sandboxExec: string = SANDBOX_EXEC): Promise<Examined> {
  const problem = await trySeatbelt(sandboxExec)
  const layer = {
    name: 'seatbelt',
    on: problem === undefined,
    reason: problem?.reason ?? '',
    fix: problem?.fix ?? '',
  }
  return {
    program: { path: sandboxExec, ...(problem === undefined ? {} : { problem: problem.reason }) },
    backends: [
      {
        name: 'seatbelt',
        usable: problem === undefined,
        layers: [
          layer,
          {
            name: 'rlimits',
            on: true,
            reason: 'processor time, open files and file size, for each process',
            fix: '',
          },
          {
            name: 'watchdog',
            on: true,
            reason: 'time and output; resident memory and processes, four times a second',
            fix: '',
          },
        ],
        weaker: weaknessesOf('seatbelt', {}),
      },
    ],
  }
}
