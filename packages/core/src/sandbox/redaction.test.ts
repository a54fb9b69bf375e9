import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { SkillLiteError } from '../errors.js'
import { redactionOf } from './redaction.js'
import type { CompletedRun } from './run-result.js'

const root = mkdtempSync(path.join(tmpdir(), 'redaction-'))
afterAll(() => rmSync(root, { recursive: true }))

/** What a listener hears of a text that comes in these pieces. */
function heard(environment: Record<string, string>, pieces: readonly string[]): string {
  const chunks: Uint8Array[] = []
  const redaction = redactionOf(environment)
  const onStdout = (chunk: Uint8Array) => chunks.push(Buffer.from(chunk))
  const { streams, end } = redaction?.streams({ stdin: '', onStdout }) ?? {
    streams: { stdin: '', onStdout },
    end() {},
  }
  for (const piece of pieces) streams.onStdout?.(Buffer.from(piece))
  end()
  return Buffer.concat(chunks).toString()
}

const value = 'p"ä/ss word+1'

describe('redactionOf()', () => {
  test.each([
    ['as it is', value],
    ['in JSON', JSON.stringify(value).slice(1, -1)],
    ['in ASCII JSON', 'p\\"\\u00e4/ss word+1'],
    ['in a URL', encodeURIComponent(value)],
    ['in a form', encodeURIComponent(value).replaceAll('%20', '+')],
    ['in Base64', Buffer.from(value).toString('base64')],
    ['in hexadecimal', Buffer.from(value).toString('hex')],
    ['in JSON with escaped slashes', JSON.stringify(value).slice(1, -1).replaceAll('/', '\\/')],
    ['in ASCII JSON with escaped slashes', 'p\\"\\u00e4\\/ss word+1'],
    ['in a URL in lower case', 'p%22%c3%a4%2fss%20word%2b1'],
    ['in a path', 'p%22%C3%A4/ss%20word%2B1'],
    ['in a path in lower case', 'p%22%c3%a4/ss%20word%2b1'],
    ['in a form in lower case', 'p%22%c3%a4%2fss+word%2b1'],
    ['in hexadecimal in upper case', Buffer.from(value).toString('hex').toUpperCase()],
  ])('replaces a value %s', (_, form) => {
    expect(redactionOf({ TOKEN: value })?.text(`<${form}>${form}.`)).toBe('<[TOKEN]>[TOKEN].')
    expect(heard({ TOKEN: value }, [`<${form}>${form}.`])).toBe('<[TOKEN]>[TOKEN].')
  })

  test('replaces a value with signs that only some programs escape in a URL', () => {
    const text = redactionOf({ TOKEN: "it's(a)*!" })?.text(
      "it's(a)*! it%27s%28a%29%2A%21 it%27s%28a%29%2a%21",
    )
    expect(text).toBe('[TOKEN] [TOKEN] [TOKEN]')
  })

  test.each(['base64', 'base64url'] as const)(
    'replaces a value wherever it stands in a text in %s',
    (alphabet) => {
      for (const secret of ['s3cr3t', 's3cr3t-', 's3cr3t-1', '\u{1f511}??>>~~']) {
        const redaction = redactionOf({ TOKEN: secret })
        for (const before of ['', 'u', 'u:', 'us:', 'user:']) {
          for (const after of ['', '\n', ', ', ' \u{e4} and more']) {
            const encoded = Buffer.from(`${before}${secret}${after}`).toString(alphabet)
            const redacted = redaction?.text(encoded) ?? ''
            expect(redacted, `${before}|${after}`).toContain('[TOKEN]')
            expect(heard({ TOKEN: secret }, [encoded.slice(0, 7), encoded.slice(7)])).toBe(redacted)
            // Of the value no whole byte is left, only bits in the characters beside the name.
            const rest = redacted.split('[TOKEN]').map((part) => part.replace(/=+$/, '').length)
            const around = [Buffer.byteLength(before), Buffer.byteLength(after)].map((size) =>
              Math.ceil((size * 4) / 3),
            )
            expect(rest[0]).toBeLessThanOrEqual((around[0] ?? 0) + 1)
            expect(rest[1]).toBeLessThanOrEqual((around[1] ?? 0) + 1)
          }
        }
      }
      const other = Buffer.from('user:another').toString(alphabet)
      expect(redactionOf({ TOKEN: 's3cr3t' })?.text(other)).toBe(other)
    },
  )

  test('takes a value with half of a surrogate pair', () => {
    const half = 'secret\ud800'
    expect(redactionOf({ TOKEN: half })?.text(`${half} secret%EF%BF%BD`)).toBe('[TOKEN] [TOKEN]')
  })

  test('leaves what is shorter than six characters, and all else', () => {
    expect(redactionOf({ MODE: '12345' })).toBeUndefined()
    expect(redactionOf({ MODE: '123456', SHORT: 'a' })?.text('a 12345 123456')).toBe('a 12345 [MODE]')
  })

  test('replaces the longer of two values of which one is a part of the other', () => {
    const both = { PART: 'abcdef', WHOLE: 'abcdefghi' }
    expect(redactionOf(both)?.text('abcdef abcdefghi')).toBe('[PART] [WHOLE]')
    expect(heard(both, ['abcdef', ' abcdef', 'ghi abcdefgh'])).toBe('[PART] [WHOLE] [PART]gh')
  })

  test('hears the same whatever the pieces in which a text comes', () => {
    const secrets = { A: 'aabaab', B: 'abaaba-long', C: 'bbbbbb' }
    const letters = fc.string({
      unit: fc.constantFrom('a', 'b', '-', 'abaaba-long', 'aabaab'),
      maxLength: 30,
    })
    fc.assert(
      fc.property(letters, fc.array(fc.nat(40), { maxLength: 8 }), (text, cuts) => {
        const places = [
          0,
          ...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b),
          text.length,
        ]
        const pieces = places.slice(1).map((place, index) => text.slice(places[index], place))
        expect(heard(secrets, pieces)).toBe(redactionOf(secrets)?.text(text))
      }),
    )
  })

  test('takes linear time for a text that is all values', () => {
    const text = 'abcdef'.repeat(170_000)
    const started = performance.now()
    expect(heard({ TOKEN: 'abcdef' }, [text]).length).toBe('[TOKEN]'.length * 170_000)
    expect(performance.now() - started).toBeLessThan(10_000)
  })

  test('reaches all that a result holds, numbers too, and gives back no file whose name is a secret', () => {
    const [named, plain] = ['s3cr3t-1.txt', 'plain.txt'].map((name) => path.join(root, name)) as [
      string,
      string,
    ]
    for (const file of [named, plain]) writeFileSync(file, '')
    const artifact = (file: string) => ({
      name: path.basename(file),
      path: file,
      bytes: 0,
      mediaType: 'text/plain',
    })
    const result = {
      stdout: '{"a": 12345678}',
      output: { 's3cr3t-1': [12345678, 's3cr3t-1', 7], __proto__: null },
      stderr: 'x s3cr3t-1',
      hint: 's3cr3t-1',
      violations: [{ kind: 'exec', what: '/bin/s3cr3t-1', count: 1, message: 's3cr3t-1' }],
      network: [{ host: 's3cr3t-1.example.org' }],
      artifacts: [artifact(named), artifact(plain)],
      leftOut: [{ path: 's3cr3t-1', reason: 'x' }],
      usage: { wallMs: 12345678 },
    } as unknown as CompletedRun
    const redacted = redactionOf({ ID: '12345678', KEY: 's3cr3t-1' })?.result(result)
    expect(redacted).toEqual({
      stdout: '{"a": [ID]}',
      output: { '[KEY]': ['[ID]', '[KEY]', 7] },
      stderr: 'x [KEY]',
      hint: '[KEY]',
      violations: [{ kind: 'exec', what: '/bin/[KEY]', count: 1, message: '[KEY]' }],
      network: [{ host: '[KEY].example.org' }],
      artifacts: [artifact(plain)],
      leftOut: [
        { path: '[KEY]', reason: 'x' },
        { path: '[KEY].txt', reason: 'its name holds the value of a secret' },
      ],
      usage: { wallMs: 12345678 },
    })
    expect([existsSync(named), existsSync(plain)]).toEqual([false, true])
  })

  test('keeps values out of errors, and leaves an error without them as it is', () => {
    const redaction = redactionOf({ KEY: 's3cr3t-1' })
    const plain = new SkillLiteError('SANDBOX_PROTOCOL', 'no report')
    const telling = new SkillLiteError('SANDBOX_PROTOCOL', 'it said s3cr3t-1', 'ask s3cr3t-1', {
      cause: 's3cr3t-1',
    })
    expect(redaction?.error(plain)).toBe(plain)
    expect(redaction?.error(telling)).toMatchObject({
      code: 'SANDBOX_PROTOCOL',
      message: 'it said [KEY]',
      hint: 'ask [KEY]',
    })
    expect(redaction?.error(telling)).not.toHaveProperty('cause')
  })
})
