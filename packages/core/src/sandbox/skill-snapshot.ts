import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { SkillLiteError } from '../errors.js'
import { cacheDirectory } from '../runtime/cache-directory.js'
import { makeDirectory } from '../runtime/make-directory.js'
import { skillDigest } from '../skill/digest.js'

/** A private copy of a skill: what is scanned is what runs, whatever happens to the original meanwhile. */
export interface SkillSnapshot {
  /** Real path of the copy. */
  readonly directory: string
  readonly digest: string
}

const attempts = 3
const snapshots = new Map<string, SkillSnapshot>()
let cleaning = false

/** The private copy of a skill as it is now. Copies of the same content are made once a process, and gone with it. */
export function takeSnapshot(directory: string): SkillSnapshot {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const digest = skillDigest(directory)
    const known = snapshots.get(`${path.basename(directory)} ${digest}`)
    if (known !== undefined && isIntact(known)) return known
    const copy = copySkill(directory)
    if (skillDigest(copy) === digest) {
      const snapshot = { directory: copy, digest }
      snapshots.set(`${path.basename(directory)} ${digest}`, snapshot)
      return snapshot
    }
    rmSync(path.dirname(copy), { recursive: true, force: true })
  }
  throw new SkillLiteError(
    'SKILL_UNREADABLE',
    `The skill ${directory} changes while it is read`,
    'Try again later.',
  )
}

/** Where this process keeps private copies. */
export function snapshotDirectories(): readonly string[] {
  return [...snapshots.values()].map(({ directory }) => directory)
}

/** Whether a snapshot still is what it was. */
export function isIntact({ directory, digest }: SkillSnapshot): boolean {
  try {
    return skillDigest(directory) === digest
  } catch {
    return false
  }
}

function copySkill(directory: string): string {
  const parent = privateDirectory()
  // the name stays: scripts and messages show it
  const copy = path.join(parent, path.basename(directory))
  cpSync(directory, copy, { recursive: true, verbatimSymlinks: true, errorOnExist: true })
  return copy
}

function privateDirectory(): string {
  const cache = cacheDirectory(process.env)
  const base = cache === undefined ? tmpdir() : path.join(cache, 'running')
  if (cache !== undefined) makeDirectory(base, 0o700)
  const made = mkdtempSync(path.join(realpathSync(base), 'skilllite-'))
  if (!cleaning) {
    cleaning = true
    process.once('exit', removeAll)
  }
  return made
}

function removeAll(): void {
  for (const { directory } of snapshots.values())
    rmSync(path.dirname(directory), { recursive: true, force: true })
}
