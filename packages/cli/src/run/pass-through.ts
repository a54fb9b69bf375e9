import { VisibleStream } from '../terminal/escape.js'
import { StdoutClosed, writeStderr, writeStdout } from '../terminal/output.js'
import { isTerminal } from '../terminal/style.js'

/** Where a script's output goes as it comes. */
export interface PassThrough {
  readonly onStdout: (chunk: Uint8Array) => void
  readonly onStderr: (chunk: Uint8Array) => void
  /** Writes what is still held back. */
  readonly end: () => void
}

/**
 * Byte for byte where a stream is no terminal; else with control sequences made visible, so that a skill cannot
 * move the cursor, retitle the window or fake a prompt. `onClosed` is called once nobody reads stdout any more.
 */
export function passThrough(onClosed: () => void): PassThrough {
  let closed = false
  const stdout = sink(1, (data) => {
    if (closed) return
    try {
      writeStdout(data)
    } catch (error) {
      if (!StdoutClosed.is(error)) throw error
      closed = true
      onClosed()
    }
  })
  const stderr = sink(2, writeStderr)
  return {
    onStdout: stdout.write,
    onStderr: stderr.write,
    end: () => {
      stdout.end()
      stderr.end()
    },
  }
}

function sink(descriptor: 1 | 2, write: (data: string | Uint8Array) => void) {
  if (!isTerminal(descriptor)) return { write, end: () => {} }
  const stream = new VisibleStream()
  return {
    write: (chunk: Uint8Array) => write(stream.write(chunk)),
    end: () => {
      const last = stream.end()
      if (last !== '') write(last)
    },
  }
}
