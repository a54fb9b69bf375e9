import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { describe, expect, test } from 'vitest'
import { isHost, parseHost } from './host.js'
import { formatAddress, parseIPv4, parseIPv6 } from './ip-address.js'

const textOf = (given: string): string | undefined => {
  const host = parseHost(given)
  return isHost(host) ? host.text : undefined
}

/** One part of an IPv4 address as a decimal, octal or hexadecimal number. */
const spelled = (number: number) =>
  fc.constantFrom(
    String(number),
    `0${number.toString(8)}`,
    `000${number.toString(8)}`,
    `0x${number.toString(16)}`,
    `0X00${number.toString(16).toUpperCase()}`,
  )

const spelledIPv4 = fc.tuple(fc.nat(0xffff_ffff), fc.integer({ min: 1, max: 4 })).chain(([value, parts]) => {
  const bytes = [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff)
  const last = value % 256 ** (5 - parts)
  const text = fc.tuple(...[...bytes.slice(0, parts - 1), last].map(spelled)).map((all) => all.join('.'))
  return text.map((spelling) => ({ spelling, plain: bytes.join('.') }))
})

/** Text that is almost an IPv4 address. */
const nearlyIPv4 = fc.string({ unit: fc.constantFrom(...'0123456789abx.'), minLength: 1, maxLength: 16 })

describe('parseHost()', () => {
  test.each([
    ['EXAMPLE.Org', 'example.org'],
    ['example.org.', 'example.org'],
    ['ex%61mple.org', 'example.org'],
    ['ｅxample。org', 'example.org'],
    ['faß.de', 'xn--fa-hia.de'],
    ['☃.net', 'xn--n3h.net'],
    ['exam\u00adple.org', 'example.org'],
    ['a_b.example.org', 'a_b.example.org'],
    ['127.1', '127.0.0.1'],
    ['0x7f.1', '127.0.0.1'],
    ['0177.0.0.01', '127.0.0.1'],
    ['2130706433', '127.0.0.1'],
    ['127.0.0.1.', '127.0.0.1'],
    ['１２７.1', '127.0.0.1'],
    ['%31%32%37.0.0.1', '127.0.0.1'],
    ['0', '0.0.0.0'],
    ['0x', '0.0.0.0'],
    ['[::1]', '::1'],
    ['0:0::0001', '::1'],
    ['::FFFF:127.0.0.1', '::ffff:7f00:1'],
    ['[2001:DB8:0:0:1:0:0:1]', '2001:db8::1:0:0:1'],
  ])('takes %j for %j', (given, text) => expect(textOf(given)).toBe(text))

  test.each([
    '',
    '.',
    '..',
    'a..b',
    'a b',
    'a/b',
    'a\\b',
    'user@host',
    'a\nb',
    'a\0b',
    'a%00b',
    'a%2fb',
    'a%40b',
    'a%2561',
    '%',
    '%e4.de',
    '*',
    'a?b',
    'a#b',
    '1.2.3.4.5',
    '256.1.1.1',
    '1.2.3.09',
    '4294967296',
    'example.1',
    'example.0x1',
    '[::1',
    '::1]',
    '[127.0.0.1]',
    ':::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8',
    '::1::',
    '::127.1',
    '::01.2.3.4',
    '::256.0.0.1',
    'fe80::1%eth0',
    '[fe80::1%25eth0]',
    'example.org:80',
    `${'a'.repeat(64)}.org`,
    `${'abc.'.repeat(70)}org`,
    'x'.repeat(5000),
  ])('takes %j for no host', (given) => expect(textOf(given)).toBeUndefined())

  test('reads an IPv4 address in every spelling', () => {
    fc.assert(
      fc.property(spelledIPv4, ({ spelling, plain }) => {
        expect(textOf(spelling)).toBe(plain)
        expect(ipaddr.IPv4.parse(spelling.toLowerCase()).toString()).toBe(plain)
      }),
      { numRuns: 3_000 },
    )
  })

  test('gives what a URL parser gives, or nothing', () => {
    fc.assert(
      fc.property(fc.oneof(nearlyIPv4, fc.domain(), fc.string({ unit: 'binary', maxLength: 12 })), (text) => {
        const ours = textOf(text)
        if (ours === undefined || text.includes(':')) return
        expect(`${new URL(`http://${text}/`).hostname.replace(/\.$/, '')}`).toBe(ours)
      }),
      { numRuns: 5_000 },
    )
  })

  test('lets nothing pass for a name that a C resolver takes for an address', () => {
    const texts = fc.sample(
      fc.oneof(
        nearlyIPv4,
        spelledIPv4.map(({ spelling }) => spelling),
      ),
      5_000,
    )
    const script = [
      'import json, socket, sys',
      'def read(text):',
      '    try: return socket.inet_ntoa(socket.inet_aton(text))',
      '    except OSError: return None',
      'print(json.dumps([read(text) for text in json.load(sys.stdin)]))',
    ].join('\n')
    const answers = python(script, texts) as (string | null)[]
    for (const [i, text] of texts.entries()) {
      const resolver = answers[i] ?? undefined
      if (resolver !== undefined) expect([text, textOf(text)]).toEqual([text, resolver])
    }
    expect(answers.filter((answer) => answer !== null).length).toBeGreaterThan(1_000)
  })

  test('is the same when read again', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.domain(),
          spelledIPv4.map(({ spelling }) => spelling),
          fc.ipV6(),
        ),
        (text) => {
          const once = textOf(text)
          if (once !== undefined) expect(textOf(once)).toBe(once)
        },
      ),
      { numRuns: 2_000 },
    )
  })
})

describe('addresses', () => {
  test('IPv6 is read and written as ipaddr.js and Python do', () => {
    const texts = fc.sample(
      fc.oneof(fc.ipV6(), fc.string({ unit: fc.constantFrom(...'0123fF:::.'), maxLength: 24 })),
      5_000,
    )
    const script = [
      'import ipaddress, json, sys',
      'def read(text):',
      '    try: return ipaddress.IPv6Address(text).compressed',
      '    except ValueError: return None',
      'print(json.dumps([read(text) for text in json.load(sys.stdin)]))',
    ].join('\n')
    const answers = python(script, texts) as (string | null)[]
    for (const [i, text] of texts.entries()) {
      const address = parseIPv6(text)
      expect([text, address === undefined ? null : formatAddress(address)]).toEqual([text, answers[i]])
      // ipaddr.js reads the old ::1.2.3.4 as ::ffff:1.2.3.4; Python and getaddrinfo do not
      if (address !== undefined && !/^::\d+\./.test(text))
        expect(ipaddr.IPv6.parse(text).toByteArray()).toEqual(address)
    }
    expect(answers.filter((answer) => answer !== null).length).toBeGreaterThan(1_000)
  })

  test('an IPv4 address is written with four decimal numbers', () => {
    expect(formatAddress(parseIPv4('0xffffffff') ?? [])).toBe('255.255.255.255')
  })
})

function python(script: string, input: unknown): unknown {
  const { stdout, stderr } = spawnSync('python3', ['-c', script], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  })
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout)
}
