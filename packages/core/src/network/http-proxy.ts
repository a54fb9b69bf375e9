import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { forward } from './forward.js'
import { type Gate, isRefusal, type Opened, type Refusal, type Target } from './gate.js'
import { readAbsoluteForm, readAuthority, requestProblem } from './http-target.js'
import { runTunnel } from './tunnel.js'

/** Serves HTTP requests to a proxy, CONNECT, and plain HTTP within a tunnel. Each request is decided about anew. */
export class HttpProxy {
  private readonly server: Server
  /** Where the tunnel goes that a connection came through, and its first connection, until a request takes that. */
  private readonly tunnels = new WeakMap<object, { readonly target: Target; first: Opened | undefined }>()

  constructor(private readonly gate: Gate) {
    this.server = createServer({ insecureHTTPParser: false, requireHostHeader: false, noDelay: true })
    this.server.on('request', (request, response) => {
      this.serve(request, response).catch(() => response.destroy())
    })
    this.server.on('connect', (request, client: Socket, head: Buffer) => {
      if (head.length > 0) client.unshift(head)
      this.connect(request, client).catch(() => client.destroy())
    })
    this.server.on('clientError', (error, client: Socket) => {
      client.on('error', () => {})
      if ('code' in error && String(error.code).startsWith('HPE_')) {
        const target = this.tunnels.get(client)?.target
        answer(client, gate.refuse(target, `the request is not valid HTTP (${String(error.code)})`, 400))
      } else client.destroy()
    })
  }

  /** Takes a connection of which nothing has been read, or all of it put back. */
  accept(client: Socket): void {
    this.server.emit('connection', client)
  }

  /** As {@link accept}, for a connection that is a tunnel. */
  readonly acceptTunnel = (client: Socket, opened: Opened): void => {
    this.tunnels.set(client, { target: opened.target, first: opened })
    this.accept(client)
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const opened = await this.openFor(request)
    if (isRefusal(opened)) {
      const body = `${opened.message}\n`
      response.writeHead(opened.status, reasonPhrase(opened), {
        'Content-Type': 'text/plain; charset=utf-8',
        // RFC 9209: tells this from an answer of the server.
        'Proxy-Status': PROXY_STATUS,
        'Content-Length': Buffer.byteLength(body),
        // What follows a request that was not read to its end could be anything.
        Connection: 'close',
      })
      response.end(body)
    } else if (response.destroyed) opened.socket.destroy()
    else forward(request, response, opened.path, opened)
  }

  private async openFor(request: IncomingMessage): Promise<(Opened & { readonly path: string }) | Refusal> {
    const url = request.url ?? ''
    const tunnel = this.tunnels.get(request.socket)
    if (tunnel !== undefined && /^(\/|\*$)/.test(url)) {
      const { target, first } = tunnel
      const problem = requestProblem(request, target.host, target.port, 'exact')
      if (problem !== undefined) return this.gate.refuse(target, problem, 400)
      tunnel.first = undefined
      const opened = first?.socket.writable === true ? first : await this.gate.open(target)
      return isRefusal(opened) ? opened : { ...opened, path: url }
    }
    const read = readAbsoluteForm(url)
    if ('problem' in read) return this.gate.refuse(tunnel?.target, read.problem, 400)
    const target = this.gate.ask(read.hostText, read.port)
    if (isRefusal(target)) return target
    const problem = requestProblem(request, target.host, target.port, 'exact')
    if (problem !== undefined) return this.gate.refuse(target, problem, 400)
    if (tunnel !== undefined && !isSame(tunnel.target, target)) {
      return this.gate.refuse(target, 'a request within a tunnel goes elsewhere', 400)
    }
    const opened = await this.gate.open(target)
    return isRefusal(opened) ? opened : { ...opened, path: read.path }
  }

  private async connect(request: IncomingMessage, client: Socket): Promise<void> {
    client.on('error', () => client.destroy())
    const opened = await this.openTunnel(request)
    if (isRefusal(opened)) return answer(client, opened)
    if (client.destroyed) return void opened.socket.destroy()
    client.write('HTTP/1.1 200 Connection established\r\n\r\n')
    await runTunnel(this.gate, client, opened, this.acceptTunnel)
  }

  private openTunnel(request: IncomingMessage): Promise<Opened | Refusal> | Refusal {
    const place = readAuthority(request.url ?? '')
    if (place?.port === undefined) return this.gate.refuse(undefined, 'CONNECT needs host:port', 400)
    if (this.tunnels.has(request.socket)) {
      return this.gate.refuse(undefined, 'there is no tunnel within a tunnel', 400)
    }
    const target = this.gate.ask(place.hostText, place.port)
    if (isRefusal(target)) return target
    const problem = requestProblem(request, target.host, target.port, 'optional')
    return problem === undefined ? this.gate.open(target) : this.gate.refuse(target, problem, 400)
  }
}

const isSame = (a: Target, b: Target): boolean => a.host.text === b.host.text && a.port === b.port

const PROXY_STATUS = 'skilllite; error=http_request_denied'

/** Many clients show no more of a refused CONNECT than this. */
const reasonPhrase = ({ message }: Refusal): string => message.replace(/[^\x20-\x7e]/g, '?').slice(0, 300)

function answer(client: Socket, refusal: Refusal): void {
  const body = `${refusal.message}\n`
  client.end(
    `HTTP/1.1 ${refusal.status} ${reasonPhrase(refusal)}\r\nContent-Type: text/plain; charset=utf-8\r\nProxy-Status: ${PROXY_STATUS}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}
