import { mkdirSync } from 'node:fs'
import path from 'node:path'

/**
 * Makes a directory and its parents; returns whether it was not there before. Not `mkdir` with `recursive`: where
 * making one fails with ENOENT although the parent is there, as in `/proc`, Node tries again for ever.
 */
export function makeDirectory(directory: string, mode = 0o777): boolean {
  const parent = path.dirname(directory)
  try {
    mkdirSync(directory, { mode })
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return false
    if (code !== 'ENOENT' || parent === directory) throw error
  }
  makeDirectory(parent, mode)
  mkdirSync(directory, { mode })
  return true
}
