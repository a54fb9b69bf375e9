import fc from 'fast-check'

/** Texts that a careless command line would take for something else. */
const HOSTILE = [
  ...[
    '',
    ' ',
    '-',
    '--',
    '-x',
    '-1',
    '-v',
    '--help',
    '--version',
    '--no-x',
    '--delete-all',
    '-rf',
    '--a=b',
    '-o=1',
    '=',
    '=x',
  ],
  ...[
    'a b',
    'a\tb',
    'a\nb',
    '\n',
    "it's",
    '"quoted"',
    "'single'",
    '\\',
    '\\n',
    '$HOME',
    '$(id)',
    '`id`',
    '*',
    '?',
    '[a]',
    '{a,b}',
    '~',
  ],
  ...[
    '|',
    '>',
    '<',
    ';',
    '&',
    '#x',
    '!',
    '@file',
    '%s',
    '%n',
    'true',
    'false',
    'null',
    '0',
    '1e3',
    '0x10',
    '1_000',
    'NaN',
  ],
  ...[
    'é',
    '日本語',
    '🙂',
    '\u202e',
    '\u0000',
    '\ud800',
    '__proto__',
    'constructor',
    'toString',
    'x'.repeat(3_000),
  ],
] as const

export const text = fc.oneof(
  { weight: 2, arbitrary: fc.string({ maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
  { weight: 3, arbitrary: fc.constantFrom(...HOSTILE) },
)

/** What no parser could take for anything but a value, so that it must never be refused. */
export const plainText = fc.stringMatching(/^[a-z][a-z0-9 ./]{0,8}[a-z]$/)

export const integer = fc.oneof(
  fc.integer(),
  fc.constantFrom(0, -1, 1_000_000_000_000, Number.MAX_SAFE_INTEGER),
)
export const number = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .map((value) => (Object.is(value, -0) ? 0 : value))

const RESERVED = /^(h|help|version|v|constructor|args|command|opts?|parent|name|options|no.*)$/

export const optionName = fc
  .stringMatching(/^[a-z]{2,5}(-[a-z]{2,4})?$/)
  .filter((name) => !RESERVED.test(name))
