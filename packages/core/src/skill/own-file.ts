import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'

/** Whether we own it and nobody else may write to it. */
export function isOursAlone(stats: { readonly uid: number; readonly mode: number }): boolean {
  return stats.uid === process.geteuid?.() && (stats.mode & 0o022) === 0
}

/** A file of a cache; nothing where it is missing, too large, no regular file, or somebody else could have written it. */
export function readOwnFile(file: string, maxBytes: number): string | undefined {
  try {
    const descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const stats = fstatSync(descriptor)
      if (!stats.isFile() || !isOursAlone(stats) || stats.size > maxBytes) return undefined
      return readFileSync(descriptor, 'utf8')
    } finally {
      closeSync(descriptor)
    }
  } catch {
    return undefined
  }
}

let written = 0

/**
 * Writes a file of a cache in one step: whoever reads meanwhile gets the old text or the new one. Returns whether it is
 * there now; a cache that cannot be written only costs time.
 */
export function writeOwnFile(file: string, text: string): boolean {
  const temporary = `${file}.${process.pid}.${Date.now()}.${written++}`
  try {
    writeFileSync(temporary, text, { mode: 0o600, flag: 'wx' })
    renameSync(temporary, file)
    return true
  } catch {
    rmSync(temporary, { force: true })
    return false
  }
}
