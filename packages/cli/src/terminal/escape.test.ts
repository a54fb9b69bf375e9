import { describe, expect, test } from 'vitest'
import { VisibleStream, visible, visibleJson, visibleLine } from './escape.js'

describe('visible', () => {
  test.each([
    ['\u001b[2J', '\\x1b[2J'],
    ['\u001b]0;title\u0007', '\\x1b]0;title\\x07'],
    ['\u009b31m', '\\x9b31m'],
    ['a\rb', 'a\\x0db'],
    ['a\b\b', 'a\\x08\\x08'],
    ['\u202egpj.exe', '\\u202egpj.exe'],
    ['\u2066x\u2069', '\\u2066x\\u2069'],
  ])('%j is shown, not obeyed', (text, expected) => {
    expect(visible(text)).toBe(expected)
  })

  test.each(['tab\tand\nnewline', 'CRLF\r\n', '技能 мой-навык 🎉 é'])('%j stays as it is', (text) => {
    expect(visible(text)).toBe(text)
  })
})

test('visibleLine puts everything on one line', () => {
  expect(visibleLine('  a\n\n b\u001b[0m ')).toBe('a b\\x1b[0m')
})

test('visibleJson escapes what JSON alone lets through, and stays the same data', () => {
  const value = { text: 'a\u009b31m\u202eb\u007f' }
  const json = visibleJson(value)
  expect(json).toBe('{\n  "text": "a\\u009b31m\\u202eb\\u007f"\n}')
  expect(JSON.parse(json)).toEqual(value)
})

describe('VisibleStream', () => {
  test('a character split over chunks comes out whole', () => {
    const stream = new VisibleStream()
    const bytes = Buffer.from('é🎉')
    const parts = [...bytes].map((byte) => stream.write(Uint8Array.of(byte)))
    expect(parts.join('') + stream.end()).toBe('é🎉')
  })

  test('CR LF split over chunks stays a line end, a lone CR at the end is shown', () => {
    const stream = new VisibleStream()
    expect([stream.write(Buffer.from('a\r')), stream.write(Buffer.from('\nb\r')), stream.end()]).toEqual([
      'a',
      '\r\nb',
      '\\x0d',
    ])
  })

  test('an escape sequence split over chunks is shown', () => {
    const stream = new VisibleStream()
    expect(stream.write(Buffer.from('\u001b')) + stream.write(Buffer.from('[2J'))).toBe('\\x1b[2J')
  })
})
