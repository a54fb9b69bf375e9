import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeDirectory } from '../runtime/make-directory.js'
import { isAlive, ownIdentity } from './process-identity.js'

const POLL_MS = 100
/** Between making the file and writing a few bytes to it. */
const EMPTY_MS = 5_000

/**
 * Does `work` while no other process does the same. A holder that was killed does not hold. The lock saves work and no
 * more: should two ever build at the same time, each does so in a directory of its own, and one is kept.
 */
export async function withBuildLock<T>(
  store: string,
  name: string,
  signal: AbortSignal | undefined,
  onWait: () => void,
  work: () => Promise<T>,
): Promise<T> {
  const directory = path.join(store, 'locks')
  makeDirectory(directory, 0o700)
  const file = path.join(directory, `${name}.lock`)
  let waiting = false
  while (!acquire(file)) {
    if (!waiting) onWait()
    waiting = true
    await sleep(POLL_MS, undefined, signal === undefined ? {} : { signal })
  }
  try {
    return await work()
  } finally {
    if (holderOf(file) === ownIdentity()) rmSync(file, { force: true })
  }
}

function acquire(file: string): boolean {
  try {
    writeFileSync(file, ownIdentity(), { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const holder = holderOf(file)
  // Empty: made just now, and not written yet, unless its maker was killed in between.
  if (holder === undefined || isAlive(holder) || (holder === '' && !isOld(file))) return false
  try {
    const aside = `${file}.${ownIdentity()}`
    renameSync(file, aside)
    rmSync(aside)
  } catch {
    // Another one has seen the same, and was faster.
  }
  return false
}

export function holderOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

function isOld(file: string): boolean {
  const stats = statSync(file, { throwIfNoEntry: false })
  return stats !== undefined && Date.now() - stats.mtimeMs > EMPTY_MS
}
