import { once } from 'node:events'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { createConnection, type Socket } from 'node:net'
import path from 'node:path'
import { connect as tlsConnect } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { parseHostPattern } from '../policy/hosts/host-pattern.js'
import { type EgressProxy, openEgressProxy } from './egress-proxy.js'
import {
  type Certificate,
  echo,
  httpServer,
  httpsServer,
  type LocalServer,
  makeCertificate,
  readAll,
  tcpServer,
} from './fixtures/local-servers.js'
import type { Resolve } from './gate.js'

let origin: LocalServer
let secure: LocalServer
let certificate: Certificate
const open: { close(): unknown }[] = []

beforeAll(async () => {
  origin = await httpServer((request, response) => {
    if (request.url === '/moved') response.writeHead(302, { location: 'http://10.0.0.1/' }).end('elsewhere')
    else echo(request, response)
  })
  certificate = makeCertificate(['localhost', '127.0.0.1', 'other.test'])
  secure = await httpsServer(certificate, echo)
})
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})
afterAll(async () => {
  await origin.close()
  await secure.close()
  certificate.remove()
})

interface Settings {
  readonly resolve?: Resolve
  readonly maxBytes?: number
  readonly maxConnections?: number
}

async function proxy(grants: readonly string[], settings: Settings = {}): Promise<EgressProxy> {
  const opened = await openEgressProxy({
    patterns: grants.map(parseHostPattern),
    maxBytes: 1 << 20,
    maxConnections: 16,
    resolve: () => Promise.reject(new Error('a test asks no name server')),
    ...settings,
  })
  open.push(opened)
  return opened
}

function dial(to: EgressProxy): Socket {
  const socket = createConnection(to.socketPath)
  socket.on('error', () => {})
  open.push({ close: () => socket.destroy() })
  return socket
}

/** Sends a text and reads the whole answer; the request must say `Connection: close`, or the other side must end. */
async function say(to: EgressProxy, text: string | Buffer): Promise<string> {
  const socket = dial(to)
  socket.write(text)
  return readAll(socket)
}

const get = (url: string, fields: readonly string[] = []): string =>
  [`GET ${url} HTTP/1.1`, ...fields, 'Connection: close', '', ''].join('\r\n')
const at = (port: number): string => `127.0.0.1:${port}`
const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1])
const bodyOf = (answer: string): unknown =>
  JSON.parse(answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1))
const simple = ({ host, port, verdict, reason, grant }: ReturnType<EgressProxy['attempts']>[number]) =>
  ({ host, port, verdict, reason, ...(grant === undefined ? {} : { grant }) }) as const

/** Opens a tunnel by CONNECT and gives it with the status of the answer. */
async function tunnel(to: EgressProxy, place: string): Promise<{ socket: Socket; status: number }> {
  const socket = dial(to)
  socket.write(`CONNECT ${place} HTTP/1.1\r\nHost: ${place}\r\n\r\n`)
  const [answer] = (await once(socket, 'data')) as [Buffer]
  return { socket, status: statusOf(answer.toString()) }
}

