import { quote, SkillLiteError } from '../../errors.js'
import { type Host, isHost, parseHost } from './host.js'

/** What a host may grant: one host, the names below one, or everything. */
export interface HostPattern {
  readonly kind: 'host' | 'below' | 'all'
  /** Normalised; `""` for `all`. */
  readonly host: string
  /** Without one: the ports of HTTP and HTTPS, and for `*` every port. */
  readonly port?: number
}

/** The ports of a pattern that names none. */
export const WEB_PORTS: readonly number[] = [80, 443]

/** Reads `host`, `*.host` or `*`, each with an optional `:port`. Throws `OPTION_INVALID` for anything else. */
export function parseHostPattern(given: string): HostPattern {
  if (/[/?#@]/.test(given)) throw invalid(given, 'it is more than a host')
  const [name, port] = splitPort(given)
  const withPort = port === undefined ? {} : { port: checkPort(given, port) }
  if (name === '*') return { kind: 'all', host: '', ...withPort }
  const below = name.startsWith('*.')
  const host = parseHost(below ? name.slice(2) : name)
  if (!isHost(host)) throw invalid(given, host.problem)
  if (!below) return { kind: 'host', host: host.text, ...withPort }
  if (host.address !== undefined) throw invalid(given, 'there are no names below an address')
  if (!host.text.includes('.') && host.text !== 'localhost') {
    throw invalid(given, 'it would grant a whole top-level domain', 'Name a domain, as in *.example.org.')
  }
  return { kind: 'below', host: host.text, ...withPort }
}

/** A pattern in its one spelling. */
export function formatHostPattern({ kind, host, port }: HostPattern): string {
  const name = kind === 'all' ? '*' : kind === 'below' ? `*.${host}` : host
  return port === undefined ? name : formatHostPort(name, port)
}

/** `host:port`, with brackets around an IPv6 address. */
export function formatHostPort(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** The narrowest pattern that grants a host and port. */
export function grantFor(host: string, port: number): string {
  return WEB_PORTS.includes(port) ? host : formatHostPort(host, port)
}

/** Whether a pattern says yes to a host and port. An address must be named itself: no name and no part stands for it. */
export function matchesHost(pattern: HostPattern, host: Host, port: number): boolean {
  const portFits =
    pattern.port === undefined ? pattern.kind === 'all' || WEB_PORTS.includes(port) : pattern.port === port
  if (!portFits) return false
  switch (pattern.kind) {
    case 'all':
      return true
    case 'host':
      return host.text === pattern.host
    case 'below':
      return host.address === undefined && host.text.endsWith(`.${pattern.host}`)
  }
}

/** A bare IPv6 address has no port: its last group would look like one. */
function splitPort(given: string): readonly [string, string | undefined] {
  const colons = given.split(':').length - 1
  if (colons === 0 || (colons > 1 && !given.startsWith('['))) return [given, undefined]
  const colon = given.lastIndexOf(':')
  return given.startsWith('[') && given.endsWith(']')
    ? [given, undefined]
    : [given.slice(0, colon), given.slice(colon + 1)]
}

function checkPort(given: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port >= 1 && port <= 65_535) return port
  throw invalid(given, `${quote(text)} is not a port`)
}

const HINT = 'Give host, *.host, host:port, or * for every public host; no https:// and no path.'

function invalid(given: string, problem: string, hint = HINT): SkillLiteError {
  return new SkillLiteError('OPTION_INVALID', `allowHosts cannot hold ${quote(given)}: ${problem}`, hint)
}
