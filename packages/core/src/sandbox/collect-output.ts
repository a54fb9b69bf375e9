import { constants, type Dirent } from 'node:fs'
import { type FileHandle, lstat, mkdir, open, opendir, realpath, rm } from 'node:fs/promises'
import path from 'node:path'
import type { LeftOut, ReportedArtifact } from './report.js'

// The same numbers as in native/src/linux/collect.rs.
const MAX_FILES = 4_096
/** Bytes of all names together: they end up in the result. */
const MAX_NAME_BYTES = 256 * 1024
/** So many names are looked at: a sandbox without a limit on files may leave millions. */
const MAX_ENTRIES = 2 * MAX_FILES
const MAX_DEPTH = 16
/** So many files that were left out are named. */
const MAX_LEFT_OUT = 100
const CHUNK_BYTES = 256 * 1024

export interface Collected {
  readonly artifacts: readonly ReportedArtifact[]
  readonly leftOut: readonly LeftOut[]
}

/**
 * Copies the regular files below `from` into `into`, at most `maxBytes` together, as new files of ours. Nothing is
 * followed on either side, nothing that exists is overwritten. For the backends where no `skillbox` does it.
 */
export async function collectOutput(from: string, into: string, maxBytes: number): Promise<Collected> {
  const collector = new Collector(from, await realpath(into), maxBytes)
  await collector.directory('', 0)
  return collector.collected()
}

class Collector {
  private readonly artifacts: ReportedArtifact[] = []
  private readonly leftOut: LeftOut[] = []
  private unnamed = 0
  private entriesLeft = MAX_ENTRIES
  private nameBytesLeft = MAX_NAME_BYTES

  constructor(
    private readonly from: string,
    private readonly into: string,
    private room: number,
  ) {}

  collected(): Collected {
    const more = `${this.unnamed} more files were left out`
    const rest = this.unnamed === 0 ? [] : [{ path: '…', reason: more }]
    return { artifacts: this.artifacts, leftOut: [...this.leftOut, ...rest] }
  }

  async directory(at: string, depth: number): Promise<void> {
    for (const entry of await this.list(at)) {
      const name = path.join(at, entry.name)
      if (entry.isDirectory()) {
        if (depth >= MAX_DEPTH) this.leave(name, 'is nested too deeply')
        else await this.directory(name, depth + 1)
      } else if (entry.isFile()) await this.file(name)
      else this.leave(name, entry.isSymbolicLink() ? 'is a symbolic link' : 'is not a regular file')
    }
  }

  private async list(at: string): Promise<readonly Dirent[]> {
    const entries: Dirent[] = []
    try {
      for await (const entry of await opendir(path.join(this.from, at))) {
        if (this.entriesLeft-- > 0) entries.push(entry)
        else {
          this.leave(at, `holds more than the ${MAX_ENTRIES} names that are looked at`)
          break
        }
      }
    } catch {
      this.leave(at, 'cannot be read')
    }
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  private async file(name: string): Promise<void> {
    if (this.artifacts.length >= MAX_FILES) return this.leave(name, `is one of more than ${MAX_FILES} files`)
    if (Buffer.byteLength(name) > this.nameBytesLeft) {
      return this.leave(name, 'has a name too long to be listed with the others')
    }
    let source: FileHandle
    try {
      // Not blocking: what was a file when it was listed may be a pipe now.
      const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
      source = await open(path.join(this.from, name), flags)
    } catch {
      return this.leave(name, 'cannot be opened')
    }
    try {
      const stats = await source.stat()
      if (!stats.isFile()) return this.leave(name, 'is not a regular file')
      // A sparse file holds more bytes than the disk it took.
      if (stats.size > this.room) return this.leave(name, 'is larger than what may still be collected')
      await this.copy(source, name)
    } catch (error) {
      const exists = (error as NodeJS.ErrnoException).code === 'EEXIST'
      this.leave(name, exists ? 'a file of that name exists already' : 'cannot be copied')
    } finally {
      await source.close()
    }
  }

  private async copy(source: FileHandle, name: string): Promise<void> {
    await this.makeParents(path.dirname(name))
    const file = path.join(this.into, name)
    const target = await open(file, 'wx')
    try {
      const bytes = await copyBytes(source, target, this.room)
      if (bytes === undefined) {
        await rm(file)
        return this.leave(name, 'is larger than what may still be collected')
      }
      this.room -= bytes
      this.nameBytesLeft -= Buffer.byteLength(name)
      this.artifacts.push({ path: name, bytes })
    } finally {
      await target.close()
    }
  }

  /** Each part must be a directory itself: a link in the host's directory would lead out of it. */
  private async makeParents(directory: string): Promise<void> {
    let at = this.into
    for (const part of directory === '.' ? [] : directory.split(path.sep)) {
      at = path.join(at, part)
      const stats = await lstat(at).catch(() => undefined)
      if (stats === undefined) await mkdir(at)
      else if (!stats.isDirectory()) throw new Error('it is not a directory')
    }
  }

  private leave(name: string, reason: string): void {
    if (this.leftOut.length < MAX_LEFT_OUT) this.leftOut.push({ path: name, reason })
    else this.unnamed++
  }
}

/** Copies to the end; nothing where there is more than `max`, which a file that still grows may come to. */
async function copyBytes(source: FileHandle, target: FileHandle, max: number): Promise<number | undefined> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  let bytes = 0
  for (;;) {
    const { bytesRead } = await source.read(chunk, 0, chunk.length)
    if (bytesRead === 0) return bytes
    bytes += bytesRead
    if (bytes > max) return undefined
    await target.writeFile(chunk.subarray(0, bytesRead))
  }
}
