import { once } from 'node:events'
import { createServer } from 'node:net'
import { connect } from 'node:tls'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readOpening } from './opening.js'

/** What a real TLS client begins with. */
async function clientHello(options: object): Promise<Buffer> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const accepted = once(server, 'connection')
  const client = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options })
  client.on('error', () => {})
  const [socket] = await accepted
  const [bytes] = (await once(socket, 'data')) as [Buffer]
  client.destroy()
  socket.destroy()
  server.close()
  return bytes
}

/** The same handshake in records of another size. */
function split(hello: Buffer, size: number): Buffer {
  const message = hello.subarray(5)
  const records: Buffer[] = []
  for (let at = 0; at < message.length; at += size) {
    const part = message.subarray(at, at + size)
    records.push(Buffer.from([0x16, 3, 1, part.length >> 8, part.length & 255]), part)
  }
  return Buffer.concat(records)
}

describe('readOpening()', () => {
  test.each([
    ['TLS 1.3', {}],
    ['TLS 1.2', { maxVersion: 'TLSv1.2' }],
  ])('reads the server name of a real client (%s), also spread over records', async (_, options) => {
    const hello = await clientHello({ servername: 'api.example.org', ...options })
    const expected = { kind: 'tls', serverName: 'api.example.org' }
    expect(readOpening(hello)).toEqual(expected)
    for (const size of [1, 3, 4, 5, 100]) expect(readOpening(split(hello, size))).toEqual(expected)
  })

  test('waits for all of it', async () => {
    const hello = split(await clientHello({ servername: 'api.example.org' }), 50)
    for (let length = 0; length < hello.length; length++) {
      expect([length, readOpening(hello.subarray(0, length)).kind]).toEqual([length, 'more'])
    }
  })

  test('never tells another name for a changed handshake without saying so', async () => {
    const hello = await clientHello({ servername: 'api.example.org' })
    fc.assert(
      fc.property(fc.nat(hello.length - 1), fc.nat(255), (at, byte) => {
        const changed = Buffer.from(hello)
        changed[at] = byte
        const opening = readOpening(changed)
        expect(['tls', 'bad', 'more', 'other', 'http']).toContain(opening.kind)
        // Where it passes for this name, the name is really in it.
        if (opening.kind === 'tls' && opening.serverName === 'api.example.org') {
          expect(changed.includes('api.example.org')).toBe(true)
        }
      }),
      { numRuns: 3_000 },
    )
  })

  test('reads anything without an error', () => {
    const begins = fc.constantFrom([], [0x16], [0x16, 3, 1], [0x16, 3, 1, 0, 60, 1, 0, 0, 56])
    const some = fc.tuple(begins, fc.uint8Array({ maxLength: 400 }))
    fc.assert(
      fc.property(some, ([begin, rest]) => {
        expect(typeof readOpening(Buffer.from([...begin, ...rest])).kind).toBe('string')
      }),
      { numRuns: 5_000 },
    )
  })

  test('takes no other record and no other message for a handshake', async () => {
    const hello = await clientHello({ servername: 'api.example.org' })
    const alert = Buffer.from([0x15, 3, 1, 0, 2, 1, 0])
    const serverHello = Buffer.from(hello)
    serverHello[5] = 2
    expect(readOpening(Buffer.concat([alert, hello])).kind).toBe('other')
    expect(readOpening(serverHello)).toMatchObject({ kind: 'bad' })
    expect(readOpening(Buffer.concat([hello.subarray(0, 5), alert]))).toMatchObject({ kind: 'bad' })
  })

  test('refuses a hidden server name', async () => {
    const hello = await clientHello({ servername: 'api.example.org' })
    // The last extension, put in front of the others' length: an encrypted ClientHello of four bytes.
    const extension = Buffer.from([0xfe, 0x0d, 0, 4, 1, 2, 3, 4])
    const grown = Buffer.concat([hello, extension])
    const add = (at: number, bytes: 2 | 3) =>
      grown.writeUIntBE(grown.readUIntBE(at, bytes) + extension.length, at, bytes)
    add(3, 2)
    add(6, 3)
    const session = 5 + 4 + 34
    const ciphers = session + 1 + (hello[session] ?? 0)
    const compression = ciphers + 2 + hello.readUInt16BE(ciphers)
    add(compression + 1 + (hello[compression] ?? 0), 2)
    expect(readOpening(grown)).toEqual({
      kind: 'bad',
      reason: 'it hides the TLS server name (encrypted ClientHello)',
    })
  })

  test.each([
    ['', 'more'],
    ['GET', 'more'],
    ['GET / HTTP/1.1', 'more'],
    ['GET / HTTP/1.1\r\n', 'http'],
    ['get / http/1.0\n', 'http'],
    ['UNKNOWN * HTTP/1.1\r\n', 'http'],
    [`GET /${'x'.repeat(9_000)}`, 'http'],
    ['\r\nGET / HTTP/1.1\r\n', 'bad'],
    ['\nGET / HTTP/1.1\n', 'bad'],
    ['PRI * HTTP/2.0\r\n\r\n', 'bad'],
    ['EHLO example.org\r\n', 'other'],
    ['PING\r\n', 'other'],
    ['GET /\r\n', 'other'],
    ['GET\t/\tHTTP/1.1\n', 'http'],
    ['GET /\x01 HTTP/1.1\n', 'http'],
    [' GET / HTTP/1.1\n', 'http'],
    ['{"jsonrpc":', 'other'],
    ['x'.repeat(9_000), 'other'],
    ['\0\0\0\x08\x04\xd2\x16\x2f', 'other'],
    ['SSH-2.0-client\r\n', 'other'],
  ])('takes %j for %s', (text, kind) => {
    expect(readOpening(Buffer.from(text, 'latin1')).kind).toBe(kind)
  })
})
