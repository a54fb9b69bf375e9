import { createHash, type Hash } from 'node:crypto'
import { closeSync, readSync } from 'node:fs'
import { FileRefusal, openInside } from '../skill/safe-file.js'
import type { SkillInfo } from '../skill/skill-info.js'

/** More of a file is not read for its arguments. */
const MAX_BYTES = 1_048_576

/** One for all files: a buffer for each would keep the garbage collector busy. */
const buffer = Buffer.alloc(65_536)

/**
 * A digest of everything that decides what a skill's scripts take: their code, that of the modules beside them, what the
 * skill declares, and its instructions. Where the skill lies and when it was written do not matter.
 */
export function interfaceDigest(skill: SkillInfo): string {
  const hash = createHash('sha256')
  sized(hash, JSON.stringify([skill.name, skill.runtime]))
  sized(hash, skill.body)
  for (const { path } of skill.scripts) {
    sized(hash, path)
    addCode(hash, skill.directory, path)
  }
  return hash.digest('hex')
}

function sized(hash: Hash, text: string): void {
  hash.update(`${Buffer.byteLength(text)}\n`).update(text)
}

function addCode(hash: Hash, directory: string, path: string): void {
  try {
    const { fd, stats } = openInside(directory, `${directory}/${path}`)
    try {
      hash.update(`${stats.size}\n`)
      for (let left = Math.min(stats.size, MAX_BYTES); left > 0; ) {
        const read = readSync(fd, buffer, 0, Math.min(left, buffer.length), null)
        if (read === 0) break
        hash.update(buffer.subarray(0, read))
        left -= read
      }
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    if (!(error instanceof FileRefusal)) throw error
    hash.update(`${error.reason}\n`)
  }
}
