import { accessSync, constants, statSync } from 'node:fs'
import path from 'node:path'

/** The first executable file of that name in the directories of a `PATH`. Relative entries are skipped: they would
 *  let the working directory, which may be a stranger's, choose the program. */
export function findProgram(name: string, searchPath: string | undefined): string | undefined {
  for (const directory of (searchPath ?? '').split(path.delimiter)) {
    if (!path.isAbsolute(directory)) continue
    const file = path.join(directory, name)
    if (isExecutable(file)) return file
  }
  return undefined
}

export function isExecutable(file: string): boolean {
  try {
    if (!statSync(file).isFile()) return false
    accessSync(file, constants.X_OK)
    return true
  } catch {
    // Not there, or in a directory that this user may not enter: a shell looks on, too.
    return false
  }
}
