import { describe, expect, test } from 'vitest'
import { compilePattern, findPattern } from './match-patterns.js'
import { ruleSources } from './rules.js'

const sources = ruleSources.flatMap(({ id, patterns = [] }) =>
  patterns.map((pattern) => [id, pattern] as const),
)

/** A pattern without escapes and character classes: what is left of it are groups and repetitions. */
const skeleton = (text: string) =>
  text.replace(/\\u\{[^}]*\}|\\[pP]\{[^}]*\}|\\./gu, 'x').replace(/\[\^?[^\]]*\]/g, 'x')

describe('patterns of the rules', () => {
  test.each(sources)('of %s repeat nothing without a bound', (_id, { text }) => {
    expect(skeleton(text)).not.toMatch(/[*+]|\{\d*,\}/)
  })

  test.each(sources)('of %s do not repeat what holds a repetition', (_id, { text }) => {
    // a group that holds a repetition of more than one, and is repeated itself
    expect(skeleton(text)).not.toMatch(/\([^()]*\{\d+(?:,\d+)?\}[^()]*\)\{/)
  })
})

describe('findPattern()', () => {
  const pattern = compilePattern({ text: 'key\\s{1,3}\\d', near: ['key'] })
  const find = (text: string) => findPattern(pattern, text, text.toLowerCase())

  test('finds a match far into a text, once', () => {
    expect(find(`${'x'.repeat(10_000)} Key 7 ${'x'.repeat(1_000)}`)).toEqual([
      { offset: 10_001, text: 'Key 7' },
    ])
  })

  test('finds a match behind many words that lead nowhere', () => {
    const padding = 'key '.repeat(5_000)
    expect(find(`${padding}key 1`)).toEqual([{ offset: padding.length, text: 'key 1' }])
  })
})
