import type { Socket } from 'node:net'
import { formatAddress } from '../policy/hosts/ip-address.js'
import { type Gate, isRefusal } from './gate.js'
import { takeBytes } from './relay.js'
import { runTunnel, type ServeHttp } from './tunnel.js'

export const SOCKS5 = 5
const NO_AUTHENTICATION = 0
const CONNECT = 1
/** RFC 1928, 6: what a reply says. */
const Reply = { done: 0, notAllowed: 2, unreachable: 4, badCommand: 7, badAddress: 8 } as const

/** Serves SOCKS5 (RFC 1928): only CONNECT, and what can be a tunnel. */
export async function serveSocks(gate: Gate, client: Socket, serveHttp: ServeHttp): Promise<void> {
  const [, methods = 0] = (await takeBytes(client, 2)) ?? []
  const offered = methods === 0 ? undefined : await takeBytes(client, methods)
  if (offered?.includes(NO_AUTHENTICATION) !== true) return void client.end(Buffer.from([SOCKS5, 0xff]))
  client.write(Buffer.from([SOCKS5, NO_AUTHENTICATION]))

  const [version, command, , kind] = (await takeBytes(client, 4)) ?? []
  if (version !== SOCKS5) return void client.destroy()
  if (command !== CONNECT) {
    gate.refuse(undefined, 'of SOCKS, only CONNECT is possible')
    return reply(client, Reply.badCommand)
  }
  const host = await readHost(client, kind)
  const port = host === undefined ? undefined : await takeBytes(client, 2)
  if (host === undefined || port === undefined) return reply(client, Reply.badAddress)
  const target = gate.ask(host, port.readUInt16BE())
  if (isRefusal(target)) return reply(client, Reply.notAllowed)
  const server = await gate.open(target)
  if (isRefusal(server)) return reply(client, server.status === 403 ? Reply.notAllowed : Reply.unreachable)
  if (client.destroyed) return void server.destroy()
  client.write(replyBytes(Reply.done))
  await runTunnel(gate, client, target, server, serveHttp)
}

async function readHost(client: Socket, kind: number | undefined): Promise<string | undefined> {
  if (kind === 3) {
    const [length = 0] = (await takeBytes(client, 1)) ?? []
    const name = length === 0 ? undefined : await takeBytes(client, length)
    // Not UTF-8 is no name; the character that stands for it is in none.
    return name?.toString('utf8')
  }
  const size = kind === 1 ? 4 : kind === 4 ? 16 : 0
  const address = size === 0 ? undefined : await takeBytes(client, size)
  return address === undefined ? undefined : formatAddress([...address])
}

const replyBytes = (code: number): Buffer => Buffer.from([SOCKS5, code, 0, 1, 0, 0, 0, 0, 0, 0])

function reply(client: Socket, code: number): void {
  client.end(replyBytes(code))
}
