import { lstat, readdir } from 'node:fs/promises'
import path from 'node:path'
import type { LeftOut } from './report.js'

const MAX_FILES = 10_000

export interface OutputFile {
  /** Relative to the directory. */
  readonly path: string
  readonly bytes: number
  readonly changedMs: number
}

/** The regular files below a directory, and what else is there. Links are not followed. */
export async function listOutput(
  directory: string,
): Promise<{ readonly files: readonly OutputFile[]; readonly leftOut: readonly LeftOut[] }> {
  const files: OutputFile[] = []
  const leftOut: LeftOut[] = []
  for (const entry of await readdir(directory, { withFileTypes: true, recursive: true })) {
    const relative = path.relative(directory, path.join(entry.parentPath, entry.name))
    if (entry.isDirectory()) continue
    if (!entry.isFile()) leftOut.push({ path: relative, reason: 'not a regular file' })
    else if (files.length >= MAX_FILES) leftOut.push({ path: relative, reason: 'too many files' })
    else {
      const { size, ctimeMs } = await lstat(path.join(directory, relative))
      files.push({ path: relative, bytes: size, changedMs: ctimeMs })
    }
  }
  files.sort((a, b) => (a.path < b.path ? -1 : 1))
  return { files, leftOut }
}
