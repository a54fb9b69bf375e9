import type { Opening } from './opening.js'

const HANDSHAKE = 0x16
const CLIENT_HELLO = 1
const MAX_RECORD = 16_384
/** Real ones are below 2 KiB, with post-quantum keys below 4. */
const MAX_HELLO = 32_768
const SERVER_NAME = 0
const ENCRYPTED_CLIENT_HELLO = 0xfe0d

/** Reads the server name out of the TLS ClientHello (RFC 8446, RFC 6066) that a client begins with. */
export function readServerName(bytes: Buffer): Opening {
  const hello = readHello(bytes)
  if ('kind' in hello) return hello
  try {
    return readExtensions(hello)
  } catch (error) {
    if (error instanceof RangeError) return bad('its TLS handshake is cut short')
    throw error
  }
}

const bad = (reason: string): Opening => ({ kind: 'bad', reason })

/** Puts the first handshake message together; it may be spread over records. */
function readHello(bytes: Buffer): Buffer | Opening {
  const parts: Buffer[] = []
  let size = 0
  for (let at = 0; ; ) {
    const head = Buffer.concat(parts)
    if (size >= 1 && head[0] !== CLIENT_HELLO) return bad('its TLS handshake begins with no ClientHello')
    if (size >= 4) {
      const length = 4 + head.readUIntBE(1, 3)
      if (length > MAX_HELLO) return bad('its TLS ClientHello is too long')
      if (size >= length) return head.subarray(4, length)
    }
    if (bytes.length < at + 5) return { kind: 'more' }
    const length = bytes.readUInt16BE(at + 3)
    if (bytes[at] !== HANDSHAKE || bytes[at + 1] !== 3 || length === 0 || length > MAX_RECORD) {
      return bad('its TLS handshake is not valid')
    }
    const record = bytes.subarray(at + 5, at + 5 + length)
    parts.push(record)
    size += record.length
    at += 5 + length
  }
}

/** Throws RangeError where a length leads out of the message. */
function readExtensions(hello: Buffer): Opening {
  const reader = { hello, at: 2 + 32 }
  skip(reader, 1) // session
  skip(reader, 2) // ciphers
  skip(reader, 1) // compression
  if (reader.at === hello.length) return { kind: 'tls', serverName: undefined }
  const extensions = take(reader, 2)
  if (reader.at !== hello.length) return bad('its TLS ClientHello has something after its end')
  const inner = { hello: extensions, at: 0 }
  let serverName: string | undefined
  while (inner.at < extensions.length) {
    const type = extensions.readUInt16BE(inner.at)
    inner.at += 2
    const content = take(inner, 2)
    if (type === ENCRYPTED_CLIENT_HELLO) return bad('it hides the TLS server name (encrypted ClientHello)')
    if (type !== SERVER_NAME) continue
    const list = { hello: take({ hello: content, at: 0 }, 2), at: 1 }
    const name = take(list, 2)
    if (serverName !== undefined || list.at !== list.hello.length || list.hello[0] !== 0) {
      return bad('it asks for several TLS servers')
    }
    serverName = name.toString('latin1')
  }
  return { kind: 'tls', serverName }
}

interface Reader {
  readonly hello: Buffer
  at: number
}

/** A field with its length in front. */
function take(reader: Reader, lengthBytes: 1 | 2): Buffer {
  const length = reader.hello.readUIntBE(reader.at, lengthBytes)
  const start = reader.at + lengthBytes
  if (start + length > reader.hello.length) throw new RangeError('a field leads out of the message')
  reader.at = start + length
  return reader.hello.subarray(start, reader.at)
}

function skip(reader: Reader, lengthBytes: 1 | 2): void {
  take(reader, lengthBytes)
}
