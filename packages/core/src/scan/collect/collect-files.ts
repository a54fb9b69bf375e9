import { lstatSync, readlinkSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { readEntries } from '../../skill/resources.js'
import { isInside, readInside } from '../../skill/safe-file.js'
import type { FactList } from '../fact.js'
import type { Unit } from '../unit.js'

/** A file of a skill as it was collected. */
export interface CollectedFile {
  /** Relative to the skill directory. */
  readonly path: string
  readonly bytes: Buffer
  readonly executable: boolean
}

/** Everything in a skill, and what kept anything out. */
export interface Collected {
  readonly files: readonly CollectedFile[]
  readonly problems: readonly CollectProblem[]
}

/** Something that was not read. */
export interface CollectProblem {
  readonly name: 'link-outside' | 'file-too-large' | 'not-read' | 'special-file'
  readonly path: string
  readonly what: string
}

const maxFiles = 5_000
const maxDepth = 32
const maxFileBytes = 16 * 1024 * 1024
const maxTotalBytes = 96 * 1024 * 1024

/** Reads every file of a skill by its content, whatever it is called; `.git` too. Nothing is left out silently. */
export function collectFiles(directory: string): Collected {
  const root = realpathSync(directory)
  const files: CollectedFile[] = []
  const problems: CollectProblem[] = []
  let total = 0
  const problem = (name: CollectProblem['name'], path: string, what: string): void => {
    if (problems.length < 200) problems.push({ name, path, what })
  }
  const queue = [{ prefix: '', depth: 0 }]
  for (let folder = queue.shift(); folder !== undefined; folder = queue.shift()) {
    const { prefix, depth } = folder
    const warn = (_code: string, message: string): void => problem('not-read', prefix || '.', message)
    for (const entry of readEntries(join(root, prefix), warn)) {
      const path = prefix + entry.name
      const absolute = join(root, path)
      if (entry.isDirectory()) {
        if (depth < maxDepth) queue.push({ prefix: `${path}/`, depth: depth + 1 })
        else problem('not-read', path, `more than ${maxDepth} levels deep`)
        continue
      }
      try {
        if (entry.isSymbolicLink()) {
          const target = safeTarget(root, absolute)
          if (target === 'outside') problem('link-outside', path, readlinkSync(absolute))
          // what it leads to inside is read where it lies
          continue
        }
        const stats = lstatSync(absolute)
        if (!stats.isFile()) problem('special-file', path, 'not a file')
        else if (stats.size > maxFileBytes) problem('file-too-large', path, `${stats.size} bytes`)
        else if (files.length >= maxFiles) problem('not-read', path, `more than ${maxFiles} files`)
        else if (total + stats.size > maxTotalBytes)
          problem('not-read', path, `more than ${maxTotalBytes} bytes in all`)
        else {
          total += stats.size
          files.push({
            path,
            bytes: readInside(root, absolute, maxFileBytes),
            executable: (stats.mode & 0o111) !== 0,
          })
        }
      } catch (error) {
        problem('not-read', path, error instanceof Error ? error.message.slice(0, 100) : 'unreadable')
      }
    }
  }
  files.sort((a, b) => (a.path < b.path ? -1 : 1))
  return { files, problems }
}

function safeTarget(root: string, path: string): 'inside' | 'outside' {
  try {
    return isInside(root, realpathSync(path)) ? 'inside' : 'outside'
  } catch {
    // a link to nothing here may lead to something elsewhere
    const target = readlinkSync(path)
    return target.startsWith('/') || target.split('/').includes('..') ? 'outside' : 'inside'
  }
}

/** Notes what kept files out. */
export function noteProblems(problems: readonly CollectProblem[], facts: FactList): void {
  for (const { name, path, what } of problems) {
    const unit: Unit = { file: path, text: '', kind: 'data', stance: 'meant' }
    facts.add({ name, unit, offset: 0, what: `${path}: ${what}` })
  }
}
