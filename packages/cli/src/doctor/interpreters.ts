import { execFile } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** An interpreter that scripts are run with. */
export interface Interpreter {
  readonly name: string
  /** Where it is; undefined where there is none. */
  readonly path?: string
  readonly version?: string
}

const wanted = ['python3', 'node', 'bash', 'sh']

/** Looks for every interpreter that a skill can need, and asks each for its version. */
export function findInterpreters(environment: NodeJS.ProcessEnv): Promise<readonly Interpreter[]> {
  return Promise.all(
    wanted.map(async (name) => {
      const path = findOnPath(name, environment)
      if (path === undefined) return { name }
      const version = await versionOf(path)
      return { name, path, ...(version === undefined ? {} : { version }) }
    }),
  )
}

function findOnPath(name: string, environment: NodeJS.ProcessEnv): string | undefined {
  for (const directory of (environment.PATH ?? '').split(delimiter)) {
    const path = join(directory, name)
    if (directory !== '' && isProgram(path)) return path
  }
  return undefined
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** The first number with a dot in what `--version` prints; a plain `sh` may know no such option. */
function versionOf(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(path, ['--version'], { timeout: 10_000, encoding: 'utf8' }, (error, stdout) => {
      resolve(error === null ? /\d+(\.\d+)+/.exec(stdout)?.[0] : undefined)
    }).stdin?.end()
  })
}
