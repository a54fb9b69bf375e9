import { createHash } from 'node:crypto'
import { realpathSync, statSync, utimesSync } from 'node:fs'
import path from 'node:path'
import { SkillLiteError } from '../errors.js'
import { cacheDirectory } from '../runtime/cache-directory.js'
import { makeDirectory } from '../runtime/make-directory.js'
import { readOwnFile, writeOwnFile } from '../skill/own-file.js'
import { isPin, type Pin } from './pin.js'

/** With another layout, what was built before is not found. */
export const LAYOUT = 1
export const RECORD = 'environment.json'
const TREE = 'tree'
const MAX_RECORD_BYTES = 32 * 1024 * 1024
/** How exactly the time of the last use is kept. */
const USE_MS = 60 * 60_000

/** What an environment is, as recorded beside it. */
export interface EnvironmentRecord {
  readonly layout: typeof LAYOUT
  readonly language: 'python' | 'node'
  readonly interpreter: { readonly program: string; readonly version: string }
  readonly requirements: readonly string[]
  readonly pins: readonly Pin[]
  /** npm's lock file, from which the same is installed again. */
  readonly lockFile?: string
  readonly installer: string
  readonly bytes: number
}

/** A built environment. */
export interface Environment {
  readonly key: string
  /** Real path of what is shown to runs: a virtual environment, or what `node_modules` lies in. */
  readonly tree: string
  readonly record: EnvironmentRecord
}

/** The environments of this user; nothing where there is no cache directory. */
export function openStore(environment: NodeJS.ProcessEnv): EnvironmentStore | undefined {
  const cache = cacheDirectory(environment)
  if (cache === undefined) return undefined
  try {
    const directory = path.join(realpathSync(cache), 'environments')
    makeDirectory(directory, 0o700)
    return new EnvironmentStore(directory)
  } catch {
    return undefined
  }
}

export function noStore(): SkillLiteError {
  return new SkillLiteError(
    'DEPENDENCY_INSTALL_FAILED',
    'There is no cache directory of your own to install packages into',
    'Set SKILLLITE_CACHE_DIR to a directory that only you can write to.',
  )
}

/** Digest of a value by which something is kept. */
export function keyOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 40)
}

export class EnvironmentStore {
  constructor(readonly directory: string) {}

  /** Where an environment of that key lies or will lie. */
  placeOf(key: string): string {
    return path.join(this.directory, key)
  }

  find(key: string): Environment | undefined {
    const place = this.placeOf(key)
    const file = path.join(place, RECORD)
    const record = parseRecord(readOwnFile(file, MAX_RECORD_BYTES))
    return record === undefined ? undefined : { key, tree: path.join(place, TREE), record }
  }

  /** The environment that a request was answered with before. */
  answerTo(request: string): Environment | undefined {
    const key = readOwnFile(this.requestFile(request), 100)
    return key !== undefined && /^[0-9a-f]{40}$/.test(key) ? this.find(key) : undefined
  }

  remember(request: string, key: string): void {
    makeDirectory(path.join(this.directory, 'requests'), 0o700)
    writeOwnFile(this.requestFile(request), key)
  }

  /** For `prune`, which removes what has not been used for long. */
  noteUse({ key }: Environment): void {
    const file = path.join(this.placeOf(key), RECORD)
    try {
      if (Date.now() - statSync(file).mtimeMs > USE_MS) utimesSync(file, new Date(), new Date())
    } catch {
      // Removed meanwhile, or a read-only disk.
    }
  }

  private requestFile(request: string): string {
    return path.join(this.directory, 'requests', `${request}.txt`)
  }
}

export function treeIn(directory: string): string {
  return path.join(directory, TREE)
}

export function parseRecord(text: string | undefined): EnvironmentRecord | undefined {
  if (text === undefined) return undefined
  try {
    const record = JSON.parse(text) as EnvironmentRecord
    return record.layout === LAYOUT && record.pins.every(isPin) ? record : undefined
  } catch {
    return undefined
  }
}
