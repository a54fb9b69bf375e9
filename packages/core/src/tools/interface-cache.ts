import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { readOwnFile, writeOwnFile } from '../skill/own-file.js'

const PREFIX = 'interfaces-'
const MAX_BYTES = 4 * 1024 * 1024
const MAX_ENTRIES = 20_000
const MAX_AGE_MS = 30 * 24 * 60 * 60 * 1_000

/**
 * Keeps what was read from code, one file for each content digest, so that any of them can go at any time. Files are
 * written in one step; one that is damaged does not match its checksum and counts as missing.
 */
export class InterfaceCache {
  private readonly directory: string
  private prepared: boolean | undefined

  /**
   * @param parent A directory that nobody else can write to
   * @param version Of everything that decides what is kept: another version finds nothing
   */
  constructor(
    private readonly parent: string,
    version: string,
  ) {
    this.directory = path.join(parent, PREFIX + version)
  }

  read(digest: string): unknown {
    const text = readOwnFile(this.file(digest), MAX_BYTES)
    const end = text?.indexOf('\n') ?? -1
    if (text === undefined || end < 0) return undefined
    const payload = text.slice(end + 1)
    return checksum(payload) === text.slice(0, end) ? JSON.parse(payload) : undefined
  }

  write(digest: string, value: unknown): void {
    this.prepared ??= this.prepare()
    if (!this.prepared) return
    const payload = JSON.stringify(value)
    writeOwnFile(this.file(digest), `${checksum(payload)}\n${payload}`)
  }

  private file(digest: string): string {
    return path.join(this.directory, `${digest}.json`)
  }

  /** Makes the directory, and room in the cache: other versions' files that are old, and its own when they are many. */
  private prepare(): boolean {
    try {
      for (const name of readdirSync(this.parent)) {
        const directory = path.join(this.parent, name)
        if (!name.startsWith(PREFIX)) continue
        const own = directory === this.directory
        const old = Date.now() - statSync(directory).mtimeMs > MAX_AGE_MS
        if (own ? readdirSync(directory).length > MAX_ENTRIES : old) rmSync(directory, { recursive: true })
      }
      mkdirSync(this.directory, { mode: 0o700 })
      return true
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EEXIST'
    }
  }
}

const checksum = (text: string): string => createHash('sha256').update(text).digest('hex')
