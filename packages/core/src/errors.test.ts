import { describe, expect, test } from 'vitest'
import { quote } from './errors.js'

describe('quote()', () => {
  test.each<[unknown, string]>([
    ['plain', '"plain"'],
    ['é 技能 🎉', '"é 技能 🎉"'],
    ['a\n\u001b[2J', '"a\\n\\u001b[2J"'],
    ['\u007f\u009b31m', '"\\u007f\\u009b31m"'],
    // Text that turns round, or that only a model reads.
    ['\u202egpj.exe', '"\\u202egpj.exe"'],
    ['\u2066x\u2069\u061c\u200f', '"\\u2066x\\u2069\\u061c\\u200f"'],
    ['a\u200bb\ufeff', '"a\\u200bb\\ufeff"'],
    ['\u{e0041}', '"\\udb40\\udc41"'],
    ['a\u2028b', '"a\\u2028b"'],
    ['\ud800', '"\\ud800"'],
    [{ name: '\u202ex' }, '{"name":"\\u202ex"}'],
    [undefined, 'undefined'],
    [12n, '12'],
  ])('shows %o as %s', (value, shown) => {
    expect(quote(value)).toBe(shown)
  })

  test('cuts between characters, and says that it cut', () => {
    expect(quote('abcdef', 4)).toBe('"ab…')
    expect(quote('ab🎉cd', 5)).toBe('"ab…')
  })

  test('shows what cannot be written as JSON', () => {
    const circular: Record<string, unknown> = {}
    circular.self = circular
    const deep = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)) as unknown
    const hostile = {
      toJSON() {
        throw new Error('no')
      },
    }
    expect([circular, deep, hostile].map((value) => quote(value))).toEqual(
      Array(3).fill('a value of type object'),
    )
  })
})
