import { describe, expect, test } from 'vitest'
import { lineIndex, propertyLines } from './find-evidence.js'

describe('propertyLines()', () => {
  const yaml = [
    'input_schema:',
    '  type: object',
    '  properties:',
    '',
    '    type:',
    '      type: string',
    '      description: Which type',
    "    'max-rows': {type: integer}",
    '    "a b": {type: string}',
    '  required: [type]',
    '  description: Of the whole',
  ].join('\n')

  test('finds the lines of properties, and not those of keywords of the same name', () => {
    expect(propertyLines(yaml, 0, ['type', 'max-rows', 'a b', 'required', 'description'])).toEqual([
      { property: 'type', line: 5 },
      { property: 'max-rows', line: 8 },
      { property: 'a b', line: 9 },
      { property: 'required', line: 1 },
      { property: 'description', line: 1 },
    ])
  })

  test('reads JSON as it is printed', () => {
    const json = JSON.stringify(
      [{ inputSchema: { type: 'object', properties: { type: {}, b: {} } } }],
      null,
      2,
    )
    expect(propertyLines(json, 0, ['type', 'b'])).toEqual([
      { property: 'type', line: 6 },
      { property: 'b', line: 7 },
    ])
  })

  test.each(['input_schema: {type: object, properties: {a: {}}}', '', 'properties:'])(
    'names the line itself where properties have none of their own: %j',
    (text) => {
      expect(propertyLines(`first\n${text}`, 1, ['a'])).toEqual([{ property: 'a', line: 2 }])
    },
  )

  test('takes no longer for a hostile text', () => {
    const text = `properties:\n  a:\n${'\n'.repeat(200_000)}${'  "\\'.repeat(20_000)}`
    const names = Array.from({ length: 20_000 }, (_, n) => `name-${n}`)
    expect(propertyLines(text, 0, names)).toHaveLength(20_000)
  })
})

test.each([
  ['a\nb\n  c', /^ *c/m, 2],
  ['a', /^a/m, 0],
  ['a', /^b/m, -1],
])('lineIndex() finds in %j with %s line %i', (text, pattern, index) => {
  expect(lineIndex(text, pattern)).toBe(index)
})
