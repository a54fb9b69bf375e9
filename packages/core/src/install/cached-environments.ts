import { readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { makeDirectory } from '../runtime/make-directory.js'
import { removeTree } from '../sandbox/remove-tree.js'
import { removeAbandoned } from './build-directory.js'
import { holderOf } from './build-lock.js'
import { type EnvironmentRecord, type EnvironmentStore, openStore, RECORD } from './environment-store.js'
import { isAlive, ownIdentity } from './process-identity.js'

const DAY_MS = 24 * 60 * 60 * 1000

/** Packages that were installed, once for all skills that want the same. */
export interface CachedEnvironment {
  readonly key: string
  readonly language: EnvironmentRecord['language']
  /** `3.11.7`. */
  readonly interpreter: string
  /** What was asked for when it was built. */
  readonly requirements: readonly string[]
  /** `name==version`, all that is in it. */
  readonly packages: readonly string[]
  readonly bytes: number
  /** To the hour, as ISO 8601 writes it. */
  readonly lastUsed: string
  readonly directory: string
}

/** As `cachedEnvironments` of the public face. */
export function listEnvironments(environment: NodeJS.ProcessEnv): readonly CachedEnvironment[] {
  const store = openStore(environment)
  if (store === undefined) return []
  return keys(store)
    .flatMap((key) => describe(store, key) ?? [])
    .sort((a, b) => (a.lastUsed < b.lastUsed ? 1 : -1))
}

/** What `pruneEnvironments` has removed. */
export interface Pruned {
  readonly environments: readonly CachedEnvironment[]
  /** What was left of builds that did not come to an end. */
  readonly abandoned: number
  readonly bytes: number
}

/** As `pruneEnvironments` of the public face. */
export async function removeEnvironments(
  unusedDays: number,
  environment: NodeJS.ProcessEnv,
): Promise<Pruned> {
  const store = openStore(environment)
  if (store === undefined) return { environments: [], abandoned: 0, bytes: 0 }
  const building = path.join(store.directory, 'building')
  const abandoned = await removeAbandoned(building)
  const before = new Date(Date.now() - unusedDays * DAY_MS).toISOString()
  const old = listEnvironments(environment).filter(({ lastUsed }) => unusedDays === 0 || lastUsed < before)
  const broken = keys(store).filter((key) => store.find(key) === undefined)
  makeDirectory(building, 0o700)
  for (const key of [...old.map((entry) => entry.key), ...broken]) {
    // First out of sight in one step: nobody may find half of it.
    const aside = path.join(building, `${ownIdentity()}-${key}`)
    renameSync(store.placeOf(key), aside)
    await removeTree(aside)
  }
  removeUnanswered(store)
  removeLocks(store)
  return { environments: old, abandoned, bytes: old.reduce((sum, { bytes }) => sum + bytes, 0) }
}

const keys = (store: EnvironmentStore): readonly string[] =>
  list(store.directory).filter((name) => /^[0-9a-f]{40}$/.test(name))

function describe(store: EnvironmentStore, key: string): CachedEnvironment | undefined {
  const found = store.find(key)
  if (found === undefined) return undefined
  const { language, interpreter, requirements, pins, bytes } = found.record
  const directory = store.placeOf(key)
  return {
    key,
    language,
    interpreter: interpreter.version,
    requirements,
    packages: pins.map(({ name, version }) =>
      language === 'python' ? `${name}==${version}` : `${name}@${version}`,
    ),
    bytes,
    lastUsed: statSync(path.join(directory, RECORD)).mtime.toISOString(),
    directory,
  }
}

function removeUnanswered(store: EnvironmentStore): void {
  const directory = path.join(store.directory, 'requests')
  for (const name of list(directory)) {
    if (store.answerTo(path.basename(name, '.txt')) === undefined)
      rmSync(path.join(directory, name), { force: true })
  }
}

function removeLocks(store: EnvironmentStore): void {
  const directory = path.join(store.directory, 'locks')
  for (const name of list(directory)) {
    const file = path.join(directory, name)
    if (!isAlive(holderOf(file) ?? '')) rmSync(file, { force: true })
  }
}

function list(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}
