import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type SeatbeltAccess, seatbeltProfile } from './profile.js'

const nothing: SeatbeltAccess = { execute: [], fork: false, files: [], keep: [], pass: [] }
const reads = (path: string): SeatbeltAccess => ({
  ...nothing,
  files: [{ path, kind: 'directory', mode: 'ro', code: false }],
})

/** Reads a profile as the interpreter of its language would: lists, words and strings. Throws where it is not well-formed. */
function parse(text: string): unknown[] {
  const token = /"(?:[^"\\]|\\.)*"|[()]|[^\s()"]+/g
  expect(text.replace(token, '').trim()).toBe('')
  const stack: unknown[][] = [[]]
  for (const word of text.match(token) ?? []) {
    if (word === '(') stack.push([])
    else if (word !== ')') stack.at(-1)?.push(word)
    else {
      const done = stack.pop()
      stack.at(-1)?.push(done)
    }
  }
  expect(stack).toHaveLength(1)
  return stack[0] as unknown[]
}

const rulesOf = (access: SeatbeltAccess): string[] => seatbeltProfile(access).text.trimEnd().split('\n')

describe('seatbeltProfile()', () => {
  test('refuses everything by default, first of all', () => {
    expect(rulesOf(nothing).slice(0, 2)).toEqual(['(version 1)', '(deny default)'])
  })

  test('grants nothing beyond the start of a program where nothing is granted', () => {
    const allowed = rulesOf(nothing).filter((line) => line.startsWith('(allow '))
    const operations = [
      ...new Set(allowed.flatMap((line) => line.match(/^\(allow ([a-z*\- ]+?) ?\(/)?.[1]?.split(' ') ?? [])),
    ]
    expect(operations.sort()).toEqual([
      'file-map-executable',
      'file-read*',
      'file-read-metadata',
      'file-write-data',
      'process-info*',
      'signal',
      'sysctl-read',
    ])
    expect(allowed.filter((line) => line.includes('signal'))).toEqual(['(allow signal (target self))'])
    expect(allowed.filter((line) => line.includes('file-write'))).toEqual([
      '(allow file-write-data (literal "/dev/null") (literal "/dev/zero"))',
      '(allow file-read* file-write-data (subpath "/dev/fd"))',
    ])
    // Neither what the machine is called nor who runs on it.
    expect(allowed.join()).not.toMatch(
      /mach-lookup|kern\.hostname|kern\.proc|kern\.boot|process-fork|process-exec/,
    )
  })

  test('ends with what nothing may undo', () => {
    const access: SeatbeltAccess = {
      ...reads('/a'),
      execute: ['/bin/x'],
      fork: true,
      keep: ['/w'],
      pass: ['/p'],
    }
    expect(rulesOf(access).slice(-3)).toEqual([
      '(deny file-link)',
      '(deny file-write-setugid)',
      '(deny network*)',
    ])
  })

  test('lets only the named programs be started, and others besides only where told', () => {
    const one = { ...nothing, execute: ['/usr/bin/python3'] }
    expect(rulesOf(one)).toContain('(allow process-exec (literal (param "P0")))')
    expect(rulesOf(one)).not.toContain('(allow process-fork)')
    const two = { ...nothing, execute: ['/usr/bin/python3', '/usr/bin/git'], fork: true }
    expect(rulesOf(two)).toContain('(allow process-exec (literal (param "P0")) (literal (param "P1")))')
    expect(rulesOf(two)).toContain('(allow process-fork)')
    expect(rulesOf(two)).toContain('(allow signal (target children))')
  })

  test('writes each file rule in the given order, with what it refuses', () => {
    const { text, parameters } = seatbeltProfile({
      ...nothing,
      files: [
        { path: '/w', kind: 'directory', mode: 'rw', code: false },
        { path: '/w/skill', kind: 'directory', mode: 'ro', code: false },
        { path: '/w/lib.dylib', kind: 'file', mode: 'ro', code: true },
      ],
      keep: ['/w'],
    })
    expect(Object.fromEntries(parameters)).toEqual({ P0: '/w', P1: '/w/skill', P2: '/w/lib.dylib' })
    expect(text.split('\n').filter((line) => line.includes('param'))).toEqual([
      '(allow file-read* (subpath (param "P0")))',
      '(allow file-write* (subpath (param "P0")))',
      '(deny file-map-executable (subpath (param "P0")))',
      '(allow file-read* (subpath (param "P1")))',
      '(deny file-write* (subpath (param "P1")))',
      '(deny file-map-executable (subpath (param "P1")))',
      '(allow file-read* (literal (param "P2")))',
      '(deny file-write* (literal (param "P2")))',
      '(allow file-map-executable (literal (param "P2")))',
      '(deny file-write-unlink (literal (param "P0")))',
    ])
  })

  test.each([
    '/a "quoted" name',
    '/a/") (allow default) (allow file-read* (subpath "/x',
    "/it's (so) [odd] {here}",
    '/back\\slash\\" and ; comment #| block |#',
    '/regex.*^$+?|',
    '/P1=x',
    '/-D P0=/x',
    '/技能/мой-навык/é/é/🎉',
    `/${'long/'.repeat(190)}end`,
  ])('takes no part of %j into its text', (path) => {
    const { text, parameters } = seatbeltProfile(reads(path))
    expect(text).toBe(seatbeltProfile(reads('/plain')).text)
    expect(parameters).toEqual([['P0', path]])
  })

  test('takes no part of any path into its text, or refuses it', () => {
    const plain = seatbeltProfile(reads('/plain')).text
    const name = fc.string({ unit: 'binary', minLength: 1 }).filter((part) => !part.includes('/'))
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), (parts) => {
        const path = `/${parts.join('/')}`
        try {
          const { text, parameters } = seatbeltProfile(reads(path))
          expect([text, parameters]).toEqual([plain, [['P0', path]]])
        } catch (error) {
          expect(error).toMatchObject({ code: 'OPTION_INVALID' })
          expect(path).toMatch(/\p{Cc}|\p{Surrogate}|\/\.\.?(\/|$)/u)
        }
      }),
    )
  })

  test.each([
    'relative',
    '',
    '/a/../b',
    '/a/./b',
    '/a//b',
    '/a/',
    '/a\nb',
    '/a\0b',
    '/a\u001b[2J',
    '/a\u007f',
    '/\ud800',
  ])('refuses %j, which the kernel would call something else', (path) => {
    expect(() => seatbeltProfile(reads(path))).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }))
  })

  test('is well-formed whatever is granted', () => {
    const access: SeatbeltAccess = {
      ...reads('/a")('),
      execute: ['/x'],
      fork: true,
      keep: ['/k'],
      pass: ['/p'],
    }
    for (const rule of parse(seatbeltProfile(access).text)) {
      expect(rule).toEqual([
        expect.stringMatching(/^(version|allow|deny)$/),
        ...Array((rule as unknown[]).length - 1).fill(expect.anything()),
      ])
    }
  })
})
