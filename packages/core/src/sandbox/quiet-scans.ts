import { renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { cacheDirectory } from '../runtime/cache-directory.js'
import { readOwnFile } from '../skill/own-file.js'

const file = 'quiet-scans-1.json'
const maxBytes = 1024 * 1024
const mostKept = 1_000

/** Whether a scan of this content by this version of the scan found nothing to ask about. Saves scanning it again. */
export function isKnownQuiet(digest: string, version: string): boolean {
  return read().includes(`${digest} ${version}`)
}

/** Keeps that a scan found nothing to ask about. A cache that cannot be written only costs time at the next run. */
export function rememberQuiet(digest: string, version: string): void {
  const directory = cacheDirectory(process.env)
  if (directory === undefined) return
  const temporary = path.join(directory, `${file}.${process.pid}.${Date.now()}`)
  try {
    const kept = [...read(), `${digest} ${version}`].slice(-mostKept)
    writeFileSync(temporary, JSON.stringify(kept), { mode: 0o600, flag: 'wx' })
    renameSync(temporary, path.join(directory, file))
  } catch {
    rmSync(temporary, { force: true })
  }
}

function read(): readonly string[] {
  const directory = cacheDirectory(process.env)
  if (directory === undefined) return []
  try {
    const parsed: unknown = JSON.parse(readOwnFile(path.join(directory, file), maxBytes) ?? '')
    return Array.isArray(parsed) ? parsed.filter((entry) => typeof entry === 'string') : []
  } catch {
    return []
  }
}
