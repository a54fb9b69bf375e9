import type { Dirent } from 'node:fs'
import { opendirSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { quote, SkillLiteError } from '../errors.js'
import { FileRefusal, isInside, readInside } from './safe-file.js'
import type { Diagnostic } from './skill-info.js'

const maxFiles = 2_000
const maxDepth = 8
const maxDirectories = 2_000
const maxEntriesPerDirectory = 10_000
/** File systems count at least a few bytes for an entry. */
const maxBytesAtOnce = 65_536
const maxDiagnostics = 50
const skipped = new Set(['.git', 'node_modules', '__pycache__'])

/** The files of a skill directory, and what was left out. */
export interface SkillFiles {
  /** Relative to the skill directory, `/` as separator, sorted. */
  readonly files: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Lists the regular files of a skill: at most 2,000, 8 levels deep, without `.git`, `node_modules` and `__pycache__`. Links to
 * files count while they stay inside; links to directories are not followed.
 *
 * @param directory The skill's real path
 * @param entries What is in the directory itself, where that is known
 */
export function listSkillFiles(directory: string, entries?: readonly Dirent[]): SkillFiles {
  const files: string[] = []
  const diagnostics: Diagnostic[] = []
  const warn = (code: string, message: string, path: string): void => {
    if (diagnostics.length < maxDiagnostics) diagnostics.push({ code, severity: 'warning', message, path })
  }
  let directories = 1
  const queue = [{ prefix: '', depth: 0 }]
  for (let folder = queue.shift(); folder; folder = queue.shift()) {
    const { prefix, depth } = folder
    const known = prefix === '' ? entries : undefined
    for (const entry of known ?? readEntries(`${directory}/${prefix}`, warn)) {
      const path = prefix + entry.name
      // Not join(), which costs as much as looking at the file.
      const absolute = `${directory}/${path}`
      if (entry.isDirectory()) {
        if (skipped.has(entry.name)) continue
        if (depth === maxDepth) {
          warn('resources-depth-limit', `Files more than ${maxDepth} levels deep are not listed`, absolute)
        } else if (directories === maxDirectories) {
          warn('resources-limit', `Only ${maxDirectories} directories are listed`, absolute)
        } else {
          directories++
          queue.push({ prefix: `${path}/`, depth: depth + 1 })
        }
        continue
      }
      const problem = entry.isFile() ? undefined : oddity(directory, absolute, entry)
      if (problem === 'directory-link') continue
      if (problem) {
        warn('resource-not-listed', `${quote(path)} is not listed: ${problem}`, absolute)
      } else if (entry.name.includes('\ufffd')) {
        warn('resource-not-listed', `${quote(path)} is not listed: its name is not UTF-8`, absolute)
      } else if (files.length < maxFiles) {
        files.push(path)
      } else {
        warn('resources-limit', `Only the first ${maxFiles} files are listed`, directory)
        return { files: files.sort(), diagnostics }
      }
    }
  }
  return { files: files.sort(), diagnostics }
}

/**
 * Reads a file of a skill. The file must be a regular one whose real path lies in the skill directory.
 *
 * @param skill The skill, or anything else with the real path of a directory
 * @param relativePath Relative to that directory, `/` as separator
 * @throws SkillLiteError `RESOURCE_OUTSIDE_SKILL`, `RESOURCE_NOT_FOUND`, `RESOURCE_NOT_A_FILE`, `RESOURCE_TOO_LARGE` or
 * `RESOURCE_UNREADABLE`
 */
export function readResource(
  skill: { readonly directory: string },
  relativePath: string,
  options: {
    /** Refuses files with more bytes than this. @default 1_048_576 */
    readonly maxBytes?: number
  } = {},
): Buffer {
  const { maxBytes = 1_048_576 } = options
  const shown = quote(relativePath)
  const path = join(skill.directory, relativePath)
  // A look at the text first: an absolute path or a way out is a mistake even where nothing is there.
  if (isAbsolute(relativePath) || relativePath.includes('\0') || !isInside(skill.directory, path)) {
    throw outside(shown)
  }
  try {
    return readInside(skill.directory, path, maxBytes)
  } catch (error) {
    if (!(error instanceof FileRefusal)) throw error
    const cause = { cause: error }
    switch (error.reason) {
      case 'outside':
        throw outside(shown, cause)
      case 'missing':
        throw new SkillLiteError(
          'RESOURCE_NOT_FOUND',
          `The skill has no file ${shown}`,
          'Paths are relative to the skill directory.',
          cause,
        )
      case 'not-a-file':
        throw new SkillLiteError(
          'RESOURCE_NOT_A_FILE',
          `${shown} is not a regular file`,
          'Name a file of the skill, not a directory or a device.',
          cause,
        )
      case 'too-large':
        throw new SkillLiteError(
          'RESOURCE_TOO_LARGE',
          `${shown} has more than ${maxBytes} bytes`,
          'Raise maxBytes, or read the file from inside a script.',
          cause,
        )
      case 'unreadable':
        throw new SkillLiteError(
          'RESOURCE_UNREADABLE',
          `${shown} cannot be read`,
          'Check the permissions of the file.',
          cause,
        )
    }
  }
}

function outside(shown: string, options?: ErrorOptions): SkillLiteError {
  const message = `${shown} is not inside the skill directory`
  const hint = 'Only files of the skill itself can be read; links that lead out of it are refused.'
  return new SkillLiteError('RESOURCE_OUTSIDE_SKILL', message, hint, options)
}

/** The entries of a directory in a stable order; a flood of them is cut, and said so. */
export function readEntries(
  directory: string,
  warn: (code: string, message: string, path: string) => void,
): Dirent[] {
  let entries: Dirent[] = []
  try {
    entries = isSmall(directory) ? readdirSync(directory, { withFileTypes: true }) : readSome(directory)
    if (entries.length > maxEntriesPerDirectory) {
      warn('directory-limit', `Only ${maxEntriesPerDirectory} entries of a directory are read`, directory)
      entries.length = maxEntriesPerDirectory
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error
    warn('directory-unreadable', `A directory cannot be read (${code})`, directory)
  }
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Whether it is safe to read all of a directory at once, which costs a third. A size of 0 says nothing. */
function isSmall(directory: string): boolean {
  const { size } = statSync(directory)
  return size > 0 && size <= maxBytesAtOnce
}

/** One entry more than wanted, where there are as many. */
function readSome(directory: string): Dirent[] {
  const entries: Dirent[] = []
  const handle = opendirSync(directory, { bufferSize: 256 })
  try {
    for (let entry = handle.readSync(); entry; entry = handle.readSync()) {
      if (entries.push(entry) > maxEntriesPerDirectory) break
    }
  } finally {
    handle.closeSync()
  }
  return entries
}

function oddity(directory: string, absolute: string, entry: Dirent): string | undefined {
  if (!entry.isSymbolicLink()) return 'it is not a regular file'
  try {
    if (!isInside(directory, realpathSync(absolute))) return 'the link leads outside the skill'
    const stats = statSync(absolute)
    if (stats.isDirectory()) return 'directory-link'
    return stats.isFile() ? undefined : 'it is not a regular file'
  } catch {
    return 'the link leads nowhere'
  }
}
