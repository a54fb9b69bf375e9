import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseYamlMapping, YamlProblem } from './yaml-mapping.js'

function problemOf(text: string): YamlProblem {
  try {
    parseYamlMapping(text)
  } catch (error) {
    if (error instanceof YamlProblem) return error
    throw error
  }
  throw new Error(`accepted: ${JSON.stringify(text.slice(0, 80))}`)
}

describe('parseYamlMapping()', () => {
  test.each([
    ['a version', 'version: 1.10', { version: '1.10' }],
    ['a boolean', 'a: true', { a: 'true' }],
    ['a date', 'a: 2024-01-01', { a: '2024-01-01' }],
    ['null', 'a: ~\nb:', { a: '~', b: '' }],
    ['an octal', 'a: 0o17\nb: 017', { a: '0o17', b: '017' }],
    ['flow values', 'a: [1, true]', { a: ['1', 'true'] }],
  ])('keeps %s as text', (_what, text, data) => {
    expect({ ...parseYamlMapping(text).data }).toEqual(data)
  })

  test.each([
    ['block', 'input_schema:\n  max: 5\n  on: true\n  name: "5"\nx: 5'],
    ['flow', 'input_schema: {max: 5, on: true, name: "5"}\nx: 5'],
  ])('types scalars below input_schema only, in %s style', (_style, text) => {
    const { data } = parseYamlMapping(text)
    expect(JSON.parse(JSON.stringify(data))).toEqual({
      input_schema: { max: 5, on: true, name: '5' },
      x: '5',
    })
  })

  test.each([
    ['anchors', 'a: &x b'],
    ['aliases', 'a: b\nc: *a'],
    ['tags', 'a: !!js/function "function(){}"'],
    ['duplicate keys', 'a: b\na: c'],
    ['nested duplicate keys', 'q:\n  a: b\n  a: c'],
    ['a second document', 'a: b\n---\nc: d'],
    ['text after the end of the document', 'a: b\n...\nc: d'],
    ['directives', '%YAML 1.1\n---\na: b'],
    ['keys that are collections', '? [a]\n: b'],
    ['NUL', 'a: b\u0000c'],
    ['escape sequences for terminals', 'a: \u001b[31m'],
    ['more than 32 KiB', `a: ${'x'.repeat(32_768)}`],
    ['an unclosed quote', 'a: "b'],
  ])('refuses %s', (_what, text) => {
    expect(problemOf(text)).toMatchObject({ kind: 'invalid' })
  })

  test.each([['- a'], ['just text'], [''], ['# only a comment']])('reports %j as no mapping', (text) => {
    expect(problemOf(text).kind).toBe('not-a-mapping')
  })

  test('gives the line of a problem and of each top-level key', () => {
    expect(problemOf('a: b\nb: c\nc: [x').line).toBe(3)
    expect([...parseYamlMapping('a: b\n\n# c\nb: [c]').lines]).toEqual([
      ['a', 1],
      ['b', 4],
    ])
  })

  test.each([
    ['by the short way', '__proto__:\n  polluted: yes\nconstructor: x'],
    ['by the library', '__proto__: {polluted: yes}\nconstructor: x'],
  ])('keeps __proto__ as an own key of an object without prototype, %s', (_way, text) => {
    const { data } = parseYamlMapping(text)
    expect(Object.getPrototypeOf(data)).toBe(null)
    expect(Object.keys(data)).toEqual(['__proto__', 'constructor'])
    expect(Object.getPrototypeOf(Reflect.get(data, '__proto__'))).toBe(null)
    expect('polluted' in {}).toBe(false)
  })

  test.each([['a: b\nc: [x]'], ['a: b\nc: [x: y]'], ['a: b\nc: {x: y}']])(
    'gives the line of flow style in %j',
    (text) => {
      expect(parseYamlMapping(text).flowLine).toBe(2)
    },
  )

  const size = 32_000
  const repeat = (part: string) => part.repeat(Math.floor(size / part.length))
  test.each([
    ['open brackets', `a: ${repeat('[')}`],
    ['open braces', `a: ${repeat('{')}`],
    ['open brackets with closing ones in quotes', `a: ${repeat('["]",')}`],
    ['list items in one line', repeat('- ')],
    ['list items without space', repeat('-\t')],
    ['explicit keys in one line', repeat('? ')],
    ['keys in one line', `a${repeat(': a')}`],
    ['keys in one flow', `a: [${repeat('a: ')}]`],
    ['explicit keys in one flow', `a: [${repeat('? ')}]`],
    ['pairs in braces', `a: ${repeat('{a: ')}`],
    ['growing indentation', Array.from({ length: 240 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
    ['growing lists', Array.from({ length: 240 }, (_, depth) => `${' '.repeat(depth)}-`).join('\n')],
    ['empty keys', repeat(':\n')],
    ['the same key', repeat('a:\n')],
    ['anchors', `a: [${repeat('&a x,')}]`],
    ['aliases', `a: &x 1\nb: [${repeat('*x,')}]`],
    ['tags', `a: ${repeat('!a ')}`],
    ['closing brackets', repeat(']')],
    ['commas', `a: [${repeat(',')}`],
    ['tabs', repeat('\t:\n')],
    ['blank lines in a quoted value, unclosed', `a: "${repeat('\n')}`],
    ['backslashes', `a: "${repeat('\\')}`],
  ])('refuses a flood of %s in bounded time', (_what, text) => {
    const start = performance.now()
    problemOf(text)
    expect(performance.now() - start).toBeLessThan(2_000)
  })

  test.each([
    ['different keys', Array.from({ length: 4_500 }, (_, n) => `k${n}:`).join('\n')],
    ['different keys in braces', `a: {${Array.from({ length: 4_500 }, (_, n) => `k${n}`).join(',')}}`],
    ['comments', `a: [b]\n${repeat('#\n')}`],
    ['spaces', `a: [${repeat(' ')}b]`],
    ['blank lines in a quoted value', `a: "${repeat('\n')} "`],
    ['continuation lines', `a: b${repeat('\n c')}`],
    ['blank lines in a block scalar', `a: >\n${repeat(' \n')}`],
    ['items', `a:\n${repeat('- x\n')}`],
  ])('reads a flood of %s in bounded time', (_what, text) => {
    const start = performance.now()
    parseYamlMapping(text)
    expect(performance.now() - start).toBeLessThan(2_000)
  })

  test('answers or refuses, whatever the text', () => {
    const token = fc.constantFrom(
      ...'-?:,[]{}#&*!|>\'"%@` \n\t\\ax0~.',
      ': ',
      '\n  ',
      '- ',
      '---\n',
      '\n\n',
      'a: ',
    )
    fc.assert(
      fc.property(fc.array(token, { maxLength: 60 }), (tokens) => {
        try {
          parseYamlMapping(tokens.join(''))
        } catch (error) {
          expect(error).toBeInstanceOf(YamlProblem)
        }
      }),
      { numRuns: 1_000 },
    )
  })
})
