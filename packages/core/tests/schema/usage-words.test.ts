import { describe, expect, test } from 'vitest'
import { usageWords } from '../../src/schema/python/usage-line.js'
import { compact, inferText } from './infer-text.js'

const shown = (text: string): string[] | undefined =>
  usageWords(text, 'scripts/tool.py')?.map(
    ({ name, flag, takesValue, optional, many, choices }) =>
      `${flag ?? name}${choices === undefined ? '' : `(${choices.join('|')})`}${takesValue === true ? '=' : ''}${many ? '...' : ''}${optional ? '?' : ''}`,
  )

describe('usageWords()', () => {
  test.each([
    ['Usage: tool.py INPUT [OUTPUT]', ['input', 'output?']],
    ['usage: python3 scripts/tool.py <in-file> <out.json>', ['in_file', 'out']],
    ['Usage:\n    python tool.py <url> [depth]\n', ['url', 'depth?']],
    ['Usage: {sys.argv[0]} FILE...', ['file...']],
    ['Usage: %s [--verbose] [--out FILE] --size N NAME', ['--verbose?', '--out=?', '--size=', 'name']],
    ['usage: tool.py (up|down) <what>  # moves it', ['(up|down)', 'what']],
    ['Usage: tool.py [files ...]', ['files...?']],
    ['This has no line of that kind.', undefined],
  ])('reads %j', (text, words) => {
    expect(shown(text)).toEqual(words)
  })
})

const indexed = 'import sys\nrun(sys.argv[1], sys.argv[2])\n'

describe('words without a name in the code', () => {
  test('are called as a comment at the head says', async () => {
    const inferred = await inferText(`#!/usr/bin/env python3\n# Usage: main.py SOURCE TARGET\n${indexed}`)
    expect(compact(inferred)).toEqual(['source!: string', 'target!: string'])
  })

  test('are called as an example of the skill says, else by their place', async () => {
    const body = 'Run it:\n\n```sh\npython main.py report.pdf <folder>\n```\n'
    const script = { path: 'main.py', language: 'python' } as const
    expect(compact(await inferText(indexed, {}, script, body))).toEqual([
      'report!: string',
      'folder!: string',
    ])
    expect(compact(await inferText(indexed))).toEqual(['arg1!: string', 'arg2!: string'])
  })
})
