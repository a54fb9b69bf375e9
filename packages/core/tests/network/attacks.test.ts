import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { httpServer, type LocalServer, tcpServer } from '../../src/network/fixtures/local-servers.js'
import { NetworkSkills } from './network-skill.js'

// A script that may reach one host tries to reach another. Both are servers of this machine, and it is the other one
// that says whether it was reached.

const REACHED = 'the victim was reached'
let skills: NetworkSkills
let victim: LocalServer
let granted: LocalServer
let directory = ''
let datagrams = 0
const udp = createSocket('udp4')
const unix = createServer((socket) => socket.end(REACHED))
const abstract = createServer((socket) => socket.end(REACHED))

beforeAll(async () => {
  skills = await NetworkSkills.load(['attacks.py'])
  directory = skills.directory('files')
  victim = await tcpServer((socket) => socket.end(`HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\n${REACHED}`))
  granted = await httpServer((request, response) => {
    const { host } = request.headers
    response.end(`granted, for ${host}`)
  })
  udp.on('message', () => datagrams++)
  udp.bind(victim.port, '127.0.0.1')
  await once(udp, 'listening')
  unix.listen(path.join(directory, 'socket'))
  // Node fills the name up with NUL, other programs do not.
  abstract.listen('\0skilllite-attack'.padEnd(108, '\0'))
  await Promise.all([once(unix, 'listening'), once(abstract, 'listening')])
})
afterAll(async () => {
  await victim.close()
  await granted.close()
  udp.close()
  unix.close()
  abstract.close()
  skills.remove()
})

function attack(name: string) {
  return skills.run(
    'attacks.py',
    { attack: name, victim: victim.port, granted: granted.port, socket: path.join(directory, 'socket') },
    { allowHosts: [`localhost:${granted.port}`], allowRead: [directory] },
  )
}

test('what is granted is reached, by the proxy alone', async () => {
  const { output, network } = await attack('granted')
  expect((output as { result: string }).result).toMatch(
    /^HTTP\/1\.1 200 OK\r\n[\s\S]*granted, for localhost:\d+$/,
  )
  expect(network).toEqual([
    {
      host: 'localhost',
      port: granted.port,
      verdict: 'allowed',
      reason: '',
      bytes: expect.any(Number),
      count: 1,
    },
  ])
})

describe('the victim is not reached by', () => {
  // What the sandbox says; the rest is what the proxy says.
  test.each([
    ['direct', /^(PermissionError|ConnectionRefusedError)/],
    ['direct to the granted port', /^(PermissionError|ConnectionRefusedError)/],
    ['any address', /^(PermissionError|ConnectionRefusedError)/],
    ['IPv6', /Address family not supported/],
    ['mapped IPv6', /Address family not supported/],
    ['multipath TCP', /^PermissionError/],
    ['UDP', /^PermissionError/],
    ['a name query over UDP', /^PermissionError/],
    ['ICMP', /^PermissionError/],
    ['raw', /^PermissionError/],
    ['packet', /^PermissionError/],
    ['netlink', /^PermissionError/],
    ['vsock', /^PermissionError/],
    ['fast open', /^PermissionError/],
    ['listen', /^PermissionError/],
    ['listen without bind', /^PermissionError/],
    ['a resolver', /^gaierror/],
    ['socket file', /Address family not supported/],
    ['socket file by a pair', /^OSError: .*(already connected|Errno 106)/],
    ['socket file by datagram', /^PermissionError/],
    ['abstract socket', /Address family not supported/],
    [
      'another port',
      /^HTTP\/1\.1 403 skilllite: 127\.0\.0\.1:\d+ is a loopback address, which is not granted/,
    ],
    ['another name', /^HTTP\/1\.1 403 skilllite: localhost:\d+ is not granted/],
    ['a spelling of it', /^HTTP\/1\.1 403 skilllite: 127\.0\.0\.1:\d+ is a loopback address/],
    ['an alias of it', /^HTTP\/1\.1 403 skilllite: 127\.0\.0\.2:\d+ is a loopback address/],
    ['a mapped address', /^HTTP\/1\.1 403 skilllite: \[::ffff:7f00:1\]:\d+ is a disguised address/],
    ['any address by proxy', /^HTTP\/1\.1 403 skilllite: 0\.0\.0\.0:\d+ is an unspecified address/],
    ['a percent sign', /^HTTP\/1\.1 403 skilllite: 127\.0\.0\.1:\d+ is a loopback address/],
    ['user information', /^HTTP\/1\.1 400 skilllite: the address holds user information/],
    ['cloud metadata', /^HTTP\/1\.1 403 skilllite: 169\.254\.169\.254:80 is a cloud metadata address/],
    ['another Host', /^HTTP\/1\.1 400 skilllite: the Host field/],
    ['smuggled by length', /^HTTP\/1\.1 400 /],
    [
      'pipelined',
      /^HTTP\/1\.1 200 OK[\s\S]*HTTP\/1\.1 403 skilllite: 127\.0\.0\.1:\d+ is a loopback address/,
    ],
    ['a tunnel', /^OSError: HTTP\/1\.1 403 skilllite/],
    ['a request in a tunnel', /^HTTP\/1\.1 403 skilllite/],
    ['a tunnel in a tunnel', /^HTTP\/1\.1 400 skilllite: there is no tunnel within a tunnel/],
    ['a header in CONNECT', /^HTTP\/1\.1 400 skilllite: the Host field/],
    ['another server name', /unrecognized name/i],
    ['no server name', /unrecognized name/i],
    ['SOCKS by name', /^05000502/],
    ['SOCKS by address', /^05000502/],
    ['SOCKS by IPv6', /^05000502/],
  ])('%s', async (name, answer) => {
    const before = victim.connections()
    const { output, stderr } = await attack(name)
    const { result } = output as { result: string }
    expect({ result, stderr, connections: victim.connections(), datagrams }).toEqual({
      result: expect.stringMatching(answer),
      stderr: '',
      connections: before,
      datagrams: 0,
    })
    expect(result).not.toContain(REACHED)
  })
})

test('without a sandbox the same attacks reach it', async () => {
  const run = (name: string) =>
    skills.run(
      'attacks.py',
      { attack: name, victim: victim.port, granted: granted.port, socket: path.join(directory, 'socket') },
      { level: 1 },
    )
  for (const name of ['direct', 'any address', 'socket file', 'abstract socket']) {
    expect([name, (await run(name)).output]).toEqual([
      name,
      expect.objectContaining({ result: expect.stringContaining(REACHED) }),
    ])
  }
  const arrived = once(udp, 'message')
  expect((await run('UDP')).output).toMatchObject({ result: 'sent' })
  await arrived
  expect((await run('listen')).output).toMatchObject({ result: 'listening' })
})

test('a run without granted hosts has neither a proxy nor the variables that name one', async () => {
  const { output, network, isolation } = await skills.run(
    'attacks.py',
    { attack: 'direct', victim: victim.port, granted: granted.port, socket: '' },
    {},
  )
  expect(output).toEqual({ result: expect.stringMatching(/^PermissionError/), variables: [] })
  expect({ network, layer: isolation.layers.network }).toEqual({ network: [], layer: undefined })
})
