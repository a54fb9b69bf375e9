import { type ChildProcess, fork } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'tsup'
import { esbuildYamlData } from '../../scripts/yaml-data.mjs'
import { skillboxPath } from '../../src/sandbox/skillbox-binary.js'
import type { Outcome } from './run-attempt.js'
import type { Reply, Request } from './runner.js'

/** Who runs the attempts. Root is one case, everybody else another: other layers hold each. */
export interface User {
  readonly name: 'root' | 'ordinary user'
  readonly uid: number
  readonly gid: number
}

/** `nobody` of every system: has no files, no groups and no home. */
const NOBODY = 65_534

/** The user who runs the tests; where that is root, an ordinary one as well. */
export const USERS: readonly User[] =
  process.getuid?.() === 0
    ? [
        { name: 'root', uid: 0, gid: 0 },
        { name: 'ordinary user', uid: NOBODY, gid: NOBODY },
      ]
    : [{ name: 'ordinary user', uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }]

/** Root's may lead through directories that nobody else can enter. */
const PUBLIC_PATH = '/usr/local/bin:/usr/bin:/bin'

/** What the ordinary user finds first: the system's Python behind a script, as version managers have it. */
function writePython(directory: string): void {
  mkdirSync(directory)
  const file = path.join(directory, 'python3')
  writeFileSync(file, `#!/bin/sh\nexec ${realpathSync('/usr/bin/python3')} "$@"\n`)
  chmodSync(file, 0o755)
}

/** All that a runner needs, where every user can read it: the checkout may lie in somebody's home. */
export class Stage {
  private constructor(readonly directory: string) {}

  static async make(): Promise<Stage> {
    const directory = realpathSync(mkdtempSync('/tmp/attacks-'))
    chmodSync(directory, 0o755)
    const here = path.dirname(fileURLToPath(import.meta.url))
    await build({
      entry: [path.join(here, 'runner.ts')],
      outDir: path.join(directory, 'runner'),
      config: false,
      silent: true,
      format: 'esm',
      outExtension: () => ({ js: '.mjs' }),
      platform: 'node',
      target: 'node20',
      bundle: true,
      // Schemas and odd YAML are loaded on demand, which never comes: their libraries stay where they are.
      splitting: true,
      esbuildPlugins: [esbuildYamlData],
      external: ['ajv', 'ajv-formats', 'ajv/dist/2020.js', 'yaml'],
    })
    cpSync(path.join(here, 'fixtures'), path.join(directory, 'fixtures'), { recursive: true })
    copyFileSync(skillboxPath(), path.join(directory, 'skillbox'))
    writePython(path.join(directory, 'bin'))
    return new Stage(directory)
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true })
  }
}

/** A process that runs attempts as one user, one at a time. */
export class Runner {
  private readonly child: ChildProcess
  private last: Promise<unknown> = Promise.resolve()

  constructor(stage: Stage, user: User) {
    const own = path.join(stage.directory, String(user.uid))
    mkdirSync(path.join(own, 'runs'), { recursive: true })
    for (const name of ['', 'runs']) chownSync(path.join(own, name), user.uid, user.gid)
    for (const name of ['fixtures', 'skillbox', 'runner'])
      cpSync(path.join(stage.directory, name), path.join(own, name), { recursive: true })
    this.child = fork(path.join(own, 'runner/runner.mjs'), {
      uid: user.uid,
      gid: user.gid,
      cwd: own,
      execArgv: [],
      env: {
        PATH: user.uid === process.getuid?.() ? process.env.PATH : `${stage.directory}/bin:${PUBLIC_PATH}`,
        HOME: own,
        TMPDIR: own,
        ATTACK_STAGE: own,
      },
    })
  }

  /** Waits until everything asked for before is done. */
  run(request: Request): Promise<Outcome> {
    const outcome = this.last.then(() => this.runNow(request))
    this.last = outcome.catch(() => {})
    return outcome
  }

  private async runNow(request: Request): Promise<Outcome> {
    const { child } = this
    const reply = await new Promise<Reply>((resolve, reject) => {
      const ended = (code: number | null, signal: string | null): void =>
        reject(new Error(`the runner ended with ${signal ?? code}`))
      child.once('exit', ended)
      child.once('message', (message) => {
        child.removeListener('exit', ended)
        resolve(message as Reply)
      })
      child.send(request)
    })
    if ('failed' in reply) throw new Error(reply.failed)
    return reply
  }

  stop(): void {
    this.child.kill('SIGKILL')
  }
}
