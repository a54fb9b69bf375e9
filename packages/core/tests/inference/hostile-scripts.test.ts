import { describe, expect, test } from 'vitest'
import { infer } from './outline.js'

const MiB = 1_048_576

const hostile: readonly (readonly [title: string, path: string, text: string])[] = [
  ['10 MB of JavaScript', 'run.js', `const a = process.argv[2]\n${'// x\n'.repeat(2 * MiB)}`],
  ['10 MB of shell', 'run.sh', `A=$1\n${'# xy\n'.repeat(2 * MiB)}`],
  ['deep brackets', 'run.js', `${'('.repeat(50_000)}process.argv[2]${')'.repeat(50_000)}`],
  ['deep blocks', 'run.js', `${'if (process.argv[2]) {'.repeat(20_000)}${'}'.repeat(20_000)}`],
  ['deep functions', 'run.js', `${'(() => '.repeat(5_000)}process.argv[2]${')()'.repeat(5_000)}`],
  ['deep substitutions', 'run.sh', `${'$('.repeat(20_000)}echo "$1"${')'.repeat(20_000)}`],
  ['deep ifs', 'run.sh', `${'if [ -z "$1" ]; then '.repeat(5_000)}:${' ; fi'.repeat(5_000)}`],
  [
    'a long chain',
    'run.js',
    `const { program } = require('commander')\nprogram${".option('-a')".repeat(40_000)}.parse()`,
  ],
  ['a long sum', 'run.js', `const a = process.argv[2]${' + a'.repeat(60_000)}`],
  ['an endless recursion', 'run.js', `function f(x) { f(x); f(process.argv[2]); f(x) }\nf(1)`],
  ['a recursion in the shell', 'run.sh', `f() { f "$@"; f "$1"; f; }\nf "$@"`],
  [
    'exponential calls',
    'run.js',
    `${Array.from({ length: 60 }, (_, index) => `function f${index}(x) { f${index + 1}(x); f${index + 1}(x) }`).join('\n')}\nfunction f60(x) {}\nf0(process.argv[2])`,
  ],
  [
    'exponential calls in the shell',
    'run.sh',
    `${Array.from({ length: 18 }, (_, index) => `f${index}() { f${index + 1} "$1"; f${index + 1} "$1"; }`).join('\n')}\nf18() { :; }\nf0 "$1"`,
  ],
  ['growing texts', 'run.js', `let a = 'x'\n${'a = a + a\n'.repeat(200)}console.log(process.argv[2], a)`],
  [
    'growing lists',
    'run.js',
    `let a = [1]\n${'a = [...a, ...a]\n'.repeat(40)}console.log(process.argv[2], a)`,
  ],
  [
    'nested loops over lists',
    'run.js',
    `const a = [${'1,'.repeat(60)}]\n${'for (const x of a) '.repeat(12)}process.argv[2]`,
  ],
  [
    '100,000 places',
    'run.js',
    `const a = process.argv\n${Array.from({ length: 30_000 }, (_, index) => `a[${index}]`).join('\n')}`,
  ],
  ['a far place', 'run.js', 'const last = process.argv[99999999]'],
  ['a far place in the shell', 'run.sh', `A="\${99999999}"\nB="\${2}"`],
  [
    '100,000 flags',
    'run.sh',
    `while [ $# -gt 0 ]; do case "$1" in\n${Array.from({ length: 30_000 }, (_, index) => `--f${index}) A=1 ;;`).join('\n')}\nesac; shift; done`,
  ],
  [
    '100,000 options',
    'run.js',
    `const { program } = require('commander')\n${Array.from({ length: 20_000 }, (_, index) => `program.option('--o${index} <x>')`).join('\n')}\nprogram.parse()`,
  ],
  ['a syntax error', 'run.js', `const a = process.argv[2\nfunction ( {`],
  ['a syntax error in the shell', 'run.sh', `if [ "$1" ; then case (\ndone`],
  ['nothing', 'run.js', ''],
  [
    'binary',
    'run.js',
    Buffer.from(Array.from({ length: 5_000 }, (_, index) => (index * 7919) % 256)).toString('latin1'),
  ],
  [
    'binary as shell',
    'run.sh',
    Buffer.from(Array.from({ length: 5_000 }, (_, index) => (index * 7919) % 256)).toString('latin1'),
  ],
  [
    'modules that import each other',
    'run.js',
    `import './run.js'\nimport { x } from './run.js'\nx(process.argv[2])`,
  ],
  [
    'names of prototypes',
    'run.js',
    `const { __proto__: a, constructor: b } = JSON.parse(require('fs').readFileSync(0))\nconst o = {}\no.__proto__ = process.argv[2]\no.constructor.prototype.x = process.argv[3]`,
  ],
  [
    'a usage line that backtracks',
    'run.sh',
    `# usage: ${'[<a '.repeat(5_000)}\n# Usage: ${'-'.repeat(20_000)}\n# Usage: x.sh ${'a='.repeat(5_000)}`,
  ],
  ['spaces without end', 'run.sh', `# Usage:${' '.repeat(200_000)}x\necho "${' '.repeat(100_000)}"`],
]

describe('hostile scripts', () => {
  test.each(hostile)('%s: an interface and no crash', async (_, path, text) => {
    const { inputSchema, argvPlan, diagnostics } = await infer(path, text, {
      body: '`'.repeat(10_000) + path,
    })
    expect(Object.keys(inputSchema.properties as object).length).toBeLessThanOrEqual(500)
    expect(Object.hasOwn(inputSchema.properties as object, '__proto__')).toBe(false)
    expect(['raw', 'command-line', 'stdin-json']).toContain(argvPlan.kind)
    if (text.length > MiB || /error/.test(_)) expect(diagnostics.length).toBeGreaterThan(0)
  })

  test.each([
    ['run.js', `const { program } = require('commander')\n${'program.option("--x")\n'.repeat(3)}`],
    ['run.sh', 'echo hello'],
  ])('%s keeps working afterwards', async (path, text) => {
    expect((await infer(path, text)).diagnostics).toEqual([])
  })
})
