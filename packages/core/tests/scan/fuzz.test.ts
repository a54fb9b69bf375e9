import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findingsOf } from '../../src/scan/scan-skill.js'

const contentOf = (path: string, bytes: Uint8Array) => ({
  files: [{ path, bytes: Buffer.from(bytes), executable: false }],
  problems: [],
})

/** Scans twice: whatever it is given, a scan ends, says the same both times, and points into the file. */
async function holds(path: string, bytes: Uint8Array): Promise<void> {
  const first = await findingsOf(contentOf(path, bytes))
  expect(await findingsOf(contentOf(path, bytes))).toEqual(first)
  const lines = Buffer.from(bytes).toString('latin1').split('\n').length
  for (const { file, line, column, message } of first) {
    expect({ file, inside: line >= 1 && line <= lines && column >= 1, named: message !== '' }).toEqual({
      file: path,
      inside: true,
      named: true,
    })
  }
}

const names = [
  'SKILL.md',
  'a.py',
  'a.js',
  'a.ts',
  'a.sh',
  'a.ps1',
  'package.json',
  'requirements.txt',
  'a',
  'a.bin',
  'a.html',
]

/** Texts put together from what the readers of a language look for. */
const pieces = (...parts: readonly string[]) =>
  fc
    .array(fc.oneof(fc.constantFrom(...parts), fc.string({ maxLength: 6 })), { maxLength: 60 })
    .map((all) => all.join(''))

const markdown = pieces(
  '```',
  '`',
  '<!--',
  '-->',
  '# ',
  '- ',
  '> ',
  '|',
  '\n',
  '\n\n',
  '---\n',
  '[a](',
  'https://',
  'curl ',
  ' | sh',
  'ignore previous instructions',
  '~/.ssh/id_rsa',
  'data:text/plain;base64,',
  '\u200b',
  '\u202e',
  '$(',
  '"',
  "'",
)
const python = pieces(
  'def f(x):\n  ',
  'return ',
  'import os',
  '\n',
  'os.system(',
  ')',
  '(',
  '[',
  ']',
  '{',
  '}',
  "'",
  '"',
  'f"{',
  '}"',
  'lambda x: ',
  'exec(',
  'base64.b64decode(',
  'for a in b:',
  ' if ',
  'class A:\n  ',
  '*',
  '**',
  '=',
  '.',
  ',',
  '[::-1]',
  "''.join(",
)
const javascript = pieces(
  'function f(a) {',
  '}',
  '{',
  '(',
  ')',
  '[',
  ']',
  '=> ',
  'const a = ',
  '`',
  '${',
  'require(',
  'eval(',
  'new Function(',
  'process.env',
  '...',
  '\n',
  ';',
  '"',
  "'",
  'class A { m() {',
  'import ',
  ' from ',
  'f(f',
  '.call(',
  '.apply(',
)
const shell = pieces(
  '$(',
  ')',
  '`',
  '"',
  "'",
  '|',
  '&&',
  '||',
  ';',
  '\n',
  '<<X\n',
  '<<<',
  '<(',
  '>',
  '>>',
  '&',
  '${',
  '}',
  '$',
  'curl ',
  'http://a.b/c',
  ' sh',
  'base64 -d',
  'echo ',
  'eval ',
  'f() {',
  '\\',
  '#',
  "$'\\x",
  'a=b ',
  'sudo ',
)

describe('a scan ends, and says the same twice', () => {
  const runs = { numRuns: 60 }

  test('on random bytes under any name', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.uint8Array({ maxLength: 2_000 }), holds),
      runs,
    )
  }, 120_000)

  test.each([
    ['Markdown', 'SKILL.md', markdown],
    ['Python', 'a.py', python],
    ['JavaScript', 'a.js', javascript],
    ['TypeScript', 'a.ts', javascript],
    ['shell', 'a.sh', shell],
    ['PowerShell', 'a.ps1', shell],
  ] as const)(
    'on hostile %s',
    async (_language, path, texts) => {
      await fc.assert(
        fc.asyncProperty(texts, (text) => holds(path, Buffer.from(text))),
        runs,
      )
    },
    120_000,
  )

  test.each([
    ['open brackets', 'a.py', '('.repeat(200_000)],
    ['sums', 'a.py', `x = ${"'a' + ".repeat(50_000)}'a'`],
    ['functions in functions', 'a.js', 'f(function(){'.repeat(20_000)],
    ['a function that calls itself', 'a.py', 'def f(x):\n    return f(f(f(x)))\nf(f(f(1)))\n'],
    ['substitutions', 'a.sh', '$('.repeat(200_000)],
    ['open braces', 'a.sh', '${'.repeat(200_000)],
    ['here documents', 'a.sh', 'cat <<X\n'.repeat(50_000)],
    ['nested JSON', 'package.json', '{"scripts":'.repeat(100_000)],
    ['fences', 'SKILL.md', '```\n'.repeat(200_000)],
    ['comments', 'SKILL.md', '<!-- '.repeat(200_000)],
    ['addresses', 'SKILL.md', 'https://'.repeat(100_000)],
    ['one word', 'SKILL.md', 'a'.repeat(2_000_000)],
    [
      'a decompression bomb',
      'a.py',
      `import zlib, base64\nexec(zlib.decompress(base64.b64decode('${bomb()}')))`,
    ],
  ] as const)(
    'on %s without end',
    async (_what, path, text) => {
      expect(await findingsOf(contentOf(path, Buffer.from(text)))).toBeInstanceOf(Array)
    },
    120_000,
  )
})

/** Base64 of compressed zeros, a thousand times their size. */
function bomb(): string {
  return deflateSync(Buffer.alloc(64 * 1024 * 1024)).toString('base64')
}
