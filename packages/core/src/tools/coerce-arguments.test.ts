import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileFully } from '../schema/full-validator.js'
import { plainSchemaCheck } from '../schema/plain-schema.js'
import { coerceArguments } from './coerce-arguments.js'

const schema = {
  type: 'object',
  properties: {
    count: { type: 'integer' },
    ratio: { type: 'number', minimum: 0 },
    loud: { type: 'boolean' },
    files: { type: 'array', items: { type: 'string' } },
    sizes: { type: 'array', items: { type: 'integer' } },
    either: { type: ['string', 'integer'] },
    options: { type: 'object', properties: { depth: { type: 'integer' } }, required: ['depth'] },
    level: { enum: [1, 2, null] },
    name: { type: 'string' },
  },
  additionalProperties: false,
}

function coerce(given: Record<string, unknown>) {
  const check = plainSchemaCheck(schema)
  if (check === undefined) throw new Error('not a plain schema')
  const args = structuredClone(given)
  return { args, ...coerceArguments(args, check) }
}

describe('coerceArguments()', () => {
  test.each([
    [{ count: '15' }, { count: 15 }],
    [{ count: '-3' }, { count: -3 }],
    [{ ratio: '1.5e3' }, { ratio: 1500 }],
    [{ loud: 'true' }, { loud: true }],
    [{ loud: 'False' }, { loud: false }],
    [{ files: 'a.txt' }, { files: ['a.txt'] }],
    [{ files: '["a.txt", "b.txt"]' }, { files: ['a.txt', 'b.txt'] }],
    [{ sizes: 3 }, { sizes: [3] }],
    [{ sizes: '3' }, { sizes: [3] }],
    [{ sizes: '["3"]' }, { sizes: [3] }],
    [{ options: '{"depth": "2"}' }, { options: { depth: 2 } }],
    [{ level: '2' }, { level: 2 }],
    [{ level: 'null' }, { level: null }],
  ])('reads %j as %j, and says so', (given, meant) => {
    const [[argument, from] = ['', undefined]] = Object.entries(given)
    const [to] = Object.values(meant)
    expect(coerce(given)).toEqual({ args: meant, problems: [], coerced: [{ argument, from, to }] })
  })

  test('reads null as left out where the argument may be, and lets a default in', () => {
    expect(coerce({ files: null, name: null, level: null, options: { depth: 1 } })).toEqual({
      args: { level: null, options: { depth: 1 } },
      problems: [],
      coerced: [
        { argument: 'files', from: null },
        { argument: 'name', from: null },
      ],
    })
    const check = plainSchemaCheck({ type: 'object', properties: { size: { type: 'integer', default: 3 } } })
    const args = { size: null }
    expect(check && coerceArguments(args, check).coerced).toEqual([{ argument: 'size', from: null, to: 3 }])
    expect(args).toEqual({ size: 3 })
  })

  test('mends single items of a list', () => {
    expect(coerce({ sizes: [1, '2', '3'] })).toEqual({
      args: { sizes: [1, 2, 3] },
      problems: [],
      coerced: [
        { argument: 'sizes[1]', from: '2', to: 2 },
        { argument: 'sizes[2]', from: '3', to: 3 },
      ],
    })
  })

  test.each([
    { count: '1.5' },
    { count: '007' },
    { count: '9007199254740993' },
    { count: '' },
    { count: true },
    { ratio: '-1' },
    { ratio: 'NaN' },
    { ratio: '0x10' },
    { loud: 'yes' },
    { loud: 1 },
    { files: '' },
    { files: '[1]' },
    { options: { depth: null } },
    { files: [null] },
    { other: null },
    { files: { name: 'a' } },
    { sizes: 'a' },
    { options: '{"depth": "x"}' },
    { options: '{"__proto__": {"depth": 1}}' },
    { options: `${'[{"a":'.repeat(100)}1${'}]'.repeat(100)}` },
    { level: '3' },
    { name: 15 },
    { name: ['a'] },
  ])('leaves %j as it is, and wrong', (given) => {
    const { args, problems, coerced } = coerce(given)
    expect({ args, coerced }).toEqual({ args: given, coerced: [] })
    expect(problems).not.toEqual([])
  })

  test('leaves alone what fits', () => {
    expect(coerce({ either: '15', name: 'true', files: ['["a"]'] })).toMatchObject({
      problems: [],
      coerced: [],
    })
  })

  test('keeps what it mended when something else is wrong', () => {
    expect(coerce({ count: '15', loud: 'maybe' })).toEqual({
      args: { count: 15, loud: 'maybe' },
      problems: [{ path: ['loud'], fault: { kind: 'type', types: ['boolean'] } }],
      coerced: [{ argument: 'count', from: '15', to: 15 }],
    })
  })

  test('mends a long list as a whole or not at all', () => {
    const sizes = Array.from({ length: 20_000 }, (_, n) => String(n))
    expect(coerce({ sizes }).args).toEqual({ sizes: sizes.map(Number) })
    const { args, problems, coerced } = coerce({ sizes: JSON.stringify([...sizes, 'x']) })
    expect([args, problems.length, coerced]).toEqual([{ sizes: JSON.stringify([...sizes, 'x']) }, 1, []])
  })

  test('does the same through the full validator', () => {
    const full = compileFully({ ...schema, allOf: [{}] })
    if (full.kind === 'invalid') throw new Error(full.problem)
    const args = { count: '15', sizes: '3', options: '{"depth": "2"}', level: '2' }
    expect(coerceArguments(args, full.check)).toMatchObject({ problems: [] })
    expect(args).toEqual({ count: 15, sizes: [3], options: { depth: 2 }, level: 2 })
  })

  test('never changes valid arguments, and leaves nothing half mended', () => {
    const text = fc.oneof(fc.constantFrom('1', 'true', '[1]', '{"depth":1}', '["1"]', ''), fc.string())
    const value = fc.oneof(
      text,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(text, { maxLength: 3 }),
    )
    const names = fc.constantFrom(...Object.keys(schema.properties))
    fc.assert(
      fc.property(fc.dictionary(names, value, { maxKeys: 4 }), (given) => {
        const { args, problems, coerced } = coerce(given)
        const touched = new Set(coerced.map(({ argument }) => /^\w+/.exec(argument)?.[0]))
        for (const name of Object.keys(given)) {
          if (!touched.has(name)) expect(args[name]).toEqual(given[name])
        }
        expect(plainSchemaCheck(schema)?.(args)).toEqual(problems)
      }),
    )
  })
})
