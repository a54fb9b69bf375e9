import type { Stats } from 'node:fs'
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
} from 'node:fs'
import { sep } from 'node:path'

/** Why a file of a skill was not opened. */
export type RefusalReason = 'missing' | 'outside' | 'not-a-file' | 'too-large' | 'unreadable'

/** Says why {@link openInside} or {@link readInside} refused a file; callers turn it into an error of their own. */
export class FileRefusal extends Error {
  constructor(
    readonly reason: RefusalReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/** An open regular file whose real path is inside the root it was asked for. The caller closes `fd`. */
export interface OpenFile {
  readonly fd: number
  readonly stats: Stats
}

// Non-blocking: opening a FIFO that nobody writes to would otherwise hang for ever.
const openFlags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW | constants.O_NOCTTY

/** Whether `path` is `root` or below it. Both must be absolute and free of `..` and symbolic links. */
export function isInside(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep)
}

/** Opens the regular file `path`, provided that its real path lies in `root`, itself a real path. */
export function openInside(root: string, path: string | Buffer): OpenFile {
  let real = path
  try {
    let entry = lstatSync(path)
    if (entry.isSymbolicLink()) {
      real = realpathSync(path)
      if (!isInside(root, real)) throw new FileRefusal('outside', `${path} leads outside ${root}`)
      entry = lstatSync(real)
    }
    // Looked at before opening: merely opening a device can have effects.
    if (!entry.isFile()) throw new FileRefusal('not-a-file', `${path} is not a regular file`)
    return verified(root, real, openSync(real, openFlags))
  } catch (error) {
    throw asRefusal(error, path)
  }
}

/** Reads a whole file that {@link openInside} accepts, refusing more than `maxBytes`. */
export function readInside(root: string, path: string, maxBytes: number): Buffer {
  const { fd, stats } = openInside(root, path)
  try {
    if (stats.size > maxBytes) throw new FileRefusal('too-large', `${path} has ${stats.size} bytes`)
    return readUpTo(fd, maxBytes, stats.size, path)
  } catch (error) {
    throw asRefusal(error, path)
  } finally {
    closeSync(fd)
  }
}

/** Reads at most the first `maxBytes` of a file that {@link openInside} accepts. */
export function readStart(root: string, path: string, maxBytes: number): Buffer {
  const { fd, stats } = openInside(root, path)
  try {
    const buffer = Buffer.alloc(Math.min(maxBytes, stats.size))
    return buffer.subarray(0, fill(fd, buffer))
  } catch (error) {
    throw asRefusal(error, path)
  } finally {
    closeSync(fd)
  }
}

// The path was checked by name; between that and the open a directory may have become a link.
function verified(root: string, path: string | Buffer, fd: number): OpenFile {
  try {
    const stats = fstatSync(fd)
    if (!stats.isFile()) throw new FileRefusal('not-a-file', `${path} is not a regular file`)
    if (!isInside(root, realPathOf(fd, path, stats))) {
      throw new FileRefusal('outside', `${path} leads outside ${root}`)
    }
    return { fd, stats }
  } catch (error) {
    closeSync(fd)
    throw error
  }
}

function realPathOf(fd: number, path: string | Buffer, stats: Stats): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`)
  } catch {
    // No /proc (macOS, some containers): the name must still lead to the very file that is open.
    const real = realpathSync(path)
    const now = lstatSync(real)
    if (now.ino !== stats.ino || now.dev !== stats.dev) {
      throw new FileRefusal('outside', `${path} changed while it was being opened`)
    }
    return real
  }
}

function readUpTo(fd: number, maxBytes: number, expected: number, path: string): Buffer {
  // One byte more than expected, so that a file that grows meanwhile is noticed without a second call.
  let buffer = Buffer.alloc(Math.min(expected, maxBytes) + 1)
  let length = fill(fd, buffer)
  if (length === buffer.length && length <= maxBytes) {
    const whole = Buffer.alloc(maxBytes + 1)
    buffer.copy(whole, 0, 0, length)
    length += fill(fd, whole.subarray(length))
    buffer = whole
  }
  if (length > maxBytes) throw new FileRefusal('too-large', `${path} has more than ${maxBytes} bytes`)
  return buffer.subarray(0, length)
}

function fill(fd: number, buffer: Buffer): number {
  let length = 0
  while (length < buffer.length) {
    const read = readSync(fd, buffer, length, buffer.length - length, null)
    if (read === 0) break
    length += read
  }
  return length
}

function asRefusal(error: unknown, path: string | Buffer): FileRefusal {
  if (error instanceof FileRefusal) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const missing = ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE'].includes(code)
  const reason = missing ? 'missing' : code === 'ENXIO' ? 'not-a-file' : 'unreadable'
  return new FileRefusal(reason, `${path} cannot be opened (${code || String(error)})`, { cause: error })
}
