import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildInvocation } from '../../src/tools/build-invocation.js'
import { compact, inferText } from './infer-text.js'

const parser = 'import argparse\np = argparse.ArgumentParser()\n'

describe('a script that is broken, hostile or large', () => {
  test('is not read where it is too large, and can still be run', async () => {
    const { kind, diagnostics, argvPlan } = await inferText(
      `${parser}x = "${'x'.repeat(10 << 20)}"\np.parse_args()\n`,
    )
    expect({ kind, argvPlan, codes: diagnostics.map(({ code }) => code) }).toEqual({
      kind: 'fallback',
      argvPlan: { kind: 'raw' },
      codes: ['source-too-large'],
    })
  })

  test('has more arguments than a model could be shown', async () => {
    const lines = Array.from({ length: 15_000 }, (_, index) => `p.add_argument('--a${index}')\n`)
    const { kind, diagnostics } = await inferText(`${parser}${lines.join('')}p.parse_args()\n`)
    expect({ kind, codes: diagnostics.map(({ code }) => code) }).toEqual({
      kind: 'fallback',
      codes: ['arguments-not-understood'],
    })
  })

  test('makes 100,000 arguments in a loop', async () => {
    const { kind } = await inferText(
      `${parser}for i in range(1000):\n    for j in range(100):\n        p.add_argument(f'--a{i}-{j}')\np.parse_args()\n`,
    )
    expect(kind).toBe('fallback')
  })

  test('has a syntax error: what can be read is read, and it is said', async () => {
    const inferred = await inferText(
      `${parser}p.add_argument('--size', type=int)\np.parse_args()\ndef broken(:\n`,
    )
    expect(compact(inferred)).toEqual(['size: integer'])
    expect(inferred.diagnostics).toMatchObject([{ code: 'syntax-error', line: 5 }])
  })

  test('has nothing but a syntax error, and can still be run', async () => {
    const { kind, diagnostics } = await inferText('def (:\n    =\n')
    expect({ kind, codes: diagnostics.map(({ code }) => code) }).toEqual({
      kind: 'fallback',
      codes: ['syntax-error'],
    })
  })

  test.each([
    ['deep nesting', `x = ${'('.repeat(50_000)}${')'.repeat(50_000)}\n`],
    ['a long sum', `x = ${'1 + '.repeat(50_000)}1\n`],
    ['deep calls', `x = ${'f('.repeat(20_000)}${')'.repeat(20_000)}\n`],
    ['deep blocks', Array.from({ length: 500 }, (_, index) => `${' '.repeat(index)}if x:\n`).join('')],
    ['endless recursion', 'def f(n):\n    return f(n + 1) + g(n)\ndef g(n):\n    return f(n)\nf(0)\n'],
    [
      'many calls',
      `def f0():\n    pass\n${Array.from({ length: 60 }, (_, index) => `def f${index + 1}():\n    f${index}()\n    f${index}()\n`).join('')}f60()\n`,
    ],
    ['an endless loop', 'while True:\n    x = 1\n'],
    ['growing lists', `a = ['x'] * 5000\n${'a = a + a\na += a\na.extend(a)\n'.repeat(60)}`],
    [
      'growing texts',
      `a = 'x' * 20000\n${'a = a + a\na = f"{a}{a}"\na = a.replace("x", a)\na = "%s%s" % (a, a)\na = "{0}{0}".format(a)\n'.repeat(40)}`,
    ],
    ['huge ranges', 'x = [i for i in range(10 ** 12)]\ny = list(range(10 ** 9))\nz = 2 ** 10 ** 10\n'],
    [
      'nested loops',
      `${Array.from({ length: 8 }, (_, index) => `${' '.repeat(index)}for i${index} in range(900):\n`).join('')}${' '.repeat(8)}pass\n`,
    ],
    ['classes derived from each other', 'class A(B): pass\nclass B(A): pass\nA().x\nB().x()\n'],
    ['endless elif', `if a: pass\n${'elif b: pass\n'.repeat(20_000)}`],
  ])('is followed for a bounded time: %s', async (_, code) => {
    const before = await inferText(`${parser}p.add_argument('--size')\n${code}p.parse_args()\n`)
    // Either it was followed to the parser, or it was left in time with what was known so far.
    expect(['argparse', 'fallback']).toContain(before.kind)
    const after = await inferText(`${parser}p.add_argument('--size', type=int)\np.parse_args()\n`)
    expect(compact(after)).toEqual(['size: integer'])
  })

  test('imports itself, what is not there, and what is outside of the skill', async () => {
    const inferred = await inferText(
      'import main, helper, nowhere\nfrom .. import outside\nfrom ....a import b\nhelper.parser.parse_args()\n',
      {
        'helper.py':
          'import argparse, main\nparser = argparse.ArgumentParser()\nparser.add_argument("--x")\n',
      },
    )
    expect(compact(inferred)).toEqual(['x: string'])
  })

  test('has names that mean something to JavaScript', async () => {
    const names = ['constructor', 'toString', 'hasOwnProperty', 'valueOf']
    const add = names.map((name) => `p.add_argument('--${name}')\n`).join('')
    const inferred = await inferText(`${parser}${add}p.parse_args()\n`)
    expect(compact(inferred)).toEqual(names.map((name) => `${name}: string`))
    expect(buildInvocation(inferred.argvPlan, { constructor: 'x' }).argv).toEqual(['--constructor', 'x'])
    const proto = await inferText(`${parser}p.add_argument('--__proto__')\np.parse_args()\n`)
    expect(proto.kind).toBe('fallback')
    const command = await inferText(
      `${parser}p.add_subparsers(dest='x').add_parser('__proto__')\np.parse_args()\n`,
    )
    expect(compact(command)).toEqual(['x: string(__proto__)'])
  })

  test('is any text at all', async () => {
    const piece = fc.constantFrom(
      ...[
        'import argparse\n',
        'import sys, json\n',
        'p = argparse.ArgumentParser()\n',
        "p.add_argument('--a', nargs=",
        "'*')",
        '\n',
        'sys.argv[',
        '1:]',
        'for x in ',
        'sys.argv',
        ':\n    ',
        'x = ',
      ],
      ...[
        'json.load(sys.stdin)',
        '.get(',
        "'k', 1)",
        'if len(sys.argv) < ',
        '2:',
        'def f(a, *b, **c):',
        ' return ',
        'f(*x, **x)',
        'lambda: ',
        '[',
        ']',
        '(',
        ')',
        '{',
        '}',
        'class A(argparse.Action): pass\n',
      ],
      ...[
        "f'{x!r:>{x}}'",
        '%(default)s',
        'p.parse_args(',
        '@click.command()\n',
        '@click.option(',
        'match x:\n    case ',
        'with x as y: ',
        'try:\n x\nexcept: ',
        'global x\n',
        'x += ',
        '-',
        ' or ',
        ' not in ',
      ],
    )
    const code = fc
      .array(fc.oneof(piece, fc.string({ maxLength: 5 })), { maxLength: 40 })
      .map((parts) => parts.join(''))
    await fc.assert(
      fc.asyncProperty(code, async (text) => {
        const { diagnostics, inputSchema } = await inferText(text)
        expect(inputSchema.type).toBe('object')
        // A reader that fails is told of; here none may fail at all.
        expect(diagnostics.map(({ code: found }) => found)).not.toContain('arguments-not-understood')
      }),
      { numRuns: 400 },
    )
  })
})
