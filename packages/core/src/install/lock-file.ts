import { realpathSync } from 'node:fs'
import path from 'node:path'
import { SkillLiteError } from '../errors.js'
import { makeDirectory } from '../runtime/make-directory.js'
import { writeOwnFile } from '../skill/own-file.js'
import { FileRefusal, readStart } from '../skill/safe-file.js'
import { isPin, type Pin } from './pin.js'

/** Relative to the project. */
export const LOCK_FILE = '.skilllite/dependencies.lock.json'
const MAX_BYTES = 32 * 1024 * 1024

/** What one script's dependencies were resolved to, for one interpreter and platform. */
export interface LockEntry {
  readonly skill: string
  readonly script: string
  readonly language: 'python' | 'node'
  readonly requirements: readonly string[]
  /** `3.11` of Python, `20` of Node. */
  readonly interpreter: string
  /** `linux-x64`. */
  readonly platform: string
  readonly pins: readonly Pin[]
  /** npm's own lock file. */
  readonly lockFile?: string
}

/** What a lock says about a script. `stale`: it knows the script, but not with these requirements or on this system. */
export type LockAnswer =
  | { readonly kind: 'none' }
  | { readonly kind: 'stale' }
  | { readonly kind: 'locked'; readonly entry: LockEntry }

export type LockQuestion = Omit<LockEntry, 'pins' | 'lockFile'>

/** Asks the lock of the project at `cwd`. Throws `DEPENDENCY_LOCK_INVALID` where there is one that cannot be read. */
export function askLock(cwd: string, question: LockQuestion): LockAnswer {
  const entries = readLock(cwd)
  const entry = entries.find((candidate) => isFor(candidate, question) && isSame(candidate, question))
  if (entry !== undefined) return { kind: 'locked', entry }
  return entries.some(({ skill, script }) => skill === question.skill && script === question.script)
    ? { kind: 'stale' }
    : { kind: 'none' }
}

/** Puts entries in the place of those for the same scripts and systems; returns the file. */
export function writeLock(cwd: string, added: readonly LockEntry[]): string {
  const kept = readLock(cwd).filter((entry) => !added.some((other) => isFor(entry, other)))
  const entries = [...kept, ...added].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
  const file = path.join(cwd, LOCK_FILE)
  makeDirectory(path.dirname(file))
  if (writeOwnFile(file, `${JSON.stringify({ version: 1, entries }, undefined, 2)}\n`)) return file
  throw new SkillLiteError(
    'DEPENDENCY_LOCK_INVALID',
    `The lock ${file} cannot be written`,
    'Check the rights of its directory.',
  )
}

const sortKey = (entry: LockEntry): string =>
  [entry.skill, entry.script, entry.language, entry.interpreter, entry.platform].join('\0')

function isFor(entry: LockQuestion, question: LockQuestion): boolean {
  return (['skill', 'script', 'language', 'interpreter', 'platform'] as const).every(
    (field) => entry[field] === question[field],
  )
}

const isSame = (entry: LockQuestion, question: LockQuestion): boolean =>
  JSON.stringify(entry.requirements) === JSON.stringify(question.requirements)

function readLock(cwd: string): readonly LockEntry[] {
  const file = path.join(cwd, LOCK_FILE)
  let text: string
  try {
    text = readStart(realpathSync(cwd), file, MAX_BYTES).toString('utf8')
  } catch (error) {
    if (error instanceof FileRefusal && error.reason === 'missing') return []
    throw invalidLock(file)
  }
  const entries = parseEntries(text)
  if (entries !== undefined) return entries
  throw invalidLock(file)
}

function invalidLock(file: string): SkillLiteError {
  return new SkillLiteError(
    'DEPENDENCY_LOCK_INVALID',
    `The lock ${file} is not one that this version of SkillLite reads`,
    'Take it from version control again, or remove it and run: skilllite lock SKILL',
  )
}

function parseEntries(text: string): readonly LockEntry[] | undefined {
  try {
    const { version, entries } = JSON.parse(text) as { version: unknown; entries: unknown }
    return version === 1 && Array.isArray(entries) && entries.every(isEntry) ? entries : undefined
  } catch {
    return undefined
  }
}

function isEntry(value: unknown): value is LockEntry {
  if (typeof value !== 'object' || value === null) return false
  const entry = value as Partial<Record<keyof LockEntry, unknown>>
  return (
    [entry.skill, entry.script, entry.language, entry.interpreter, entry.platform].every(
      (field) => typeof field === 'string',
    ) &&
    Array.isArray(entry.requirements) &&
    entry.requirements.every((requirement) => typeof requirement === 'string') &&
    Array.isArray(entry.pins) &&
    // Without a hash a version is only a name.
    entry.pins.every((pin) => isPin(pin) && pin.hashes.length > 0) &&
    (entry.language === 'node') === (typeof entry.lockFile === 'string')
  )
}
