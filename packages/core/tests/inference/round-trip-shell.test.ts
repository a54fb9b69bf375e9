import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildInvocation } from '../../src/tools/build-invocation.js'
import { plainText, text } from './arbitrary-values.js'
import { infer } from './outline.js'

interface Script {
  readonly letters: readonly { readonly letter: string; readonly value: boolean }[]
  readonly places: number
}

const scripts: fc.Arbitrary<Script> = fc.record({
  letters: fc.uniqueArray(fc.record({ letter: fc.constantFrom(...'abcdefgijklmnop'), value: fc.boolean() }), {
    maxLength: 4,
    selector: ({ letter }) => letter,
  }),
  places: fc.integer({ min: 0, max: 3 }),
})

const variable = (letter: string): string => `OPTION_${letter.toUpperCase()}`
const names = ({ letters, places }: Script): string[] => [
  ...letters.map(({ letter }) => variable(letter).toLowerCase()),
  ...Array.from({ length: places }, (_, index) => `place_${index + 1}`),
]
const places = (count: number): string =>
  Array.from({ length: count }, (_, index) => `PLACE_${index + 1}="\${${index + 1}-}"`).join('\n')

const styles: Readonly<Record<string, (script: Script) => string>> = {
  getopts: ({ letters, places: count }) => `
    while getopts "${letters.map(({ letter, value }) => letter + (value ? ':' : '')).join('')}" flag; do
      case "$flag" in
      ${letters.map(({ letter, value }) => `${letter}) ${variable(letter)}=${value ? '"$OPTARG"' : 'true'} ;;`).join('\n')}
      *) exit 9 ;;
      esac
    done
    shift $((OPTIND - 1))
    ${places(count)}`,
  'a loop that shifts': ({ letters, places: count }) => `
    while [ $# -gt 0 ]; do
      case "$1" in
      ${letters.map(({ letter, value }) => (value ? `-${letter}) ${variable(letter)}="$2"; shift 2 ;;` : `-${letter}) ${variable(letter)}=true; shift ;;`)).join('\n')}
      -?*) exit 9 ;;
      *) ${Array.from({ length: count }, (_, index) => `if [ -z "\${PLACE_${index + 1}+x}" ]; then PLACE_${index + 1}="$1"; `).join('el')}${count > 0 ? 'fi; ' : ''}shift ;;
      esac
    done`,
  places: ({ places: count }) => places(count),
}

interface Case {
  readonly script: string
  readonly argv: readonly string[]
  readonly expected: readonly (readonly [name: string, value: string])[]
}

const shellQuoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`

/** What a shell sees, in one process for all cases: values by case, each ended by NUL. */
function seen(shell: string, cases: readonly Case[]): string[] {
  const source = cases
    .map(({ script, argv, expected }) => {
      const shown = expected.map(([name]) => `"\${${name}-}"`).join(' ')
      return `( OPTIND=1; set -- ${argv.map(shellQuoted).join(' ')}\n${script}\n${shown === '' ? '' : `printf '%s\\0' ${shown}`}\n)`
    })
    .join('\n')
  const { stdout, stderr } = spawnSync(shell, [], { input: source, maxBuffer: 100_000_000 })
  expect(stderr.toString()).toBe('')
  return stdout.toString().split('\0').slice(0, -1)
}

async function collect(style: (script: Script) => string, plain: boolean): Promise<Case[]> {
  const cases: Case[] = []
  await fc.assert(
    fc.asyncProperty(scripts, fc.gen(), async (script, gen) => {
      const code = style(script)
      const own =
        code.includes('OPTION_') || style !== styles.places ? script : { letters: [], places: script.places }
      const { argvPlan, inputSchema, diagnostics } = await infer('run.sh', code)
      expect(diagnostics).toEqual([])
      if (names(own).length === 0) return
      expect(Object.keys(inputSchema.properties as object).sort()).toEqual(names(own).sort())
      for (let round = 0; round < 5; round++) {
        const args: Record<string, unknown> = Object.create(null)
        for (const { letter, value } of own.letters) {
          if (gen(fc.boolean))
            args[variable(letter).toLowerCase()] = value
              ? gen(() => (plain ? plainText : text))
              : gen(fc.boolean)
        }
        for (let index = 1; index <= own.places; index++)
          args[`place_${index}`] = gen(() => (plain ? plainText : text))
        try {
          const { argv } = buildInvocation(argvPlan, args)
          const expected = Object.entries(args).map(
            ([name, value]) =>
              [name.toUpperCase(), value === true ? 'true' : value === false ? '' : String(value)] as const,
          )
          cases.push({ script: code, argv, expected })
        } catch (error) {
          if (plain || (error as { code?: string }).code !== 'ARGUMENTS_INVALID') throw error
        }
      }
    }),
    { numRuns: 60, endOnFailure: true },
  )
  return cases
}

const shells = ['/bin/dash', '/bin/bash'].filter((shell) => existsSync(shell))

describe.each(Object.entries(styles))('round trip: %s', (_, style) => {
  test.each([
    ['plain values always arrive', true],
    ['hostile values arrive, or are refused', false],
  ])('%s', async (_, plain) => {
    const cases = await collect(style, plain)
    expect(cases.length).toBeGreaterThan(plain ? 100 : 40)
    expect(shells.length).toBeGreaterThan(0)
    for (const shell of shells) {
      const values = seen(shell, cases)
      const wanted = cases.flatMap(({ argv, expected }) =>
        expected.map(([name, value]) => ({ shell, argv, name, value })),
      )
      expect(wanted.map((one, index) => ({ ...one, value: values[index] }))).toEqual(wanted)
    }
  })
})
