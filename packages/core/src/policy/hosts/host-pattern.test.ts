import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Host, isHost, parseHost } from './host.js'
import { formatHostPattern, grantFor, matchesHost, parseHostPattern } from './host-pattern.js'

const host = (text: string): Host => {
  const parsed = parseHost(text)
  if (!isHost(parsed)) throw new Error(`${text}: ${parsed.problem}`)
  return parsed
}
const matches = (pattern: string, name: string, port: number) =>
  matchesHost(parseHostPattern(pattern), host(name), port)

describe('parseHostPattern()', () => {
  test.each([
    ['Example.ORG.', 'example.org'],
    ['example.org:8080', 'example.org:8080'],
    ['*.example.org', '*.example.org'],
    ['*.EXAMPLE.org:443', '*.example.org:443'],
    ['*', '*'],
    ['*:443', '*:443'],
    ['0x7f.1:80', '127.0.0.1:80'],
    ['::1', '::1'],
    ['[::1]', '::1'],
    ['[::1]:80', '[::1]:80'],
    ['*.localhost', '*.localhost'],
  ])('reads %j as %j', (given, text) => expect(formatHostPattern(parseHostPattern(given))).toBe(text))

  test.each([
    '',
    '**',
    '*.*',
    '*.com',
    '*.127.0.0.1',
    'a*.example.org',
    'example.*',
    'example.org:0',
    'example.org:65536',
    'example.org:',
    'example.org:80:80',
    'https://example.org',
    'https://example.org:80/x',
    'user@example.org',
    '10.0.0.0/8',
    'fe80::1%eth0',
    '*:',
  ])('refuses %j', (given) => {
    expect(() => parseHostPattern(given)).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', hint: expect.stringMatching(/^(Give|Name)/) }),
    )
  })
})

describe('matchesHost()', () => {
  test.each([
    ['example.org', 'example.org', 443, true],
    ['example.org', 'EXAMPLE.org.', 80, true],
    ['example.org', 'example.org', 8080, false],
    ['example.org:8080', 'example.org', 8080, true],
    ['example.org:8080', 'example.org', 80, false],
    ['example.org', 'www.example.org', 80, false],
    ['example.org', 'example.org.evil.net', 80, false],
    ['example.org', 'evilexample.org', 80, false],
    ['*.example.org', 'www.example.org', 80, true],
    ['*.example.org', 'a.b.example.org', 80, true],
    ['*.example.org', 'example.org', 80, false],
    ['*.example.org', 'evilexample.org', 80, false],
    ['*.example.org', 'www.example.org', 22, false],
    ['127.0.0.1:80', '127.1', 80, true],
    ['127.0.0.1:80', 'localhost', 80, false],
    ['localhost:80', '127.0.0.1', 80, false],
    ['127.0.0.1:80', '::ffff:127.0.0.1', 80, false],
    ['127.0.0.1:80', '::1', 80, false],
    ['*', 'anything.example', 22, true],
    ['*:443', 'anything.example', 22, false],
  ])('%j to %s:%d is %j', (pattern, name, port, expected) => {
    expect(matches(pattern, name, port)).toBe(expected)
  })

  test('the grant that a refusal names is the one that helps, and grants nothing else', () => {
    const names = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6())
    fc.assert(
      fc.property(names, names, fc.integer({ min: 1, max: 65_535 }), (name, other, port) => {
        const grant = grantFor(host(name).text, port)
        expect(matches(grant, name, port)).toBe(true)
        if (host(other).text !== host(name).text) expect(matches(grant, other, port)).toBe(false)
      }),
    )
  })
})
