import fc from 'fast-check'

/** One argument of a generated parser: its line of Python, and values that a model may give it. */
export interface GeneratedArgument {
  readonly name: string
  /** What stands between the parentheses of `add_argument`. */
  readonly python: string
  readonly positional: boolean
  /** Whether a positional can be left out. */
  readonly optional: boolean
  /** What the script sees where nothing is given. */
  readonly fallback: unknown
  readonly value: fc.Arbitrary<unknown>
}

/** Values that an argument parser could take for something else. */
export const hostileText = fc.oneof(
  fc.constantFrom(
    '-',
    '--',
    '-x',
    '--delete-all',
    '--opt0=evil',
    '-5',
    '-.5',
    '-5x',
    '',
    ' ',
    'a b',
    '-a b',
    '=',
    '@file',
  ),
  fc.constantFrom(
    '--opt0',
    '-o',
    "'; rm -rf /",
    '$(id)',
    '\n',
    'é🙂',
    '--no-opt1',
    'sub0',
    '\\',
    '"',
    '-1e5',
    '--opt0 x',
  ),
  fc.string({ maxLength: 8 }).filter((text) => !text.includes('\0') && !/\p{Surrogate}/u.test(text)),
)

const whole = fc.integer({ min: -1_000_000, max: 1_000_000 })
const real = fc.oneof(
  whole,
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }).map((value) => value + 0),
)
const choices = ['red', 'green', 'deep blue']
const pythonList = (values: readonly string[]): string =>
  `[${values.map((value) => JSON.stringify(value)).join(', ')}]`

type Template = (name: string) => Omit<GeneratedArgument, 'name' | 'positional'>

const scalar =
  (more: string, fallback: unknown, value: fc.Arbitrary<unknown>): Template =>
  (name) => ({
    ...{ python: `'--${name}'${more}`, optional: true, fallback, value },
  })

const flags: readonly Template[] = [
  scalar('', null, hostileText),
  scalar(", default='d'", 'd', hostileText),
  scalar(', type=int, default=7', 7, whole),
  scalar(', type=float', null, real),
  scalar(`, choices=${pythonList(choices)}`, null, fc.constantFrom(...choices)),
  scalar(", action='store_true'", false, fc.boolean()),
  scalar(", action='store_false'", true, fc.boolean()),
  scalar(', action=argparse.BooleanOptionalAction, default=True', true, fc.boolean()),
  scalar(", action='count', default=0", 0, fc.integer({ min: 0, max: 4 })),
  scalar(", action='append'", null, fc.array(hostileText, { minLength: 1, maxLength: 3 })),
  scalar(", nargs='+'", null, fc.array(hostileText, { minLength: 1, maxLength: 3 })),
  scalar(", nargs='*', type=int", null, fc.array(whole, { minLength: 1, maxLength: 3 })),
  scalar(', nargs=2', null, fc.array(hostileText, { minLength: 2, maxLength: 2 })),
  scalar(", nargs='?', const='c'", null, hostileText),
  (name) => ({
    python: `'-${name.charAt(0)}${name.slice(-1)}', dest='${name}'`,
    optional: true,
    fallback: null,
    value: hostileText,
  }),
]

const words: readonly Template[] = [
  (name) => ({ python: `'${name}'`, optional: false, fallback: null, value: hostileText }),
  (name) => ({ python: `'${name}', type=int`, optional: false, fallback: null, value: whole }),
  (name) => ({
    python: `'${name}', choices=${pythonList(choices)}`,
    optional: false,
    fallback: null,
    value: fc.constantFrom(...choices),
  }),
]

const last: readonly Template[] = [
  ...words,
  (name) => ({
    python: `'${name}', nargs='?', default='d'`,
    optional: true,
    fallback: 'd',
    value: hostileText,
  }),
  (name) => ({
    python: `'${name}', nargs='*'`,
    optional: true,
    fallback: [],
    value: fc.array(hostileText, { minLength: 1, maxLength: 3 }),
  }),
  (name) => ({
    python: `'${name}', nargs='+'`,
    optional: false,
    fallback: null,
    value: fc.array(hostileText, { minLength: 1, maxLength: 3 }),
  }),
]

function named(
  prefix: string,
  templates: readonly Template[],
  max: number,
): fc.Arbitrary<GeneratedArgument[]> {
  const one = fc.constantFrom(...templates)
  return fc.array(one, { maxLength: max }).map((all) =>
    all.map((template, index) => ({
      name: `${prefix}${index}`,
      positional: false,
      ...template(`${prefix}${index}`),
    })),
  )
}

const asPositional = (argument: GeneratedArgument): GeneratedArgument => ({ ...argument, positional: true })

/** The arguments of one parser: flags in any order, then positionals. */
export function generatedLevel(prefix: string): fc.Arbitrary<GeneratedArgument[]> {
  return fc
    .tuple(named(`${prefix}opt`, flags, 5), named(`${prefix}pos`, words, 2), named(`${prefix}end`, last, 1))
    .map(([options, positionals, end]) => [...options, ...[...positionals, ...end].map(asPositional)])
}

/** Values for arguments: some of those that can be left out are. */
export function generatedValues(level: readonly GeneratedArgument[]): fc.Arbitrary<Record<string, unknown>> {
  const entries = level.map(
    ({ name, value, optional }) => [name, optional ? fc.option(value, { nil: undefined }) : value] as const,
  )
  return fc
    .record(Object.fromEntries(entries))
    .map((values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)))
}
