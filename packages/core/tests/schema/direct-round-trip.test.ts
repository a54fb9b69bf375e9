import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SkillLiteError } from '../../src/errors.js'
import { buildInvocation } from '../../src/tools/build-invocation.js'
import { validateArguments } from '../../src/tools/validate-arguments.js'
import { hostileText } from './generated-parser.js'
import { compact, inferText } from './infer-text.js'

/** Runs a script with each command line; what it printed. */
function runAll(code: string, lines: readonly (readonly string[])[]): unknown[] {
  const runner = fileURLToPath(new URL('./scripts-run.py', import.meta.url))
  const input = lines.map((argv) => `${JSON.stringify({ code, argv })}\n`).join('')
  const output = execFileSync('python3', [runner], { input, encoding: 'utf8' })
  return output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
}

const text = hostileText
const texts = fc.array(hostileText, { maxLength: 3 })
const whole = fc.integer({ min: -1_000, max: 1_000 })
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })

const scripts = [
  {
    name: 'sys.argv by index',
    code: `
import json, sys
first = sys.argv[1]
second = int(sys.argv[2])
third = sys.argv[3] if len(sys.argv) > 3 else 'none'
print(json.dumps({'first': first, 'second': second, 'third': third}))
`,
    schema: ['first!: string', 'second!: integer', 'third: string = "none"'],
    values: fc.record({ first: text, second: whole, third: optional(text) }),
    fallbacks: { third: 'none' },
    // Every word is a value here.
    mostRefused: 0,
  },
  {
    name: 'a loop over flags',
    code: `
import json, sys
out, limit, force, files = 'o', 1, False, []
args = sys.argv[1:]
i = 0
while i < len(args):
    arg = args[i]
    if arg in ('-o', '--out'):
        out = args[i + 1]
        i += 1
    elif arg == '--limit':
        limit = int(args[i + 1])
        i += 1
    elif arg == '--force':
        force = True
    elif arg.startswith('-') and arg != '-':
        sys.exit('unknown flag ' + arg)
    else:
        files.append(arg)
    i += 1
print(json.dumps({'out': out, 'limit': limit, 'force': force, 'files': files}))
`,
    schema: ['out: string = "o"', 'limit: integer = 1', 'force: boolean = false', 'files: string[]'],
    values: fc.record({
      out: optional(text),
      limit: optional(whole),
      force: optional(fc.boolean()),
      files: texts,
    }),
    fallbacks: { out: 'o', limit: 1, force: false },
    mostRefused: 0.7,
  },
  {
    name: 'getopt',
    code: `
import getopt, json, sys
out, count, verbose = 'o', 1, False
opts, files = getopt.getopt(sys.argv[1:], 'o:n:v', ['out=', 'count=', 'verbose'])
for name, value in opts:
    if name in ('-o', '--out'):
        out = value
    elif name in ('-n', '--count'):
        count = int(value)
    elif name in ('-v', '--verbose'):
        verbose = True
print(json.dumps({'out': out, 'count': count, 'verbose': verbose, 'files': [file for file in files]}))
`,
    schema: ['out: string = "o"', 'count: integer = 1', 'verbose: boolean = false', 'files: string[]'],
    values: fc.record({
      out: optional(text),
      count: optional(whole),
      verbose: optional(fc.boolean()),
      files: texts,
    }),
    fallbacks: { out: 'o', count: 1, verbose: false },
    mostRefused: 0.3,
  },
  {
    name: 'optparse',
    code: `
import json
from optparse import OptionParser
parser = OptionParser()
parser.add_option('-o', '--out', default='o')
parser.add_option('-n', '--count', type='int', default=1)
parser.add_option('-v', '--verbose', action='store_true', default=False)
options, args = parser.parse_args()
print(json.dumps({'out': options.out, 'count': options.count, 'verbose': options.verbose, 'args': args}))
`,
    schema: ['args: string[]', 'out: string = "o"', 'count: integer = 1', 'verbose: boolean = false'],
    values: fc.record({
      out: optional(text),
      count: optional(whole),
      verbose: optional(fc.boolean()),
      args: texts,
    }),
    fallbacks: { out: 'o', count: 1, verbose: false },
    mostRefused: 0.3,
  },
] as const

test.each(scripts)('$name gets what was meant', async ({ code, schema, values, fallbacks, mostRefused }) => {
  const inferred = await inferText(code)
  expect(compact(inferred)).toEqual(schema)
  const lines: (readonly string[])[] = []
  const expected: unknown[] = []
  let refused = 0
  for (const args of fc.sample<Record<string, unknown>>(values, { numRuns: 400, seed: 7 })) {
    const given = Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined))
    const { args: valid } = await validateArguments(
      { name: 'script', inputSchema: inferred.inputSchema },
      given,
    )
    try {
      lines.push(buildInvocation(inferred.argvPlan, valid).argv)
      expected.push({ values: { ...fallbacks, ...given } })
    } catch (error) {
      if (!SkillLiteError.is(error)) throw error
      refused++
    }
  }
  expect(runAll(code, lines)).toEqual(expected)
  expect(refused / 400).toBeLessThanOrEqual(mostRefused)
})
