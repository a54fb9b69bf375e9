import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse, parseDocument } from 'yaml'
import { resolvePlainScalar } from './plain-scalar.js'
import { parseSimpleYaml } from './simple-yaml.js'

const failsafe = { schema: 'failsafe', uniqueKeys: true, logLevel: 'error' } as const

describe('parseSimpleYaml()', () => {
  const word = fc.constantFrom(
    'a',
    'key',
    'x y',
    '1.0',
    'true',
    "it's",
    'a"b',
    'a:b',
    'x#y',
    'b ',
    'ö',
    '技能',
    '(x)',
    '"q"',
    "'q'",
    '',
    '5',
    '|',
    '>-',
    '>',
    '|-',
    '- a',
    'a: b',
    'a #c',
    '#c',
    '-',
    '[a]',
    '[a, x y]',
    '["a", \'b c\', 5, true]',
    '["a, b"]',
    "['a'b]",
    '[]',
    '[ ]',
    '[a,]',
    '[a, , b]',
    '[a: b]',
    '[a] x',
    '[-]',
    '[a -b]',
    '{}',
    "''",
    'null',
    '...',
    '---',
  )
  const plainWord = fc.constantFrom('a', 'x y', '1.0', 'true', '"q"', '5', 'null')
  const key = fc.constantFrom('a', 'b', 'c', 'd', 'name', 'input_schema', '__proto__')
  const indent = fc.constantFrom('', '', '', '  ', '  ', ' ', '    ')
  const colon = fc.constantFrom(': ', ': ', ':', ':  ')
  const line = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(indent, key, colon, plainWord) },
    { weight: 2, arbitrary: fc.tuple(indent, key, fc.constantFrom(':', ': |', ': >-', ': >')) },
    { weight: 2, arbitrary: fc.tuple(indent, key, colon, word) },
    { weight: 2, arbitrary: fc.tuple(indent, fc.constantFrom('- ', '-  ', '-'), word) },
    { weight: 1, arbitrary: fc.tuple(indent, word) },
    { weight: 1, arbitrary: fc.constantFrom(['  '], ['']) },
  )
  const yamlText = fc
    .array(line, { maxLength: 5 })
    .map((lines) => lines.map((parts) => parts.join('')).join('\n'))

  test('answers only with what the library reads too', () => {
    let answered = 0
    fc.assert(
      fc.property(yamlText, (text) => {
        const simple = parseSimpleYaml(text)
        if (!simple) return
        answered++
        const document = parseDocument(text, failsafe)
        expect(document.errors).toEqual([])
        const { input_schema: _simple, ...expected } = toPlain(document.toJS())
        const { input_schema: typed, ...actual } = toPlain(simple.data)
        expect(actual).toEqual(expected)
        if (typed !== undefined)
          expect(typed).toEqual(toPlain(parse(text, { schema: 'core', logLevel: 'error' })).input_schema)
      }),
      { numRuns: 4_000 },
    )
    expect(answered).toBeGreaterThan(200)
  })

  test.each([
    'name: a\ndescription: What it does. Use it when needed.\nmetadata:\n  version: "1.0"\n  author: me\n',
    'name: a\ndescription: >-\n  one\n  two\nallowed-tools:\n  - Read\n  - Bash(git:*)\nlicense: MIT',
    'a:\n- x\n- y\nb: c',
  ])('answers for common front matter', (text) => {
    expect(toPlain(parseSimpleYaml(text)?.data ?? {})).toEqual(toPlain(parseDocument(text, failsafe).toJS()))
  })
})

test('resolvePlainScalar() agrees with the core schema of the library', () => {
  const text = fc.oneof(
    fc.stringMatching(/^[-+.0-9eExo_a-f]{1,6}$/),
    fc.constantFrom(
      'null',
      'Null',
      'NULL',
      '~',
      'true',
      'True',
      'TRUE',
      'tRue',
      'false',
      'no',
      'yes',
      '.inf',
      '-.Inf',
      '+.INF',
      '.nan',
      '1e3',
      '0x1F',
      '0o7',
      '1_000',
      '12e',
      '+5',
      '-0',
    ),
  )
  fc.assert(
    fc.property(text, (value) => {
      const parsed = parseDocument(`a: ${value}\n`, { schema: 'core', logLevel: 'error' })
      if (parsed.errors.length > 0) return
      const expected: unknown = parsed.toJS().a
      if (typeof expected !== 'object' || expected === null)
        expect(resolvePlainScalar(value)).toEqual(expected)
    }),
    { numRuns: 1_500 },
  )
})

/** Copies to ordinary objects: whole-object equality should compare keys and values, not prototypes. */
function toPlain(value: unknown): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value, (_key, part) => (part === null ? '' : part)))
}
