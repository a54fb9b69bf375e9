import { readServerName } from './server-name.js'

/** What a client begins a tunnel with. `more`: too little has come to tell. */
export type Opening =
  | { readonly kind: 'more' }
  /** A TLS handshake, and the server that it asks for. */
  | { readonly kind: 'tls'; readonly serverName: string | undefined }
  | { readonly kind: 'http' }
  /** Neither, so it names no other host. */
  | { readonly kind: 'other' }
  | { readonly kind: 'bad'; readonly reason: string }

const MAX_LINE = 8 * 1024
const CR = 0x0d
const LF = 0x0a
const TAB = 0x09
const TLS_HANDSHAKE = 0x16

/** Tells what a client speaks from its first bytes. */
export function readOpening(bytes: Buffer): Opening {
  const first = bytes[0]
  if (first === undefined) return { kind: 'more' }
  if (first === TLS_HANDSHAKE) return readServerName(bytes)
  // Many servers skip empty lines before a request, so that this would hide one.
  if (first === CR || first === LF) return { kind: 'bad', reason: 'it begins with an empty line' }
  const end = bytes.indexOf(LF)
  const line = bytes.subarray(0, end < 0 ? MAX_LINE : Math.min(end, MAX_LINE))
  const text = line.toString('latin1')
  // Every request begins with a word; what does not may be waiting for its answer now.
  if (!/^[!#$%&'*+.^_`|~\w\s-]/.test(text)) return { kind: 'other' }
  // Neither do requests hold such bytes, but a server could overlook one behind the first word.
  const isText = line.every((byte) => byte >= 0x20 || byte === CR || byte === TAB)
  if (!isText && !/^\S+\s/.test(text)) return { kind: 'other' }
  if (end < 0 && bytes.length < MAX_LINE) return { kind: 'more' }
  if (/^PRI \* HTTP\/2/.test(text))
    return { kind: 'bad', reason: 'it is HTTP/2 without TLS, whose host cannot be seen' }
  // What is too long or too odd to tell goes to the parser, which refuses it.
  return /HTTP\/\d/i.test(text) || (end < 0 && /\s/.test(text)) ? { kind: 'http' } : { kind: 'other' }
}
