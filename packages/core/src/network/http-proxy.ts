import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { type Gate, isRefusal, type Refusal, type Target } from './gate.js'
import { readAbsoluteForm, readAuthority, requestProblem } from './http-target.js'
import { runTunnel } from './tunnel.js'
import { UpstreamPool } from './upstream-pool.js'

/** Serves HTTP requests to a proxy, CONNECT, and plain HTTP within a tunnel. Each request is decided about anew. */
export class HttpProxy {
  private readonly server: Server
  private readonly pool: UpstreamPool
  /** Where the tunnel goes that a connection came through. */
  private readonly tunnels = new WeakMap<object, Target>()

  constructor(private readonly gate: Gate) {
    this.pool = new UpstreamPool(gate)
    this.server = createServer({ insecureHTTPParser: false, requireHostHeader: false, noDelay: true })
    this.server.on('request', (request, response) => this.serve(request, response))
    this.server.on('connect', (request, client: Socket, head: Buffer) => {
      if (head.length > 0) client.unshift(head)
      this.connect(request, client).catch(() => client.destroy())
    })
    this.server.on('clientError', (error, client: Socket) => {
      client.on('error', () => {})
      if ('code' in error && String(error.code).startsWith('HPE_')) {
        const target = this.tunnels.get(client)
        answer(client, gate.refuse(target, `the request is not valid HTTP (${String(error.code)})`, 400))
      } else client.destroy()
    })
  }

  /** Takes a connection of which nothing has been read, or all of it put back. */
  accept(client: Socket): void {
    this.server.emit('connection', client)
  }

  /** As {@link accept}, for a connection that is a tunnel. */
  readonly acceptTunnel = (client: Socket, target: Target, server: Socket): void => {
    this.tunnels.set(client, target)
    this.pool.give(target, server)
    this.accept(client)
  }

  private serve(request: IncomingMessage, response: ServerResponse): void {
    const refuse = (refusal: Refusal): void => {
      const body = `${refusal.message}\n`
      response.writeHead(refusal.status, reasonPhrase(refusal), {
        'Content-Type': 'text/plain; charset=utf-8',
        'Content-Length': Buffer.byteLength(body),
        // RFC 9209: tells this from an answer of the server.
        'Proxy-Status': PROXY_STATUS,
        // What follows a request that was not read to its end could be anything.
        Connection: 'close',
      })
      response.end(body)
    }
    const destination = this.destinationOf(request)
    if (isRefusal(destination)) {
      refuse(destination)
      return
    }
    try {
      this.pool.send({ request, response, ...destination }, refuse)
    } catch (error) {
      // Node refuses to write some requests that it reads.
      const reason = error instanceof Error ? error.message : String(error)
      refuse(this.gate.refuse(destination.target, `the request cannot be sent on: ${reason}`, 400))
    }
  }

  private destinationOf(request: IncomingMessage): { target: Target; path: string } | Refusal {
    const url = request.url ?? ''
    const tunnel = this.tunnels.get(request.socket)
    if (tunnel !== undefined && /^(\/|\*$)/.test(url)) {
      const problem = requestProblem(request, tunnel.host, tunnel.port, 'exact')
      return problem === undefined ? { target: tunnel, path: url } : this.gate.refuse(tunnel, problem, 400)
    }
    const read = readAbsoluteForm(url)
    if ('problem' in read) return this.gate.refuse(tunnel, read.problem, 400)
    const target = this.gate.ask(read.hostText, read.port)
    if (isRefusal(target)) return target
    const problem =
      requestProblem(request, target.host, target.port, 'exact') ??
      (tunnel === undefined || isSame(tunnel, target)
        ? undefined
        : 'a request within a tunnel goes elsewhere')
    return problem === undefined ? { target, path: read.path } : this.gate.refuse(target, problem, 400)
  }

  private async connect(request: IncomingMessage, client: Socket): Promise<void> {
    client.on('error', () => client.destroy())
    const target = this.tunnelTarget(request)
    if (isRefusal(target)) return answer(client, target)
    const server = await this.gate.open(target)
    if (isRefusal(server)) return answer(client, server)
    if (client.destroyed) return void server.destroy()
    client.write('HTTP/1.1 200 Connection established\r\n\r\n')
    await runTunnel(this.gate, client, target, server, this.acceptTunnel)
  }

  private tunnelTarget(request: IncomingMessage): Target | Refusal {
    const place = readAuthority(request.url ?? '')
    if (place?.port === undefined) return this.gate.refuse(undefined, 'CONNECT needs host:port', 400)
    if (this.tunnels.has(request.socket)) {
      return this.gate.refuse(undefined, 'there is no tunnel within a tunnel', 400)
    }
    const target = this.gate.ask(place.hostText, place.port)
    if (isRefusal(target)) return target
    const problem = requestProblem(request, target.host, target.port, 'optional')
    return problem === undefined ? target : this.gate.refuse(target, problem, 400)
  }
}

const PROXY_STATUS = 'skilllite; error=http_request_denied'

const isSame = (a: Target, b: Target): boolean => a.host.text === b.host.text && a.port === b.port

/** Many clients show no more of a refused CONNECT than this. */
const reasonPhrase = ({ message }: Refusal): string => message.replace(/[^\x20-\x7e]/g, '?').slice(0, 300)

function answer(client: Socket, refusal: Refusal): void {
  const body = `${refusal.message}\n`
  client.end(
    `HTTP/1.1 ${refusal.status} ${reasonPhrase(refusal)}\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Proxy-Status: ${PROXY_STATUS}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}
