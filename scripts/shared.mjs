// What the scripts of this folder share.
import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Where scripts keep what they made: ignored by git, gone with `rm -rf node_modules`. */
export const stateDirectory = join(root, 'node_modules/.skilllite')

/** A reason to stop that the reader can do something about: shown as it is, without a stack. */
export class Stop extends Error {}

/**
 * Runs a program in the repository's root to its end, without a shell.
 * `show`: its output goes to the terminal as it comes, and is not kept.
 */
export function run(command, { env = {}, cwd = root, show = false } = {}) {
  const [program, ...args] = command
  return new Promise((resolve) => {
    // stdin is closed: nothing here may wait for an answer
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout?.setEncoding('utf8').on('data', (chunk) => {
      stdout += chunk
    })
    child.stderr?.setEncoding('utf8').on('data', (chunk) => {
      stderr += chunk
    })
    child.once('error', (error) =>
      resolve({ code: 127, stdout, stderr: String(error.message), missing: error.code === 'ENOENT' }),
    )
    child.once('close', (code, signal) =>
      resolve({ code: code ?? 1, stdout, stderr, signal, missing: false }),
    )
  })
}

export function isMain(url) {
  return process.argv[1] === fileURLToPath(url)
}

/** Ends the process with a message for a person; anything unforeseen keeps its stack. */
export function fail(error) {
  // SkillLite's own errors carry a hint
  const foreseen = error instanceof Stop || typeof error?.hint === 'string'
  console.error(foreseen ? [error.message, error.hint].filter(Boolean).join('\n') : error)
  process.exitCode = 1
}
