import type { Socket } from 'node:net'

/** Passes on what comes from one socket to another, as fast as that takes it. The end of one is the end of both. */
export function relay(from: Socket, to: Socket, count: (bytes: number) => boolean): { stop(): void } {
  const onData = (chunk: Buffer): void => {
    if (count(chunk.length) && !to.write(chunk)) from.pause()
  }
  const onDrain = (): void => void from.resume()
  const onEnd = (): void => void to.end()
  const onClose = (): void => {
    // Without an end first, it broke off, and the other side must see that too.
    if (!from.readableEnded) to.destroy()
  }
  from.on('data', onData).on('end', onEnd).on('close', onClose)
  to.on('drain', onDrain)
  from.resume()
  return {
    stop() {
      from.off('data', onData).off('end', onEnd).off('close', onClose).pause()
      to.off('drain', onDrain)
    },
  }
}

/** What comes next from a paused socket; `undefined` at its end. */
export async function nextChunk(socket: Socket): Promise<Buffer | undefined> {
  for (;;) {
    const chunk = socket.read() as Buffer | null
    if (chunk !== null) return chunk
    if (socket.readableEnded || socket.destroyed) return undefined
    await new Promise<void>((resolve) => {
      const done = (): void => {
        socket.off('readable', done).off('end', done).off('close', done)
        resolve()
      }
      socket.on('readable', done).on('end', done).on('close', done)
    })
  }
}

/** Exactly so many bytes from a paused socket; `undefined` where it ends before. */
export async function takeBytes(socket: Socket, size: number): Promise<Buffer | undefined> {
  let bytes: Buffer = Buffer.alloc(0)
  while (bytes.length < size) {
    const chunk = await nextChunk(socket)
    if (chunk === undefined) return undefined
    bytes = Buffer.concat([bytes, chunk])
  }
  if (bytes.length > size) socket.unshift(bytes.subarray(size))
  return bytes.subarray(0, size)
}
