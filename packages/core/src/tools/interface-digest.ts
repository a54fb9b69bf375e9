import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { FileRefusal, readStart } from '../skill/safe-file.js'
import type { SkillInfo } from '../skill/skill-info.js'

/** More of a file is not read for its arguments. */
const MAX_BYTES = 1_048_576

/**
 * A digest of everything that decides what a skill's scripts take: their code, that of the modules beside them, what the
 * skill declares, and its instructions. Where the skill lies and when it was written do not matter.
 */
export function interfaceDigest(skill: SkillInfo): string {
  const hash = createHash('sha256')
  const sized = (data: string | Buffer): void => {
    hash.update(`${Buffer.byteLength(data)}\n`).update(data)
  }
  sized(JSON.stringify([skill.name, skill.runtime]))
  sized(skill.body)
  for (const { path } of skill.scripts) {
    sized(path)
    sized(codeOf(skill.directory, path))
  }
  return hash.digest('hex')
}

function codeOf(directory: string, path: string): string | Buffer {
  try {
    // One byte more, so that a file which is just too large is not taken for its beginning.
    return readStart(directory, join(directory, path), MAX_BYTES + 1)
  } catch (error) {
    if (error instanceof FileRefusal) return `\0${error.reason}`
    throw error
  }
}
