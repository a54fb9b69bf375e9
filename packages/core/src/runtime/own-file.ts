import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { isOursAlone } from './cache-directory.js'

/** The text of a file of our own; '' where it may be changed by others, is no file, or has more bytes. */
export function readOwnFile(file: string, maxBytes: number): string {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const stats = fstatSync(descriptor)
    if (!stats.isFile() || !isOursAlone(stats) || stats.size > maxBytes) return ''
    return readFileSync(descriptor, 'utf8')
  } finally {
    closeSync(descriptor)
  }
}
