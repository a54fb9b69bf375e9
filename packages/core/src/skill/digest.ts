import type { Hash } from 'node:crypto'
import { createHash } from 'node:crypto'
import { closeSync, lstatSync, opendirSync, readlinkSync, readSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { quote, SkillLiteError } from '../errors.js'
import { FileRefusal, openInside } from './safe-file.js'

const maxEntries = 20_000
const maxDepth = 32
const maxBytes = 536_870_912
const chunkBytes = 65_536

/** Bytes as text, one character each: keeps names that are not UTF-8 apart, and sorts as bytes do. */
const rawNames = 'latin1'

/**
 * The content digest of a skill: SHA-256 over the sorted paths of everything in its directory, each with its type, executable
 * bit, and content or link target. Names, times, owners and the place of the directory itself do not matter.
 *
 * @returns `sha256:` and 64 hexadecimal digits
 * @throws SkillLiteError for anything but files, directories and links, for unreadable entries, and above 20,000 entries, 32
 * levels or 512 MiB
 */
export function skillDigest(directory: string): string {
  let root: string
  try {
    root = realpathSync(directory)
  } catch (error) {
    throw new SkillLiteError(
      'SKILL_NOT_FOUND',
      `There is no skill at ${quote(directory, 400)}`,
      'Check the path.',
      {
        cause: error,
      },
    )
  }
  try {
    return `sha256:${new Digest(root).compute()}`
  } catch (error) {
    if (SkillLiteError.is(error)) throw error
    const code =
      error instanceof FileRefusal && error.reason === 'not-a-file' ? 'SKILL_NOT_A_FILE' : 'SKILL_UNREADABLE'
    const reason = error instanceof Error ? error.message : String(error)
    throw new SkillLiteError(
      code,
      `The skill cannot be digested: ${reason}`,
      'Check the files of the skill.',
      {
        cause: error,
      },
    )
  }
}

class Digest {
  private readonly hash: Hash = createHash('sha256')
  private readonly buffer = Buffer.alloc(chunkBytes)
  private entries = 0
  private bytes = 0

  constructor(private readonly root: string) {}

  compute(): string {
    this.hash.update('skilllite skill digest 1\n')
    this.directory('', 0)
    return this.hash.digest('hex')
  }

  /** Depth first, each directory's entries in byte order; `prefix` is in {@link rawNames}. */
  private directory(prefix: string, depth: number): void {
    if (depth > maxDepth) throw tooLarge(`more than ${maxDepth} levels of directories`)
    for (const name of this.names(prefix)) {
      const path = prefix + name
      const absolute = this.absolute(path)
      const stats = lstatSync(absolute)
      if (stats.isDirectory()) {
        this.record('d', path)
        this.directory(`${path}/`, depth + 1)
      } else if (stats.isSymbolicLink()) {
        this.record('l', path)
        this.sized(readlinkSync(absolute, 'buffer'))
      } else if (stats.isFile()) {
        this.file(path, absolute)
      } else {
        const message = `${quote(Buffer.from(path, rawNames).toString())} is not a file, directory or link`
        throw new SkillLiteError(
          'SKILL_NOT_A_FILE',
          message,
          'Remove FIFOs, sockets and devices from the skill.',
        )
      }
    }
  }

  private names(prefix: string): string[] {
    const names: string[] = []
    const handle = opendirSync(this.absolute(prefix), { encoding: rawNames })
    try {
      for (let entry = handle.readSync(); entry; entry = handle.readSync()) {
        if (++this.entries > maxEntries) throw tooLarge(`more than ${maxEntries} entries`)
        names.push(entry.name)
      }
    } finally {
      handle.closeSync()
    }
    return names.sort()
  }

  private file(path: string, absolute: Buffer): void {
    const { fd, stats } = openInside(this.root, absolute)
    try {
      this.bytes += stats.size
      if (this.bytes > maxBytes) throw tooLarge(`more than ${maxBytes} bytes`)
      this.record((stats.mode & 0o111) === 0 ? 'f' : 'x', path)
      this.length(stats.size)
      let left = stats.size
      while (left >= 0) {
        const read = readSync(fd, this.buffer, 0, chunkBytes, null)
        if (read === 0) break
        left -= read
        this.hash.update(this.buffer.subarray(0, read))
      }
      // A length that is not the content's would make two different skills look the same.
      if (left !== 0) throw new FileRefusal('unreadable', `${quote(path)} changed while it was read`)
    } finally {
      closeSync(fd)
    }
  }

  private record(type: 'd' | 'f' | 'x' | 'l', path: string): void {
    this.hash.update(type)
    this.sized(Buffer.from(path, rawNames))
  }

  private sized(bytes: Buffer): void {
    this.length(bytes.length)
    this.hash.update(bytes)
  }

  private length(value: number): void {
    const bytes = Buffer.alloc(8)
    bytes.writeBigUInt64BE(BigInt(value))
    this.hash.update(bytes)
  }

  private absolute(path: string): Buffer {
    return Buffer.concat([Buffer.from(join(this.root, '/')), Buffer.from(path, rawNames)])
  }
}

function tooLarge(what: string): SkillLiteError {
  return new SkillLiteError(
    'SKILL_TOO_LARGE',
    `The skill has ${what}`,
    'Remove what the skill does not need.',
  )
}
