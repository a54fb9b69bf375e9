import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const bin = fileURLToPath(new URL('../../bin/skilllite.js', import.meta.url))

export interface CommandOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
  /** Called when stdout has this text for the first time. */
  readonly when?: { readonly stdout: string; readonly then: (pid: number) => void }
}

export interface CommandResult {
  readonly status: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
}

// the engine keeps a cache in the user's home directory
const home = join(tmpdir(), `skilllite-cli-home-${process.getuid?.() ?? 0}`)

/** An environment in which nothing of the developer's own settings reaches the command. */
export function plainEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { PATH: process.env.PATH ?? '', HOME: home, ...extra }
}

/** Runs the built command as a user's shell would, with stdin closed unless there is input. */
export function skilllite(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  return start(process.execPath, [bin, ...args], options)
}

export function start(
  program: string,
  args: readonly string[],
  { cwd, env, input, when }: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: plainEnvironment(env) })
    let stdout = ''
    let stderr = ''
    let seen = false
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      if (when !== undefined && !seen && stdout.includes(when.stdout) && child.pid !== undefined) {
        seen = true
        when.then(child.pid)
      }
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.on('error', reject)
    child.on('close', (status, signal) => resolve({ status, signal, stdout, stderr }))
    // a command that fails early does not read what we write
    child.stdin.on('error', () => {})
    child.stdin.end(input ?? '')
  })
}

const ptyProgram = `
import os, pty, sys
status = pty.spawn(sys.argv[1:], lambda fd: os.read(fd, 65536))
sys.exit(os.waitstatus_to_exitcode(status))
`

/** Runs the built command on a terminal of its own; stdout and stderr come together. */
export function onTerminal(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  return start('/usr/bin/python3', ['-c', ptyProgram, process.execPath, bin, ...args], options)
}

const dialogueProgram = `
import json, os, pty, select, sys, time
steps = json.loads(sys.argv[1])
child, terminal = pty.fork()
if child == 0: os.execv(sys.argv[2], sys.argv[2:])
written, seen = b'', 0
while select.select([terminal], [], [], 20)[0]:
    try: part = os.read(terminal, 65536)
    except OSError: break
    if part == b'': break
    written += part
    while steps and steps[0][0].encode() in written[seen:]:
        seen = written.index(steps[0][0].encode(), seen) + len(steps[0][0].encode())
        time.sleep(0.1)
        os.write(terminal, steps.pop(0)[1].encode())
else:
    os.kill(child, 9)
sys.stdout.buffer.write(written)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
`

/** Runs the built command on a terminal of its own, and types each answer when its question is there. */
export function dialogue(
  args: readonly string[],
  steps: readonly (readonly [question: string, answer: string])[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const program = ['-c', dialogueProgram, JSON.stringify(steps), process.execPath, bin, ...args]
  return start('/usr/bin/python3', program, options)
}
