import type { IncomingMessage } from 'node:http'
import { type Host, isHost, parseHost } from '../policy/hosts/host.js'

/** Where a request goes, as its own words say. */
export interface RequestTarget {
  readonly hostText: string
  readonly port: number
  /** Path and query, never changed. */
  readonly path: string
}

/** A request that means more than one thing, and why. */
export interface BadRequest {
  readonly problem: string
}

const HTTP_PORT = 80

/** Reads `http://host[:port]/path` of a request to a proxy. */
export function readAbsoluteForm(url: string): RequestTarget | BadRequest {
  const parts = /^http:\/\/([^/?#\\]*)([^#]*)$/i.exec(url)
  if (parts === null) {
    return {
      problem: /^https:/i.test(url)
        ? 'https goes through CONNECT (with axios, set proxy: false)'
        : 'the request names no http:// address in full, as requests to a proxy do',
    }
  }
  const [, authority = '', rest = ''] = parts
  if (authority.includes('@')) return { problem: 'the address holds user information' }
  const place = readAuthority(authority)
  if (place === undefined) return { problem: 'the address has no valid host and port' }
  return {
    hostText: place.hostText,
    port: place.port ?? HTTP_PORT,
    path: rest.startsWith('/') ? rest : `/${rest}`,
  }
}

/** Reads `host`, `host:port` or `[address]:port`; whether the host is one is for {@link parseHost} to say. */
export function readAuthority(text: string): { hostText: string; port?: number } | undefined {
  const parts = /^(\[[^[\]]*\]|[^:[\]]*)(?::(\d{1,5}))?$/.exec(text)
  if (parts === null || parts[1] === '') return undefined
  const [, hostText = '', port] = parts
  return { hostText, ...(port === undefined ? {} : { port: Number(port) }) }
}

/** Whether a request says one thing only: about where it goes, and about where its body ends. */
export function requestProblem(
  request: IncomingMessage,
  host: Host,
  port: number,
  hostPort: 'exact' | 'optional',
): string | undefined {
  const fields = (name: string): string[] =>
    request.rawHeaders.filter((_, i, all) => i % 2 === 1 && all[i - 1]?.toLowerCase() === name)
  const hosts = fields('host')
  if (hosts.length > 1) return 'the request has several Host fields'
  const [given] = hosts
  if (given === undefined && request.httpVersion !== '1.0') return 'the request has no Host field'
  if (given !== undefined) {
    const place = readAuthority(given)
    const named = parseHost(place?.hostText ?? '')
    const namedPort = place?.port ?? (hostPort === 'optional' ? port : HTTP_PORT)
    if (!isHost(named) || named.text !== host.text || namedPort !== port) {
      return `the Host field ${JSON.stringify(given.slice(0, 80))} is another than the address`
    }
  }
  const encodings = fields('transfer-encoding')
  const lengths = fields('content-length')
  if (
    encodings.length > 0 &&
    (lengths.length > 0 || encodings.join(',').toLowerCase().trim() !== 'chunked')
  ) {
    return 'the request says in two ways where its body ends'
  }
  return lengths.length > 1 ? 'the request has several lengths' : undefined
}
