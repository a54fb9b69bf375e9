import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { quote, SkillLiteError } from '../errors.js'
import { Gate, type GateOptions } from './gate.js'
import { HttpProxy } from './http-proxy.js'
import type { NetworkAttempt } from './network-attempt.js'
import { nextChunk } from './relay.js'
import { SOCKS5, serveSocks } from './socks-proxy.js'

export interface EgressProxyOptions extends GateOptions {
  /** Connections at the same time. */
  readonly maxConnections: number
}

/** The way out of one run. */
export interface EgressProxy {
  /** The Unix socket that it listens on, in a directory that nobody else can enter. */
  readonly socketPath: string
  attempts(): readonly NetworkAttempt[]
  /** Ends every connection and removes the socket. */
  close(): Promise<void>
}

/** sockaddr_un has room for so many bytes. */
const MAX_SOCKET_PATH = 107

/** Opens a proxy for one run: HTTP, CONNECT and SOCKS5 on one socket. */
export async function openEgressProxy(options: EgressProxyOptions): Promise<EgressProxy> {
  const gate = new Gate(options)
  const http = new HttpProxy(gate)
  const clients = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (client) => {
    client.on('error', () => client.destroy())
    if (clients.size >= options.maxConnections) {
      gate.refuse(undefined, `more than ${options.maxConnections} connections at the same time`)
      client.destroy()
      return
    }
    clients.add(client)
    client.on('close', () => clients.delete(client))
    serve(client).catch(() => client.destroy())
  })
  const serve = async (client: Socket): Promise<void> => {
    const first = await nextChunk(client)
    if (first === undefined) return void client.destroy()
    client.unshift(first)
    if (first[0] === SOCKS5) await serveSocks(gate, client, http.acceptTunnel)
    else http.accept(client)
  }

  const directory = await mkdtemp(path.join(tmpdir(), 'skilllite-net-'))
  const socketPath = path.join(directory, 'proxy')
  try {
    if (Buffer.byteLength(socketPath) > MAX_SOCKET_PATH) throw pathTooLong(socketPath)
    server.listen(socketPath)
    await once(server, 'listening')
  } catch (error) {
    await rm(directory, { recursive: true, force: true })
    throw error
  }
  return {
    socketPath,
    attempts: () => gate.log.list(),
    async close() {
      gate.close()
      for (const client of clients) client.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
      await rm(directory, { recursive: true, force: true })
    },
  }
}

function pathTooLong(socketPath: string): SkillLiteError {
  return new SkillLiteError(
    'SANDBOX_UNAVAILABLE',
    `The path ${quote(socketPath)} is too long for a socket`,
    'Set TMPDIR to a shorter directory.',
  )
}
