import { writeSync } from 'node:fs'

/**
 * Nobody reads our stdout any more (`skilllite list | head -1`). Not a failure worth a message: the command ends
 * as any Unix tool would.
 */
export class StdoutClosed extends Error {
  override readonly name = 'StdoutClosed'

  /** By name, not by class: the build has a copy in each of its files. */
  static is(error: unknown): error is StdoutClosed {
    return error instanceof Error && error.name === 'StdoutClosed'
  }
}

/**
 * Writes to stdout. Straight to the descriptor, because `process.stdout` costs up to 4 ms of start and writes to
 * files, pipes and terminals synchronously on Unix all the same.
 */
export function writeStdout(data: string | Uint8Array): void {
  if (!writeAll(1, data)) throw new StdoutClosed()
}

/** Writes to stderr; where nobody reads it, there is nobody to tell. */
export function writeStderr(data: string | Uint8Array): void {
  writeAll(2, data)
}

/** A line on stderr: everything that is not data. */
export function tell(line: string): void {
  writeStderr(`${line}\n`)
}

/** Whether everything arrived; false where the reader is gone. */
function writeAll(descriptor: 1 | 2, data: string | Uint8Array): boolean {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data
  let offset = 0
  while (offset < bytes.byteLength) {
    try {
      offset += writeSync(descriptor, bytes, offset)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      // another program set the shared pipe to non-blocking, and the reader is slow
      if (code === 'EAGAIN') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
      else if (code === 'EPIPE' || code === 'EBADF' || code === 'EIO') return false
      else throw error
    }
  }
  return true
}
