import {
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
  type ServerResponse,
} from 'node:http'
import type { Socket } from 'node:net'
import { formatHostPort } from '../policy/hosts/host-pattern.js'
import type { Count, Target } from './gate.js'

/** What concerns one connection only (RFC 9110, 7.6.1), and what a proxy writes itself. */
const ownFields = new Set(
  'connection keep-alive proxy-connection proxy-authenticate proxy-authorization proxy-status te trailer transfer-encoding upgrade host expect'.split(
    ' ',
  ),
)

/** A request that may be sent on. */
export interface Admitted {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly target: Target
  /** Path and query. */
  readonly path: string
  /** Called when there is a connection, once for each. */
  readonly admit: () => Count
}

/**
 * Sends a request on and its answer back. Both are written anew from what was parsed, so that nothing can be read in
 * another way behind this than it was read here. `onFailure` hears when there is none.
 */
export function forward(
  { request, response, target, path, admit }: Admitted,
  connection: Pick<RequestOptions, 'agent'>,
  onFailure: (error: Error, upstream: ClientRequest) => void,
): void {
  const { host, port } = target
  const isChunked = request.headers['transfer-encoding'] !== undefined
  const upstream = httpRequest({
    ...connection,
    host: host.text,
    port,
    method: request.method ?? 'GET',
    path,
    setHost: false,
    headers: [
      ...['Host', port === 80 ? bracketed(host.text) : formatHostPort(host.text, port)],
      ...endToEnd(request),
      ...(isChunked ? ['Transfer-Encoding', 'chunked'] : []),
    ],
  })
  let count: Count = () => true
  const measure = (message: IncomingMessage): void => {
    message.on('data', (chunk: Buffer) => void count(chunk.length))
  }
  upstream.on('socket', (socket: Socket) => {
    count = admit()
    // It is paused where a tunnel has looked at it before.
    socket.resume()
    if (!hasBody(request)) return void upstream.end()
    measure(request)
    request.pipe(upstream)
  })
  upstream.on('response', (answer) => {
    measure(answer)
    response.sendDate = false
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage ?? '', endToEnd(answer))
    answer.pipe(response)
    // A half answer must not look like a whole one.
    answer.on('close', () => {
      if (!answer.complete) response.destroy()
    })
  })
  upstream.on('error', (error) => {
    if (response.headersSent) response.destroy()
    else if (!response.destroyed) onFailure(error, upstream)
  })
  response.on('close', () => {
    // Once the answer is complete, the connection may be used for another.
    if (!response.writableFinished) upstream.destroy()
  })
}

export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'
}

/** The fields that are meant for the other end, as they were written. */
function endToEnd({ rawHeaders, headers }: IncomingMessage): string[] {
  const named = new Set((headers.connection ?? '').toLowerCase().split(/[\s,]+/))
  // Named there, these would lose the body or its end.
  for (const name of ['content-length', 'host']) named.delete(name)
  const kept: string[] = []
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const [name = '', value = ''] = rawHeaders.slice(i, i + 2)
    const lower = name.toLowerCase()
    if (!ownFields.has(lower) && !named.has(lower)) kept.push(name, value)
  }
  return kept
}

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host)
