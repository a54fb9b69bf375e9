import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { describe, expect, test } from 'vitest'
import { type Host, isHost, parseHost } from '../policy/hosts/host.js'
import { parseHostPattern } from '../policy/hosts/host-pattern.js'
import { formatAddress, type IpAddress } from '../policy/hosts/ip-address.js'
import { classifyAddress } from './classify-address.js'
import { decideAddress, decideHost } from './decide.js'

const host = (text: string): Host => {
  const parsed = parseHost(text)
  if (!isHost(parsed)) throw new Error(`${text}: ${parsed.problem}`)
  return parsed
}
const classOf = (text: string) => classifyAddress(host(text).address ?? [])

describe('classifyAddress()', () => {
  test.each([
    ['8.8.8.8', 'public'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.255', 'loopback'],
    ['10.1.2.3', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['172.32.0.1', 'public'],
    ['192.168.1.1', 'private'],
    ['100.64.0.1', 'private'],
    ['169.254.1.1', 'link-local'],
    ['169.254.169.254', 'cloud metadata'],
    ['168.63.129.16', 'cloud metadata'],
    ['100.100.100.200', 'cloud metadata'],
    ['0.0.0.0', 'unspecified'],
    ['0.1.2.3', 'unspecified'],
    ['224.0.0.1', 'multicast'],
    ['255.255.255.255', 'broadcast'],
    ['250.1.1.1', 'reserved'],
    ['192.0.2.1', 'documentation'],
    ['198.19.0.1', 'reserved'],
    ['2606:4700::1111', 'public'],
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['fe80::1', 'link-local'],
    ['febf::1', 'link-local'],
    ['fd12:3456::1', 'private'],
    ['fd00:ec2::254', 'cloud metadata'],
    ['fec0::1', 'private'],
    ['ff02::1', 'multicast'],
    ['2001:db8::1', 'documentation'],
    ['::ffff:8.8.8.8', 'disguised'],
    ['::ffff:127.0.0.1', 'disguised'],
    ['::127.0.0.1', 'disguised'],
    ['::ffff:0:127.0.0.1', 'disguised'],
    ['64:ff9b::127.0.0.1', 'disguised'],
    ['64:ff9b::8.8.8.8', 'public'],
    ['64:ff9b:1::8.8.8.8', 'reserved'],
    ['2002:7f00:1::', 'disguised'],
    ['2001:0:7f00:1::', 'disguised'],
    ['2606:4700::5efe:7f00:1', 'disguised'],
    ['100::1', 'reserved'],
    ['5f00::1', 'reserved'],
    ['4000::1', 'reserved'],
  ])('%s is %s', (text, is) => expect(classOf(text)).toBe(is))

  // Random addresses are nearly all public, so most are made to begin like one that is not.
  const starts =
    '0 10 100.64 100.100.100 127 169.254.169 169.254 168.63.129 172.16 172.31 172.32 192.0.0 192.0.2 192.88.99 192.168 198.18 198.51.100 203.0.113 224 239 240 255.255.255'
  const bytes = (length: number) => fc.array(fc.nat(255), { minLength: length, maxLength: length })
  const address4 = fc
    .tuple(fc.constantFrom('', ...starts.split(' ')), bytes(4))
    .map(([start, rest]) => [...(start === '' ? [] : start.split('.').map(Number)), ...rest].slice(0, 4))
  const prefixes: IpAddress[] = [
    '::',
    '::ffff:0:0',
    '::ffff:0:0:0',
    '64:ff9b::',
    '64:ff9b:1::',
    '100::',
    '100:0:0:1::',
    '2001::',
    '2001:2::',
    '2001:10::',
    '2001:20::',
    '2001:db8::',
    '2002::',
    '3fff::',
    '5f00::',
    'fc00::',
    'fd00::',
    'fe80::',
    'fec0::',
    'ff00::',
    '2600::',
    '2a00::',
  ].map((text) => host(text).address ?? [])
  const address6 = fc
    .tuple(fc.constantFrom(...prefixes), fc.constantFrom(2, 4, 6, 8, 10, 12), bytes(16))
    .map(([prefix, keep, rest]) => [...prefix.slice(0, keep), ...rest].slice(0, 16))

  test('is public only where ipaddr.js says unicast, and less only where named here', () => {
    /** What ipaddr.js does not know, or takes for an ordinary address. */
    const stricter = new Set(['cloud metadata', 'disguised', 'reserved', 'documentation', 'private'])
    fc.assert(
      fc.property(fc.oneof(address4, address6), (address) => {
        const is = classifyAddress(address)
        const other = ipaddr.fromByteArray([...address])
        const range: string = other.range()
        const theirs = range === 'rfc6052' ? 'unicast' : range
        if (is === 'public')
          expect([formatAddress(address), theirs]).toEqual([formatAddress(address), 'unicast'])
        else if (theirs === 'unicast')
          expect([formatAddress(address), stricter.has(is)]).toEqual([formatAddress(address), true])
      }),
      { numRuns: 5_000 },
    )
  })

  test('is public only where Python says global', () => {
    const addresses = fc.sample(fc.oneof(address4, address6), 6_000)
    const script = [
      'import ipaddress, json, sys',
      'def known(text):',
      '    a = ipaddress.ip_address(text)',
      '    return [a.is_global, a.is_loopback, a.is_link_local, a.is_multicast, a.is_unspecified]',
      'print(json.dumps([known(text) for text in json.load(sys.stdin)]))',
    ].join('\n')
    const { stdout, stderr } = spawnSync('python3', ['-c', script], {
      input: JSON.stringify(addresses.map(formatAddress)),
      encoding: 'utf8',
      maxBuffer: 64 << 20,
    })
    if (stdout === '') throw new Error(stderr)
    const answers = JSON.parse(stdout) as boolean[][]
    for (const [i, address] of addresses.entries()) {
      const [isGlobal, loopback, linkLocal, multicast, unspecified] = answers[i] ?? []
      const text = formatAddress(address)
      const is = classifyAddress(address)
      // An address behind NAT64 is as public as the one that it stands for.
      const isNat64 = text.startsWith('64:ff9b:') && is === 'public'
      if (is === 'public' && !isNat64) expect([text, isGlobal]).toEqual([text, true])
      if (loopback) expect([text, is]).toEqual([text, 'loopback'])
      if (linkLocal)
        expect([text, ['link-local', 'cloud metadata']]).toEqual([text, expect.arrayContaining([is])])
      if (multicast) expect([text, is]).toEqual([text, 'multicast'])
      if (unspecified) expect([text, is]).toEqual([text, 'unspecified'])
    }
  })
})

describe('a decision', () => {
  const decide = (grants: readonly string[], name: string, port: number, address?: string) => {
    const patterns = grants.map(parseHostPattern)
    const to = host(name)
    const asked = decideHost(patterns, to, port)
    if (asked.verdict === 'refused' || address === undefined) return asked
    return decideAddress(patterns, to, port, host(address).address ?? [])
  }
  const allowed = { verdict: 'allowed' }
  const refused = (reason: string, grant: string) => ({ verdict: 'refused', reason, grant })

  test('names the grant that would allow a host', () => {
    expect(decide(['example.org'], 'other.org', 443)).toEqual(
      refused('other.org:443 is not granted', 'other.org'),
    )
    expect(decide(['example.org'], 'example.org', 8080)).toEqual(
      refused('example.org:8080 is not granted', 'example.org:8080'),
    )
    expect(decide([], '127.1', 8080)).toEqual(
      refused('127.0.0.1:8080 is a loopback address, which is not granted', '127.0.0.1:8080'),
    )
  })

  test.each(['127.0.0.1', '10.0.0.1', '169.254.169.254', '::1', 'fd00::1', '::ffff:8.8.8.8', '224.0.0.1'])(
    'refuses a granted name, and *, when it leads to %s',
    (address) => {
      for (const grant of ['example.org', '*']) {
        expect(decide([grant], 'example.org', 80, address)).toEqual(
          refused(
            expect.stringContaining(`example.org:80 is at ${host(address).text}, a`) as never,
            host(address).text,
          ),
        )
      }
      expect(decide(['*'], address, 80)).toMatchObject({ verdict: 'refused', grant: host(address).text })
    },
  )

  test('lets a granted name lead to a public address, or to one that is granted too', () => {
    expect(decide(['example.org'], 'example.org', 80, '93.184.215.14')).toEqual(allowed)
    expect(decide(['db.example.org', '10.0.0.1'], 'db.example.org', 80, '10.0.0.1')).toEqual(allowed)
    expect(decide(['db.example.org', '10.0.0.1:5432'], 'db.example.org', 80, '10.0.0.1')).toMatchObject({
      verdict: 'refused',
    })
  })

  test('lets an address be granted by itself, in every spelling, under no other name', () => {
    expect(decide(['127.0.0.1:8080'], '0x7f000001', 8080)).toEqual(allowed)
    for (const name of ['localhost', '127.0.0.2', '::1', '::ffff:127.0.0.1', '0.0.0.0']) {
      expect(decide(['127.0.0.1:8080'], name, 8080)).toMatchObject({ verdict: 'refused' })
    }
  })

  test('takes localhost for this machine only where it is granted by name', () => {
    expect(decide(['localhost:8080'], 'localhost', 8080, '127.0.0.1')).toEqual(allowed)
    expect(decide(['*.localhost:8080'], 'a.localhost', 8080, '::1')).toEqual(allowed)
    expect(decide(['localhost:8080'], 'localhost', 8080, '10.0.0.1')).toMatchObject({ verdict: 'refused' })
    expect(decide(['*'], 'localhost', 80, '127.0.0.1')).toMatchObject({
      verdict: 'refused',
      grant: 'localhost',
    })
  })

  test('* grants public addresses', () => {
    expect(decide(['*'], '8.8.8.8', 53)).toEqual(allowed)
    expect(decide(['*'], 'example.org', 22, '93.184.215.14')).toEqual(allowed)
  })
})