describe('a request in absolute form', () => {
  test('goes to a granted address and is recorded with its bytes', async () => {
    const to = await proxy([at(origin.port)])
    const answer = await say(
      to,
      get(`http://${at(origin.port)}/a%20b?c=d`, [`Host: ${at(origin.port)}`, 'X-Own: 1']),
    )
    expect(statusOf(answer)).toBe(200)
    expect(bodyOf(answer)).toEqual({
      method: 'GET',
      url: '/a%20b?c=d',
      headers: { host: at(origin.port), connection: 'keep-alive', 'x-own': '1' },
      body: '',
    })
    expect(to.attempts()).toEqual([
      {
        host: '127.0.0.1',
        port: origin.port,
        verdict: 'allowed',
        reason: '',
        bytes: expect.any(Number),
        count: 1,
      },
    ])
    expect(to.attempts()[0]?.bytes).toBeGreaterThan(50)
  })

  test.each(['127.1', '0x7f.0.0.1', '2130706433', '%31%32%37.0.0.1', '127.0.0.1.'])(
    'may spell its address %s, and the server sees one spelling',
    async (spelling) => {
      const to = await proxy([at(origin.port)])
      const answer = await say(
        to,
        get(`http://${spelling}:${origin.port}`, [`Host: ${spelling}:${origin.port}`]),
      )
      expect(bodyOf(answer)).toMatchObject({ url: '/', headers: { host: at(origin.port) } })
    },
  )

  test('carries a body with a length and one in chunks', async () => {
    const to = await proxy([at(origin.port)])
    const head = `POST http://${at(origin.port)}/ HTTP/1.1\r\nHost: ${at(origin.port)}\r\nConnection: close\r\n`
    expect(bodyOf(await say(to, `${head}Content-Length: 5\r\n\r\nhello`))).toMatchObject({
      headers: { 'content-length': '5' },
      body: 'hello',
    })
    expect(
      bodyOf(await say(to, `${head}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`)),
    ).toMatchObject({
      headers: { 'transfer-encoding': 'chunked' },
      body: 'hello',
    })
  })

  test('is decided about anew on a connection that is kept', async () => {
    const to = await proxy([at(origin.port)])
    const socket = dial(to)
    const kept = `GET http://${at(origin.port)}/ HTTP/1.1\r\nHost: ${at(origin.port)}\r\n\r\n`
    socket.write(kept + get(`http://127.0.0.2:${origin.port}/`, [`Host: 127.0.0.2:${origin.port}`]))
    const answer = await readAll(socket)
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 403'])
  })

  test('is refused with the grant that would allow it', async () => {
    const to = await proxy(['example.org'])
    const answer = await say(to, get(`http://${at(origin.port)}/`, [`Host: ${at(origin.port)}`]))
    expect(statusOf(answer)).toBe(403)
    expect(answer).toContain(`127.0.0.1:${origin.port} is a loopback address, which is not granted`)
    expect(answer).toContain(`the user can grant 127.0.0.1:${origin.port}`)
    expect(to.attempts().map(simple)).toEqual([
      {
        host: '127.0.0.1',
        port: origin.port,
        verdict: 'refused',
        reason: `127.0.0.1:${origin.port} is a loopback address, which is not granted`,
        grant: `127.0.0.1:${origin.port}`,
      },
    ])
    expect(statusOf(await say(to, get('http://other.example/', ['Host: other.example'])))).toBe(403)
  })

  test('that is redirected is not followed: the next one is a request of its own', async () => {
    const to = await proxy([at(origin.port)])
    const answer = await say(to, get(`http://${at(origin.port)}/moved`, [`Host: ${at(origin.port)}`]))
    expect(answer).toMatch(/^HTTP\/1\.1 302 [\s\S]*location: http:\/\/10\.0\.0\.1\//)
    expect(statusOf(await say(to, get('http://10.0.0.1/', ['Host: 10.0.0.1'])))).toBe(403)
  })

  const port = () => origin.port
  test.each([
    ['user information', () => get(`http://a:b@${at(port())}/`, [`Host: ${at(port())}`])],
    ['another Host', () => get(`http://${at(port())}/`, ['Host: other.example'])],
    ['another port in Host', () => get(`http://${at(port())}/`, ['Host: 127.0.0.1:1'])],
    ['two Host fields', () => get(`http://${at(port())}/`, [`Host: ${at(port())}`, `Host: ${at(port())}`])],
    ['no Host', () => get(`http://${at(port())}/`)],
    ['origin form', () => get('/', [`Host: ${at(port())}`])],
    ['https', () => get(`https://${at(port())}/`, [`Host: ${at(port())}`])],
    ['a backslash', () => get(`http://${at(port())}\\@other.example/`, [`Host: ${at(port())}`])],
    ['an invalid host', () => get(`http://1.2.3.4.5:${port()}/`, ['Host: 1.2.3.4.5'])],
    ['port 0', () => get('http://127.0.0.1:0/', ['Host: 127.0.0.1:0'])],
    ['port 99999', () => get('http://127.0.0.1:99999/', ['Host: 127.0.0.1:99999'])],
    ['a folded field', () => get(`http://${at(port())}/`, [`Host: ${at(port())}`, 'X: a\r\n b: c'])],
    ['a field without a name', () => get(`http://${at(port())}/`, [`Host: ${at(port())}`, ': x'])],
    ['a space before the colon', () => get(`http://${at(port())}/`, [`Host : ${at(port())}`])],
    ['a bare line feed', () => `GET http://${at(port())}/ HTTP/1.1\nHost: ${at(port())}\n\n`],
    [
      'a carriage return in a field',
      () => get(`http://${at(port())}/`, [`Host: ${at(port())}`, 'X: a\rHost: b']),
    ],
    [
      'both lengths',
      () =>
        get(`http://${at(port())}/`, [
          `Host: ${at(port())}`,
          'Content-Length: 0',
          'Transfer-Encoding: chunked',
        ]),
    ],
    [
      'two lengths',
      () => get(`http://${at(port())}/`, [`Host: ${at(port())}`, 'Content-Length: 0', 'Content-Length: 1']),
    ],
    [
      'a list of lengths',
      () => get(`http://${at(port())}/`, [`Host: ${at(port())}`, 'Content-Length: 0, 1']),
    ],
    [
      'an unknown encoding',
      () => get(`http://${at(port())}/`, [`Host: ${at(port())}`, 'Transfer-Encoding: gzip, chunked']),
    ],
    [
      'a hidden encoding',
      () => get(`http://${at(port())}/`, [`Host: ${at(port())}`, 'Transfer-Encoding: xchunked']),
    ],
    [
      'two encodings',
      () =>
        get(`http://${at(port())}/`, [
          `Host: ${at(port())}`,
          'Transfer-Encoding: chunked',
          'Transfer-Encoding: chunked',
        ]),
    ],
  ])('with %s is refused and reaches nobody', async (_, text) => {
    const to = await proxy([at(origin.port)])
    const before = origin.connections()
    const answer = await say(to, text())
    expect({ status: [400, 403].includes(statusOf(answer)), connections: origin.connections() }).toEqual({
      status: true,
      connections: before,
    })
  })

  test('loses what belongs to one connection, and nothing else', async () => {
    const to = await proxy([at(origin.port)])
    const fields = [
      `Host: ${at(origin.port)}`,
      'Proxy-Authorization: Basic eA==',
      'Proxy-Connection: keep-alive',
      'TE: trailers',
      'Upgrade: websocket',
      'Authorization: Bearer kept',
      'Connection: X-Private, Content-Length, close',
      'X-Private: gone',
    ]
    const answer = await say(
      to,
      `POST http://${at(origin.port)}/ HTTP/1.1\r\n${fields.join('\r\n')}\r\nContent-Length: 2\r\n\r\nhi`,
    )
    expect(bodyOf(answer)).toMatchObject({
      headers: {
        host: at(origin.port),
        authorization: 'Bearer kept',
        'content-length': '2',
        connection: 'close',
      },
      body: 'hi',
    })
    expect(Object.keys((bodyOf(answer) as { headers: object }).headers)).toHaveLength(4)
  })

  test('takes the connection of the last one, and another where its server has closed that', async () => {
    let served = 0
    const server = await tcpServer((socket) => {
      let requests = 0
      socket.on('data', () => {
        requests++
        // says that it keeps the connection, and does not: on the first for two requests, on others for one
        if (requests > (server.connections() === 1 ? 2 : 1)) return void socket.destroy()
        served++
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
      })
    })
    open.push(server)
    const to = await proxy([at(server.port)])
    for (let i = 0; i < 3; i++) {
      const answer = await say(to, get(`http://${at(server.port)}/`, [`Host: ${at(server.port)}`]))
      expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*ok$/)
    }
    expect({ served, connections: server.connections() }).toEqual({ served: 3, connections: 2 })
    expect(to.attempts()).toMatchObject([{ verdict: 'allowed' }])
  })

  test('whose answer breaks off breaks off too', async () => {
    const broken = await tcpServer((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'))
    })
    open.push(broken)
    const to = await proxy([at(broken.port)])
    const socket = dial(to)
    socket.write(`GET http://${at(broken.port)}/ HTTP/1.1\r\nHost: ${at(broken.port)}\r\n\r\n`)
    expect(await readAll(socket)).toMatch(/Content-Length: 100\r\n[\s\S]*half$/)
  })
})

