import { describe, expect, test } from 'vitest'
import { parseRequirement } from './requirement.js'
import { scriptBlock } from './script-block.js'

describe('parseRequirement()', () => {
  test.each([
    ['pandas', 'pandas'],
    ['Pandas >= 2.0 , < 4', 'pandas<4,>=2.0'],
    ['ruamel.yaml (>=0.17)', 'ruamel-yaml>=0.17'],
    ['httpx[http2, brotli]~=0.27', 'httpx[http2,brotli]~=0.27'],
    ["tomli; python_version < '3.11'", "tomli ; python_version < '3.11'"],
    ['x==1.0.*', 'x==1.0.*'],
    ['x===1.0+local', 'x===1.0+local'],
  ])('%j is %j', (given, text) => {
    expect(parseRequirement(given)).toMatchObject({ text })
  })

  test.each([
    '',
    '--index-url=http://127.0.0.1',
    '-r other.txt',
    'x @ http://127.0.0.1/x.whl',
    'git+ssh://127.0.0.1/x',
    './x',
    '/x',
    'x --no-binary=:all:',
    'x>=1 --hash=sha256:00',
    'x\n--pre',
    'x>=1\u0000',
    'x; "`id`"',
    'x[a',
    'x>=',
  ])('%j is none', (given) => {
    expect(parseRequirement(given)).toBeTypeOf('string')
  })
})

describe('scriptBlock()', () => {
  test.each([
    ['# /// script\n# a = 1\n#\n# b = 2\n# ///\nprint()\n', 'a = 1\n\nb = 2'],
    ['#!/usr/bin/env python3\r\n# /// script\r\n# a = 1\r\n# ///\r\n', 'a = 1'],
    // The last line that can be the end is it.
    ['# /// script\n# a = """\n# ///\n# """\n# ///\n', 'a = """\n///\n"""'],
    ['# /// script\n# a = 1\n', undefined],
    ['# /// script\n#a = 1\n# ///\n', undefined],
    ['# /// other\n# a = 1\n# ///\n', undefined],
    ['# /// script\n# a = 1\n# ///\n\n# /// script\n# a = 2\n# ///\n', undefined],
    ['print("# /// script")\n', undefined],
  ])('of %j is %j', (code, toml) => {
    expect(scriptBlock(code)).toBe(toml)
  })
})
