import { renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { cacheDirectory } from './cache-directory.js'
import { readOwnFile } from './own-file.js'
import { isPythonFacts, type PythonFacts } from './python-facts.js'

const FILE = 'python-1.json'
const MAX_BYTES = 256 * 1024
const MAX_ENTRIES = 50

/** What earlier probes found, by key. A file that is damaged, foreign or writable by others counts as empty. */
export function readProbes(environment: NodeJS.ProcessEnv): Map<string, PythonFacts> {
  const directory = cacheDirectory(environment)
  if (directory === undefined) return new Map()
  try {
    const parsed: unknown = JSON.parse(readOwnFile(path.join(directory, FILE), MAX_BYTES))
    if (!Array.isArray(parsed)) return new Map()
    const entries = parsed.filter(
      (entry): entry is [string, PythonFacts] =>
        Array.isArray(entry) && typeof entry[0] === 'string' && isPythonFacts(entry[1]),
    )
    return new Map(entries)
  } catch {
    return new Map()
  }
}

/** Keeps one more. A cache that cannot be written only costs time at the next start. */
export function writeProbe(environment: NodeJS.ProcessEnv, key: string, facts: PythonFacts): void {
  const directory = cacheDirectory(environment)
  if (directory === undefined) return
  const probes = readProbes(environment).set(key, facts)
  const temporary = path.join(directory, `${FILE}.${process.pid}.${Date.now()}`)
  try {
    writeFileSync(temporary, JSON.stringify([...probes].slice(-MAX_ENTRIES)), { mode: 0o600, flag: 'wx' })
    renameSync(temporary, path.join(directory, FILE))
  } catch {
    rmSync(temporary, { force: true })
  }
}
