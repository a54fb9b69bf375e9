import path from 'node:path'
import { readStart } from '../../skill/safe-file.js'

const MAX_BYTES = 1024 * 1024

/** The text of a file of a skill; nothing where it is not there or leads out of the skill. */
export function skillText(directory: string, file: string, maxBytes = MAX_BYTES): string | undefined {
  try {
    return readStart(directory, path.join(directory, file), maxBytes).toString('utf8')
  } catch {
    return undefined
  }
}
