import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SkillLiteError } from '../../src/errors.js'
import { buildInvocation } from '../../src/tools/build-invocation.js'
import { validateArguments } from '../../src/tools/validate-arguments.js'
import { type GeneratedArgument, generatedLevel, generatedValues } from './generated-parser.js'
import { inferText } from './infer-text.js'

const SCRIPTS = 150
const CALLS = 20

interface Script {
  readonly code: string
  readonly calls: readonly Record<string, unknown>[]
  /** What the script sees where nothing is given, by the sub-command chosen. */
  readonly fallbacks: (args: Record<string, unknown>) => Record<string, unknown>
}

const add = (parser: string, level: readonly GeneratedArgument[]): string =>
  level.map(({ python }) => `${parser}.add_argument(${python})\n`).join('')

const fallbacksOf = (level: readonly GeneratedArgument[]): Record<string, unknown> =>
  Object.fromEntries(level.map(({ name, fallback }) => [name, fallback]))

const header = 'import argparse\nparser = argparse.ArgumentParser(allow_abbrev=False)\n'

const plainScript: fc.Arbitrary<Script> = generatedLevel('').chain((level) =>
  fc.array(generatedValues(level), { minLength: CALLS, maxLength: CALLS }).map((calls) => ({
    code: header + add('parser', level),
    calls,
    fallbacks: () => fallbacksOf(level),
  })),
)

/** Flags before, then one of two sub-commands. */
const commandScript: fc.Arbitrary<Script> = fc
  .tuple(generatedLevel('top'), generatedLevel('a'), generatedLevel('b'))
  .chain(([top, a, b]) => {
    const before = top.filter(({ positional }) => !positional)
    const call = (command: string, level: readonly GeneratedArgument[]) =>
      fc
        .tuple(generatedValues(before), generatedValues(level))
        .map(([first, second]) => ({ command, ...first, ...second }))
    const calls = fc.array(fc.oneof(call('sub0', a), call('sub1', b)), { minLength: CALLS, maxLength: CALLS })
    return calls.map((all) => ({
      code: `${header}${add('parser', before)}sub = parser.add_subparsers(dest='command', required=True)\na = sub.add_parser('sub0')\n${add('a', a)}b = sub.add_parser('sub1')\n${add('b', b)}`,
      calls: all,
      fallbacks: ({ command }: Record<string, unknown>) =>
        fallbacksOf([...before, ...(command === 'sub0' ? a : b)]),
    }))
  })

/** Whether a refusal has to do with a text that argparse could not be given. */
const hasReason = (args: Record<string, unknown>): boolean =>
  Object.values(args)
    .flat()
    .some(
      (value) => (typeof value === 'string' || typeof value === 'number') && String(value).startsWith('-'),
    ) || Object.values(args).some((value) => Array.isArray(value) && value.length > 1)

test('what is built from a schema, argparse understands as it was meant', async () => {
  const scripts = fc.sample(fc.oneof(plainScript, commandScript), { numRuns: SCRIPTS, seed: 20 })
  const requests: { code: string; argv: readonly string[] }[] = []
  const expected: unknown[] = []
  let refused = 0
  for (const { code, calls, fallbacks } of scripts) {
    const { inputSchema, argvPlan, kind } = await inferText(`${code}parser.parse_args()\n`)
    expect(kind).toBe('argparse')
    for (const args of calls) {
      const { args: valid } = await validateArguments({ name: 'script', inputSchema }, args)
      try {
        requests.push({ code, argv: buildInvocation(argvPlan, valid).argv })
        expected.push({ ...fallbacks(args), ...args })
      } catch (error) {
        if (!SkillLiteError.is(error) || !hasReason(args)) throw error
        refused++
      }
    }
  }
  const input = requests.map((request) => `${JSON.stringify(request)}\n`).join('')
  const runner = fileURLToPath(new URL('./argparse-run.py', import.meta.url))
  const output = execFileSync('python3', [runner], { input, encoding: 'utf8', maxBuffer: 1 << 26 })
  const answers = output.trimEnd().split('\n')
  expect(answers).toHaveLength(requests.length)
  const wrong = answers.flatMap((answer, index) => {
    const { values, error } = JSON.parse(answer) as { values?: Record<string, unknown>; error?: string }
    const same = values !== undefined && isEqual(values, expected[index])
    return same ? [] : [{ ...requests[index], expected: expected[index], values, error }]
  })
  expect(wrong.slice(0, 3)).toEqual([])
  // Most calls must go through: refusing everything would be right, and useless.
  expect(refused / (refused + requests.length)).toBeLessThan(0.35)
})

function isEqual(seen: Record<string, unknown>, wanted: unknown): boolean {
  try {
    expect(seen).toEqual(wanted)
    return true
  } catch {
    return false
  }
}
