import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { formatHostPort } from '../policy/hosts/host-pattern.js'
import type { Opened } from './gate.js'

/** What concerns one connection only (RFC 9110, 7.6.1), and what a proxy writes itself. */
const ownFields = new Set(
  'connection keep-alive proxy-connection proxy-authenticate proxy-authorization te trailer transfer-encoding upgrade host expect'.split(
    ' ',
  ),
)

/**
 * Sends a request on over an open connection and its answer back. Both are written anew from what was parsed, so that
 * nothing can be read in another way behind this than it was read here.
 */
export function forward(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  opened: Opened,
): void {
  const { target, socket, count } = opened
  const { host, port } = target
  const chunked = request.headers['transfer-encoding'] !== undefined
  const authority = port === 80 ? bracketed(host.text) : formatHostPort(host.text, port)
  const upstream = httpRequest({
    createConnection: () => socket,
    method: request.method ?? 'GET',
    path,
    setHost: false,
    headers: [
      ...['Host', authority],
      ...endToEnd(request),
      ...(chunked ? ['Transfer-Encoding', 'chunked'] : []),
      ...['Connection', 'close'],
    ],
  })
  const measure = (message: IncomingMessage): void => {
    message.on('data', (chunk: Buffer) => void count(chunk.length))
  }
  // It is paused where a tunnel has looked at it before.
  upstream.on('socket', () => void socket.resume())
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
  upstream.on('error', () => {
    if (response.headersSent) response.destroy()
    else
      response
        .writeHead(502, 'Bad Gateway', { Connection: 'close' })
        .end('skilllite: the server gave no answer\n')
  })
  response.on('close', () => upstream.destroy())
  measure(request)
  request.pipe(upstream)
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
