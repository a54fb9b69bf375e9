import type { Socket } from 'node:net'
import { isHost, parseHost } from '../policy/hosts/host.js'
import { formatHostPort, WEB_PORTS } from '../policy/hosts/host-pattern.js'
import type { Gate, Target } from './gate.js'
import { type Opening, readOpening } from './opening.js'
import { nextChunk, relay } from './relay.js'

/** RFC 8446: a fatal alert, "unrecognized name". */
const UNRECOGNIZED_NAME = Buffer.from([0x15, 3, 3, 0, 2, 2, 112])

/** Serves plain HTTP within a tunnel, of which nothing has been sent on. */
export type ServeHttp = (client: Socket, target: Target, server: Socket) => void

/**
 * Carries a tunnel to a granted host. Its first bytes are looked at: TLS must ask for that very host; plain HTTP is
 * handed to `serveHttp`, which looks at each request; what is neither may go to ports that are granted for it.
 */
export async function runTunnel(
  gate: Gate,
  client: Socket,
  target: Target,
  server: Socket,
  serveHttp: ServeHttp,
): Promise<void> {
  const count = gate.admit(target)
  server.on('error', () => client.destroy())
  client.on('error', () => server.destroy())
  client.on('close', () => server.destroy())
  // In many protocols the server speaks first.
  const answers = relay(server, client, count)
  let bytes: Buffer = Buffer.alloc(0)
  let opening: Opening = { kind: 'more' }
  while (opening.kind === 'more') {
    const chunk = await nextChunk(client)
    if (chunk === undefined) break
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk])
    opening = readOpening(bytes)
  }
  const problem = problemOf(opening, target, bytes.length > 0)
  if (problem !== undefined) {
    gate.refuse(target, problem)
    answers.stop()
    server.destroy()
    if (opening.kind === 'tls') client.end(UNRECOGNIZED_NAME)
    else client.destroy()
  } else if (opening.kind === 'http') {
    answers.stop()
    client.unshift(bytes)
    serveHttp(client, target, server)
  } else {
    if (bytes.length > 0 && count(bytes.length)) server.write(bytes)
    if (client.readableEnded) server.end()
    else relay(client, server, count)
  }
}

function problemOf(opening: Opening, target: Target, begun: boolean): string | undefined {
  const place = formatHostPort(target.host.text, target.port)
  switch (opening.kind) {
    case 'http':
      return undefined
    case 'bad':
      return `the tunnel to ${place} is not one that can be checked: ${opening.reason}`
    case 'tls':
      return serverNameProblem(opening.serverName, target, place)
    case 'more':
      // An end without a word is no attempt at anything.
      return begun ? `the tunnel to ${place} ends before it can be checked` : undefined
    case 'other':
      return WEB_PORTS.includes(target.port)
        ? `the tunnel to ${place} carries neither TLS nor HTTP`
        : undefined
  }
}

function serverNameProblem(
  serverName: string | undefined,
  { host }: Target,
  place: string,
): string | undefined {
  if (serverName === undefined) {
    return host.address === undefined ? `the TLS handshake to ${place} names no server` : undefined
  }
  const named = parseHost(serverName)
  if (isHost(named) && named.text === host.text) return undefined
  return `the tunnel to ${place} asks for the TLS server ${JSON.stringify(serverName.slice(0, 80))}`
}
