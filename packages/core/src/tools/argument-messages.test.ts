import { describe, expect, test } from 'vitest'
import { validateArguments } from './validate-arguments.js'

// What a model reads when it called a tool badly: each message must be enough to call again rightly.
const convert = {
  name: 'convert',
  inputSchema: {
    type: 'object',
    properties: {
      input: { type: 'string' },
      format: { type: 'string', enum: ['png', 'jpeg', 'webp'] },
      quality: { type: 'integer', minimum: 1, maximum: 100 },
      sizes: { type: 'array', items: { type: 'integer' }, maxItems: 2 },
      verbose: { type: 'boolean' },
    },
    required: ['input', 'format'],
    additionalProperties: false,
  },
}
const good = { input: 'a.svg', format: 'png' }

const cases: [form: string, args: object, message: string][] = [
  ['wrong type', { ...good, quality: 'high' }, 'quality must be an integer, got "high" (a string)'],
  ['wrong type', { ...good, quality: 1.5 }, 'quality must be an integer, got 1.5 (a number)'],
  ['wrong type', { ...good, verbose: 'yes' }, 'verbose must be a boolean, got "yes" (a string)'],
  ['wrong type', { ...good, sizes: [16, 'big'] }, 'sizes[1] must be an integer, got "big" (a string)'],
  ['wrong type', { ...good, input: null }, 'input must be a string, got null (null)'],
  ['missing required', { format: 'png' }, 'input is missing; it must be a string'],
  ['missing required', { input: 'a.svg' }, 'format is missing; it must be one of "png", "jpeg", "webp"'],
  [
    'unknown name',
    { ...good, qualty: 80 },
    'qualty is not an argument; did you mean quality? (there are input, format, quality, sizes, verbose)',
  ],
  [
    'unknown name',
    { ...good, dpi: 80 },
    'dpi is not an argument (there are input, format, quality, sizes, verbose)',
  ],
  [
    'enum miss',
    { ...good, format: 'jpg' },
    'format must be one of "png", "jpeg", "webp", got "jpg"; did you mean "jpeg"?',
  ],
  ['enum miss', { ...good, format: 'bmp' }, 'format must be one of "png", "jpeg", "webp", got "bmp"'],
  [
    'extra positional',
    { ...good, sizes: [16, 32, 64] },
    'sizes must have at most 2 items, got 3: [16,32,64]',
  ],
  [
    'extra positional',
    { ...good, args: ['a.svg', 'out.png'] },
    'args is not an argument: give each value by its name (there are input, format, quality, sizes, verbose)',
  ],
]

describe('a badly typed call', () => {
  test.each(cases)('of the form "%s": %j', async (_form, args, message) => {
    await expect(validateArguments(convert, args)).rejects.toMatchObject({
      code: 'ARGUMENTS_INVALID',
      message: `Arguments of convert: ${message}`,
      hint: 'Call again with arguments that fit the input schema of the tool.',
    })
  })

  test('with several faults lists them all', async () => {
    const args = { inptu: 'a.svg', format: 'gif', quality: 'high', sizes: '16' }
    await expect(validateArguments(convert, args)).rejects.toMatchObject({
      message: [
        'Arguments of convert: 4 problems',
        '- inptu is not an argument; did you mean input? (there are input, format, quality, sizes, verbose)',
        '- input is missing; it must be a string',
        '- format must be one of "png", "jpeg", "webp", got "gif"',
        '- quality must be an integer, got "high" (a string)',
      ].join('\n'),
    })
  })
})