describe('a name', () => {
  const named = (resolve: Resolve, grants = ['example.test', '*.example.test']) =>
    proxy([...grants, ...grants.map((grant) => `${grant}:${origin.port}`)], { resolve })
  const url = () => get(`http://example.test:${origin.port}/`, [`Host: example.test:${origin.port}`])

  test.each(['127.0.0.1', '::1', '10.0.0.1', '169.254.169.254', '::ffff:127.0.0.1', '0.0.0.0'])(
    'that leads to %s reaches nobody, and the refusal says what is needed',
    async (address) => {
      const before = origin.connections()
      const to = await named(() => Promise.resolve([address]))
      const answer = await say(to, url())
      expect({ status: statusOf(answer), connections: origin.connections() }).toEqual({
        status: 403,
        connections: before,
      })
      expect(to.attempts()).toMatchObject([
        { host: 'example.test', verdict: 'refused', grant: expect.stringContaining(':') },
      ])
    },
  )

  test('is resolved once for each connection, and the address that was checked is the one that is used', async () => {
    let asked = 0
    const to = await named(
      () => {
        asked++
        return Promise.resolve([asked === 1 ? '127.0.0.1' : '127.0.0.2'])
      },
      ['example.test', `127.0.0.1:${origin.port}`].slice(0, 1),
    )
    expect(statusOf(await say(to, url()))).toBe(403)
    expect(asked).toBe(1)
  })

  test('leads where its address is granted as well', async () => {
    const to = await proxy([`example.test:${origin.port}`, at(origin.port)], {
      resolve: () => Promise.resolve(['127.0.0.1']),
    })
    expect(bodyOf(await say(to, url()))).toMatchObject({ headers: { host: `example.test:${origin.port}` } })
  })

  test('is decided about again for another connection, when its address has changed', async () => {
    const addresses = ['127.0.0.1', '127.0.0.3']
    const to = await proxy([`example.test:${origin.port}`, at(origin.port)], {
      resolve: () => Promise.resolve([addresses.shift() ?? '']),
    })
    const socket = dial(to)
    const kept = `GET http://example.test:${origin.port}/ HTTP/1.1\r\nHost: example.test:${origin.port}\r\n\r\n`
    socket.write(kept + url())
    expect((await readAll(socket)).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 403'])
  })

  test('that is not granted is not even asked for', async () => {
    const asked: string[] = []
    const to = await proxy(['example.test'], {
      resolve: (name) => {
        asked.push(name)
        return Promise.resolve([])
      },
    })
    await say(to, get('http://secret-data.evil.test/', ['Host: secret-data.evil.test']))
    await say(to, 'CONNECT secret-data.evil.test:443 HTTP/1.1\r\nHost: secret-data.evil.test:443\r\n\r\n')
    expect(asked).toEqual([])
    expect(to.attempts()).toMatchObject([{ port: 80, grant: 'secret-data.evil.test' }, { port: 443 }])
  })

  test('localhost is this machine without asking anybody', async () => {
    const to = await proxy([`localhost:${origin.port}`])
    const answer = await say(to, get(`http://localhost:${origin.port}/`, [`Host: localhost:${origin.port}`]))
    expect(bodyOf(answer)).toMatchObject({ headers: { host: `localhost:${origin.port}` } })
  })
})

describe('a tunnel', () => {
  test('carries TLS to the host that it names', async () => {
    const to = await proxy([`localhost:${secure.port}`])
    const { socket } = await tunnel(to, `localhost:${secure.port}`)
    const inner = tlsConnect({ socket, servername: 'localhost', ca: certificateAuthority() })
    inner.write(get('/x', [`Host: localhost:${secure.port}`]))
    expect(bodyOf(await readAll(inner as unknown as Socket))).toMatchObject({ url: '/x' })
  })

  test.each([
    ['another name', { servername: 'other.test' }],
    ['no name', {}],
  ])('whose TLS asks for %s is cut', async (_, options) => {
    const to = await proxy([`localhost:${secure.port}`])
    const { socket } = await tunnel(to, `localhost:${secure.port}`)
    const inner = tlsConnect({ socket, ...options, rejectUnauthorized: false })
    const [error] = (await once(inner, 'error')) as [Error]
    expect(error.message).toMatch(/unrecognized name/)
    expect(to.attempts()).toMatchObject([
      { verdict: 'allowed', bytes: 0 },
      {
        verdict: 'refused',
        reason: expect.stringMatching(/TLS (server "other\.test"|handshake to \S+ names no server)/),
      },
    ])
  })

  test('to an address needs no name, but may not have another', async () => {
    const to = await proxy([at(secure.port)])
    const good = await tunnel(to, at(secure.port))
    const inner = tlsConnect({ socket: good.socket, host: '127.0.0.1', ca: certificateAuthority() })
    inner.write(get('/', ['Host: x']))
    expect(bodyOf(await readAll(inner as unknown as Socket))).toMatchObject({ url: '/' })
    const bad = await tunnel(to, at(secure.port))
    const other = tlsConnect({ socket: bad.socket, servername: 'localhost', rejectUnauthorized: false })
    expect(((await once(other, 'error')) as [Error])[0].message).toMatch(/unrecognized name/)
  })

  test('with plain HTTP has each request looked at', async () => {
    const to = await proxy([at(origin.port)])
    const { socket } = await tunnel(to, at(origin.port))
    const kept = `GET /one HTTP/1.1\r\nHost: ${at(origin.port)}\r\n\r\n`
    socket.write(kept + kept + get('/two', ['Host: other.example']))
    const answer = await readAll(socket)
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 400'])
    expect(answer).toContain('"url":"/one"')
  })

  test.each([
    ['an absolute form that goes elsewhere', () => get('http://other.example/', ['Host: other.example'])],
    ['another Host', () => get('/', ['Host: other.example'])],
    ['another tunnel', () => `CONNECT ${at(origin.port)} HTTP/1.1\r\nHost: ${at(origin.port)}\r\n\r\n`],
    [
      'both lengths',
      () => get('/', [`Host: ${at(origin.port)}`, 'Content-Length: 0', 'Transfer-Encoding: chunked']),
    ],
    ['an empty line in front', () => `\r\n${get('/', ['Host: other.example'])}`],
    ['HTTP/2 in the clear', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ])('with %s is cut', async (_, text) => {
    const to = await proxy([at(origin.port)])
    const { socket } = await tunnel(to, at(origin.port))
    socket.write(text())
    expect(await readAll(socket)).not.toContain('HTTP/1.1 200')
    expect(to.attempts().at(-1)).toMatchObject({ verdict: 'refused' })
  })

  test('whose request comes with the CONNECT is looked at all the same', async () => {
    const to = await proxy([at(origin.port)])
    const head = `CONNECT ${at(origin.port)} HTTP/1.1\r\nHost: ${at(origin.port)}\r\n\r\n`
    expect(await say(to, head + get('/', ['Host: other.example']))).toMatch(
      /^HTTP\/1\.1 200 [\s\S]*HTTP\/1\.1 400 /,
    )
  })

  test('carries other protocols, also when the server speaks first, to a port that is granted', async () => {
    const greeter = await tcpServer((socket) => {
      socket.write('welcome\n')
      socket.on('data', (chunk) => socket.end(`you said ${chunk}`))
    })
    open.push(greeter)
    const to = await proxy([at(greeter.port)])
    const socket = dial(to)
    socket.write(
      `CONNECT ${at(greeter.port)} HTTP/1.1\r\n\r\n`.replace(
        '\r\n\r\n',
        `\r\nHost: ${at(greeter.port)}\r\n\r\n`,
      ),
    )
    let seen = ''
    socket.on('data', (chunk: Buffer) => {
      seen += chunk.toString()
      if (seen.endsWith('welcome\n')) socket.write('hello\n')
    })
    await once(socket, 'end')
    expect(seen).toMatch(/welcome\nyou said hello\n$/)
    expect(to.attempts()).toMatchObject([{ verdict: 'allowed', bytes: 29 }])
  })

  test.each([
    ['a port that is not granted', () => at(origin.port + 1), 403],
    ['no port', () => '127.0.0.1', 400],
    ['user information', () => `a@${at(origin.port)}`, 400],
    ['a port out of range', () => '127.0.0.1:70000', 400],
    ['an empty host', () => `:${origin.port}`, 400],
  ])('to %s is refused', async (_, place, status) => {
    const to = await proxy([at(origin.port)])
    expect((await tunnel(to, place())).status).toBe(status)
  })

  test('to a port where nobody listens fails and says so', async () => {
    const gone = await tcpServer(() => {})
    await gone.close()
    const to = await proxy([at(gone.port)])
    expect((await tunnel(to, at(gone.port))).status).toBe(502)
    expect(to.attempts()).toMatchObject([{ verdict: 'failed', reason: `${at(gone.port)}: ECONNREFUSED` }])
  })
})

describe('SOCKS5', () => {
  const greeting = Buffer.from([5, 1, 0])
  const ask = (name: string, port: number, command = 1) =>
    Buffer.concat([
      Buffer.from([5, command, 0, 3, name.length]),
      Buffer.from(name),
      Buffer.from([port >> 8, port & 255]),
    ])

  test('connects by name', async () => {
    const to = await proxy([`localhost:${origin.port}`])
    const request = get('/', [`Host: localhost:${origin.port}`])
    const answer = await say(
      to,
      Buffer.concat([greeting, ask('localhost', origin.port), Buffer.from(request)]),
    )
    expect(Buffer.from(answer.slice(0, 4), 'latin1')).toEqual(Buffer.from([5, 0, 5, 0]))
    expect(bodyOf(answer)).toMatchObject({ url: '/' })
  })

  test('takes an address as the host that it is', async () => {
    const to = await proxy([at(origin.port)])
    const address = Buffer.from([5, 1, 0, 1, 127, 0, 0, 1, origin.port >> 8, origin.port & 255])
    const request = get('/', [`Host: ${at(origin.port)}`])
    expect(bodyOf(await say(to, Buffer.concat([greeting, address, Buffer.from(request)])))).toMatchObject({
      url: '/',
    })
  })

  test.each([
    ['a host that is not granted', () => ask('other.example', 80), 2],
    ['an IPv6 address', () => Buffer.from([5, 1, 0, 4, ...new Array(15).fill(0), 1, 0, 80]), 2],
    ['BIND', () => ask('localhost', origin.port, 2), 7],
    ['UDP', () => ask('localhost', origin.port, 3), 7],
    ['an unknown kind of address', () => Buffer.from([5, 1, 0, 9, 0, 0]), 8],
    ['a name with NUL', () => ask('localhost\0.example', origin.port), 2],
  ])('refuses %s', async (_, request, code) => {
    const to = await proxy([`localhost:${origin.port}`])
    const answer = await say(to, Buffer.concat([greeting, request()]))
    expect(answer.charCodeAt(3)).toBe(code)
  })

  test('refuses other ways to sign on, and SOCKS4', async () => {
    const to = await proxy([`localhost:${origin.port}`])
    expect(await say(to, Buffer.from([5, 1, 2]))).toBe('\x05\xff')
    expect(statusOf(await say(to, Buffer.from([4, 1, 0, 80, 127, 0, 0, 1, 0])))).toBe(400)
  })
})

describe('limits', () => {
  test('on bytes end all connections and are told', async () => {
    const big = await httpServer((_, response) => response.end(Buffer.alloc(1 << 20)))
    open.push(big)
    const to = await proxy([at(big.port)], { maxBytes: 100_000 })
    const request = get(`http://${at(big.port)}/`, [`Host: ${at(big.port)}`])
    expect((await say(to, request)).length).toBeLessThan(400_000)
    expect(statusOf(await say(to, request))).toBe(403)
    expect(to.attempts()).toContainEqual(
      expect.objectContaining({
        verdict: 'refused',
        reason: expect.stringContaining('the limit of 100000 bytes'),
      }),
    )
  })

  test('on connections close those that are too many', async () => {
    const to = await proxy([at(origin.port)], { maxConnections: 2 })
    const kept = [dial(to), dial(to)]
    await Promise.all(kept.map((socket) => once(socket, 'connect')))
    expect(await say(to, get(`http://${at(origin.port)}/`))).toBe('')
    expect(to.attempts()).toMatchObject([
      { verdict: 'refused', reason: 'more than 2 connections at the same time' },
    ])
  })

  test('on what is remembered keep the number of attempts', async () => {
    const to = await proxy([])
    const socket = dial(to)
    const requests = Array.from(
      { length: 300 },
      (_, i) => `GET http://h${i}.example/ HTTP/1.1\r\nHost: h${i}.example\r\n\r\n`,
    )
    for (const request of requests.slice(0, 299)) await say(to, request)
    socket.destroy()
    expect(to.attempts()).toHaveLength(201)
    expect(to.attempts().reduce((sum, { count }) => sum + count, 0)).toBe(299)
  })
})

test('the socket is where only its owner can reach it, and is gone when closed', async () => {
  const to = await proxy([])
  expect(statSync(path.dirname(to.socketPath)).mode & 0o777).toBe(0o700)
  await to.close()
  expect(existsSync(path.dirname(to.socketPath))).toBe(false)
})

test('garbage ends a connection and nothing else', async () => {
  const to = await proxy([at(origin.port)])
  for (const bytes of [[0], [5], [5, 0], [5, 255, 1], [0x16, 3, 1, 255, 255], [0x80, 0x2e, 1, 3]]) {
    const socket = dial(to)
    socket.end(Buffer.from(bytes))
    await readAll(socket)
  }
  expect(statusOf(await say(to, get(`http://${at(origin.port)}/`, [`Host: ${at(origin.port)}`])))).toBe(200)
})

function certificateAuthority(): Buffer {
  return readFileSync(certificate.authorityFile)
}
