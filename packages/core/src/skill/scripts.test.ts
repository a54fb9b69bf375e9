import { chmodSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryDirectory, temporarySkill } from './fixtures/temporary.js'
import { loadSkill } from './load.js'
import { findScripts } from './scripts.js'

const text = '---\nname: my-skill\ndescription: d\n---\n'

function runnable(path: string, code: string): boolean | undefined {
  return findScripts(temporaryDirectory({ [path]: code }), [path])[0]?.runnable
}

describe('findScripts()', () => {
  test('knows languages by extension, and without one by shebang', () => {
    const files = {
      'a.py': '',
      'b.js': '',
      'b.mjs': '',
      'b.cjs': '',
      'b.ts': '',
      'c.sh': '',
      'c.bash': '',
      'types.d.ts': '',
      'data.json': '',
      LICENSE: 'text',
      '.hidden': '#!/bin/sh',
      'run-python': '#!/usr/bin/env python3\n',
      'run-uv': '#!/usr/bin/env -S uv run --script\n',
      'run-node': '#!/usr/bin/node\n',
      'run-bash': '#! /bin/bash -e\n',
      'run-perl': '#!/usr/bin/perl\n',
    }
    const scripts = findScripts(temporaryDirectory(files), Object.keys(files))
    expect(Object.fromEntries(scripts.map(({ path, language }) => [path, language]))).toEqual({
      'a.py': 'python',
      'b.js': 'node',
      'b.mjs': 'node',
      'b.cjs': 'node',
      'b.ts': 'node',
      'c.sh': 'shell',
      'c.bash': 'shell',
      'run-python': 'python',
      'run-uv': 'python',
      'run-node': 'node',
      'run-bash': 'shell',
    })
  })

  test.each([
    ['a.py', '#!/usr/bin/env python3\n'],
    ['a.py', 'def main():\n    pass\n\nif __name__ == "__main__":\n    main()\n'],
    ['a.py', "if '__main__' == __name__: main()"],
    ['a.py', 'import argparse\ndef main():\n  p = argparse.ArgumentParser()\n'],
    ['a.py', 'import sys\nx = sys.argv[1]\n'],
    ['a.py', 'import json\nprint(json.dumps({}))\n'],
    ['a.py', 'for x in range(3):\n    pass\n'],
    ['a.py', 'import json\ntry:\n    import orjson\n    run()\nexcept ImportError:\n    pass\n'],
    ['a.js', 'const x = process.argv[2]\n'],
    ['a.cjs', 'if (require.main === module) main()\n'],
    ['a.mjs', 'await main()\n'],
    ['a.mjs', '(async () => {})()\n'],
    ['a.ts', 'main()\n'],
    ['a.sh', '#!/bin/bash\necho'],
    ['a.sh', 'set -e\nname=$1\necho "$name"\n'],
    ['__main__.py', 'print(1)\n'],
    ['scripts/main.py', 'x = 1\n'],
  ])('calls %s runnable: %j', (path, code) => {
    expect(runnable(path, code)).toBe(true)
  })

  test.each([
    ['lib.py', 'import os\nX = 1\ndef f():\n    print(1)\nclass A:\n    pass\n'],
    ['lib.py', '"""\nUsage:\nprint(1)\n"""\nX = 1\n'],
    ['lib.py', 'import sys\nsys.path.insert(0, ".")\nlogging.basicConfig()\n'],
    ['lib.py', 'try:\n    import orjson\nexcept ImportError:\n    print("slow")\ndef f():\n    g()\n'],
    ['lib.py', ''],
    ['__init__.py', 'print(1)'],
    ['tests/run.py', '#!/usr/bin/env python3\n'],
    ['test_a.py', 'main()\n'],
    ['a_test.py', 'main()\n'],
    ['conftest.py', 'main()\n'],
    ['setup.py', 'setup()\n'],
    ['lib.js', 'const a = 1\nmodule.exports = { a }\nfunction f() {\n  g()\n}\n'],
    ['lib.mjs', 'export const a = 1\nexport function f() {}\n'],
    ['a.test.ts', 'main()\n'],
    ['vite.config.ts', 'main()\n'],
    ['lib.sh', 'set -e\nNAME=x\ngreet() {\n  echo hi\n}\n'],
  ])('does not call %s runnable: %j', (path, code) => {
    expect(runnable(path, code)).toBe(false)
  })

  test('puts the declared entry point first, runnable whatever it holds', () => {
    const front = text.replace('---\n', '---\nentry_point: tests/lib\nlanguage: python\n')
    const directory = temporarySkill('my-skill', front, { 'a.py': 'print(1)', 'tests/lib': 'X = 1' })
    const scripts = loadSkill(directory, 'host').skill?.scripts.map((script) => ({ ...script }))
    expect(scripts).toEqual([
      { path: 'tests/lib', language: 'python', runnable: true },
      { path: 'a.py', language: 'python', runnable: true },
    ])
  })

  test('does not list an entry point that is a link out of the skill', () => {
    const front = text.replace('---\n', '---\nentry_point: a.py\n')
    const directory = temporarySkill('my-skill', front)
    symlinkSync('/usr/bin/env', join(directory, 'a.py'))
    const { skill, diagnostics } = loadSkill(directory, 'host')
    expect({ runtime: skill?.runtime, scripts: skill?.scripts }).toEqual({ runtime: {}, scripts: [] })
    expect(diagnostics.map(({ code }) => code)).toEqual(['entry-point-invalid', 'resource-not-listed'])
  })

  test('does not read code before someone asks whether it is runnable', () => {
    const directory = temporarySkill('my-skill', text, { 'a.py': 'X = 1' })
    const { skill } = loadSkill(directory, 'host')
    expect(skill?.scripts.map(({ path }) => path)).toEqual(['a.py'])
    chmodSync(join(directory, 'a.py'), 0o644)
    symlinkSync('nowhere', join(directory, 'b.py'))
    expect(skill?.scripts[0]?.runnable).toBe(false)
  })

  test.each([
    ['a.py', 'if '.repeat(90_000)],
    ['a.py', `if${'\n'.repeat(200_000)}`],
    ['a.py', '\'\'\'"""'.repeat(40_000)],
    ['a.js', 'a.'.repeat(130_000)],
    ['a.js', `(${' '.repeat(200_000)}`],
    ['a.sh', `${'a'.repeat(100_000)}${' '.repeat(100_000)}`],
    ['a.sh', `f() {\n${'}'.repeat(100_000)} `],
    ['a', `#!${' '.repeat(200_000)}`],
  ])('judges a hostile %s in bounded time', (path, code) => {
    const start = performance.now()
    runnable(path, code)
    expect(performance.now() - start).toBeLessThan(1_000)
  })
})
