import { closeSync, constants, existsSync, mkdirSync, openSync, realpathSync } from 'node:fs'
import path from 'node:path'
import { quote } from '../../errors.js'

/** Why something in the workspace was not done, in words for a model. */
export class WorkspaceProblem extends Error {}

/** An open directory of a workspace. What is done through `at` stays in it, whatever becomes of its name meanwhile. */
export interface OpenDirectory {
  /** Leads to the directory by its descriptor; put a name behind it. */
  readonly at: string
  /** Throws unless the directory still is where its name says; it needs asking only where there are no such paths. */
  confirm(): void
  close(): void
}

const DIRECTORY = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW

/** Whether a descriptor can be the start of a path, so that no name on the way can be exchanged meanwhile. */
const byDescriptor = existsSync('/proc/self/fd')

/** The names on the way to a relative path. Throws {@link WorkspaceProblem} for one that leads out. */
export function namesOf(relative: string): string[] {
  if (path.isAbsolute(relative) || relative.includes('\0')) {
    throw new WorkspaceProblem(`${quote(relative)} is not a path relative to the workspace`)
  }
  const names = relative.split('/').filter((name) => name !== '' && name !== '.')
  if (names.includes('..')) throw new WorkspaceProblem(`${quote(relative)} has .. in it`)
  return names
}

/**
 * Opens a directory below `root`, a real path, one name after the other and following no link. With `create`, makes
 * those that are missing.
 */
export function openDirectory(root: string, names: readonly string[], create = false): OpenDirectory {
  let descriptor = openRoot(root)
  let place = root
  for (const name of names) {
    const start = byDescriptor ? `/proc/self/fd/${descriptor}` : place
    try {
      if (create) makeDirectory(`${start}/${name}`)
      const next = openSync(`${start}/${name}`, DIRECTORY)
      closeSync(descriptor)
      descriptor = next
      place = `${place}/${name}`
    } catch (error) {
      closeSync(descriptor)
      throw problemOf(error, names.join('/'))
    }
  }
  return {
    at: byDescriptor ? `/proc/self/fd/${descriptor}` : place,
    confirm: () => {
      if (!byDescriptor && realpathSync(place) !== place) {
        throw new WorkspaceProblem(`${quote(names.join('/'))} changed meanwhile`)
      }
    },
    close: () => closeSync(descriptor),
  }
}

function openRoot(root: string): number {
  try {
    return openSync(root, DIRECTORY)
  } catch (error) {
    throw problemOf(error, '.')
  }
}

function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
}

/** What the system said, in words that name no path of the host. */
export function problemOf(error: unknown, shown: string): Error {
  const code = codeOf(error)
  const name = quote(shown === '' ? '.' : shown)
  switch (code) {
    case undefined:
      return error as Error
    case 'ENOENT':
      return new WorkspaceProblem(`${name} does not exist`)
    case 'ENOTDIR':
      return new WorkspaceProblem(`${name} is not a directory, or a link, which is not followed`)
    case 'ELOOP':
    case 'EMLINK':
      return new WorkspaceProblem(`${name} is a link, which is not followed`)
    case 'EISDIR':
      return new WorkspaceProblem(`${name} is a directory`)
    default:
      return new WorkspaceProblem(`${name} cannot be used (${code})`)
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}
