import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

export const skillsDirectory = join(import.meta.dirname, '..')
export const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3'

export interface ScriptEnd {
  readonly code: number | null
  /** stdout parsed as JSON; undefined when nothing was printed. */
  readonly output: unknown
  readonly stderr: string
}

/** Runs an interpreter as the engine would: arguments as JSON on stdin, the skill directory as working directory. */
export async function run(
  command: readonly [string, ...string[]],
  skill: string,
  input: unknown,
): Promise<ScriptEnd> {
  const child = spawn(command[0], command.slice(1), {
    cwd: join(skillsDirectory, skill),
    // no byte code beside the skill
    env: { PATH: process.env.PATH, LANG: 'C.UTF-8', PYTHONDONTWRITEBYTECODE: '1' },
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  child.stdin.end(typeof input === 'string' ? input : JSON.stringify(input))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  return { code, output: stdout === '' ? undefined : JSON.parse(stdout), stderr: stderr.trimEnd() }
}

/** What a failed call looks like: one line on stderr, nothing on stdout. */
export function failure(message: string): ScriptEnd {
  return { code: 1, output: undefined, stderr: `error: ${message}` }
}

export function success(output: unknown): ScriptEnd {
  return { code: 0, output, stderr: '' }
}
