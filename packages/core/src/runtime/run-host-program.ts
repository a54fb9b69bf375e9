import { execFile } from 'node:child_process'

const TIMEOUT_MS = 30_000

/** How a short program of the host ended. */
export interface HostAnswer {
  readonly ok: boolean
  readonly stdout: string
  readonly stderr: string
}

/**
 * Asks a program of the user's own something, as its user: in `/`, so that no file of the project at hand configures
 * it.
 */
export function runHostProgram(
  program: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<HostAnswer> {
  return new Promise((resolve) => {
    const options = { env: environment, cwd: '/', timeout: TIMEOUT_MS, maxBuffer: 16 * 1024 * 1024 }
    execFile(program, [...args], options, (error, stdout, stderr) =>
      resolve({ ok: error === null, stdout, stderr }),
    )
  })
}
