import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { settleProblems } from './argument-problem.js'
import { compileSchema } from './compile-schema.js'
import { compileFully } from './full-validator.js'
import { plainSchemaCheck } from './plain-schema.js'

const scalar = fc.oneof(
  fc.constantFrom('add', 'sub', '', 'é𝒳', '10'),
  fc.integer({ min: -3, max: 12 }),
  fc.constantFrom(1.5, -0.5, 1e21),
  fc.boolean(),
  fc.constant(null),
)
const names = fc.constantFrom('a', 'b', 'c', '0', 'x~y/z', 'über')
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(names, tie('value'), { maxKeys: 3 }),
  ),
}))
const typeName = fc.constantFrom('string', 'number', 'integer', 'boolean', 'null', 'array', 'object')
const small = fc.integer({ min: 0, max: 5 })
const { schema } = fc.letrec<{ schema: object }>((tie) => ({
  schema: fc.record(
    {
      type: fc.oneof(typeName, fc.uniqueArray(typeName, { minLength: 1, maxLength: 3 })),
      enum: fc.uniqueArray(scalar, { minLength: 1, maxLength: 4 }),
      const: scalar,
      minimum: fc.integer({ min: -3, max: 5 }),
      maximum: fc.integer({ min: -3, max: 5 }),
      exclusiveMinimum: fc.constantFrom(0, 1.5),
      exclusiveMaximum: fc.constantFrom(0, 1.5),
      minLength: small,
      maxLength: small,
      pattern: fc.constantFrom('^a', 'd', '\\p{L}', '/"'),
      minItems: small,
      maxItems: small,
      description: fc.constant('text'),
      default: value,
      items: fc.oneof({ depthSize: 'small' }, fc.constant(true), tie('schema')),
      properties: fc.dictionary(names, fc.oneof({ depthSize: 'small' }, fc.constant(true), tie('schema')), {
        maxKeys: 3,
      }),
      required: fc.uniqueArray(names, { maxLength: 2 }),
      additionalProperties: fc.oneof({ depthSize: 'small' }, fc.boolean(), tie('schema')),
    },
    { requiredKeys: [] },
  ),
}))
const root = schema.map((any) => ({ ...any, type: 'object' }))

describe('the plain check', () => {
  test('agrees with the full validator on every plain schema, in problems and in defaults', () => {
    fc.assert(
      fc.property(root, fc.dictionary(names, value, { maxKeys: 4 }), (schema, args) => {
        const plain = plainSchemaCheck(schema)
        const full = compileFully(schema)
        if (plain === undefined || full.kind === 'invalid') throw new Error(JSON.stringify({ plain, full }))
        const [plainArgs, fullArgs] = [structuredClone(args), structuredClone(args)]
        expect(settleProblems(plain(plainArgs))).toEqual(settleProblems(full.check(fullArgs)))
        expect(plainArgs).toEqual(fullArgs)
      }),
      { numRuns: 200 },
    )
  }, 30_000)

  test.each([
    [{ type: 'object', properties: { a: { pattern: '(' } } }],
    [{ type: 'object', properties: { a: { format: 'date' } } }],
    [{ type: 'object', $schema: 'https://example.org/own' }],
    [{ type: 'object', properties: { toString: { default: 1 } } }],
    [{ type: 'object', properties: { a: { minimum: '1' } } }],
    [{ type: 'object', allOf: [] }],
    [{ type: 'object', properties: { a: false } }],
  ])('leaves %j to the full validator', (schema) => {
    expect(plainSchemaCheck(schema)).toBeUndefined()
  })
})

describe('compileSchema()', () => {
  test.each([
    [{ type: 'array' }, 'arguments are always an "object"'],
    [{ type: 'object', properties: { a: { type: 'strng' } } }, '/properties/a/type'],
    [{ type: 'object', properties: { a: { $ref: 'https://evil.example/x' } } }, 'evil.example'],
    [{ type: 'object', properties: JSON.parse('{"__proto__":{"default":1}}') as object }, '__proto__'],
    [{ type: 'object', properties: { a: { enum: ['x'.repeat(300_000)] } } }, '256 KiB'],
    [{ type: 'object', properties: { a: { pattern: '(' } } }, 'regular expression'],
  ])('refuses %o', async (schema, problem) => {
    expect(await compileSchema(schema)).toEqual({
      kind: 'invalid',
      problem: expect.stringContaining(problem),
    })
  })

  test('refuses a schema nested too deeply', async () => {
    let inner: Record<string, unknown> = { type: 'string' }
    for (let i = 0; i < 60; i++) inner = { type: 'object', properties: { a: inner } }
    expect(await compileSchema(inner)).toMatchObject({ problem: expect.stringContaining('deeper') })
  })

  test.each([
    ['a pattern that backtracks without end', { pattern: '^(a+)+$' }, `${'a'.repeat(60)}!`],
    ['a reference that doubles at each level', doubling(), nested(60)],
  ])('stops %s', async (_name, member, argument) => {
    const { $defs, ...rest } = member as { $defs?: object }
    const compiled = await compileSchema({ type: 'object', $defs: $defs ?? {}, properties: { a: rest } })
    if (compiled.kind === 'invalid') throw new Error(compiled.problem)
    const started = performance.now()
    const problems = compiled.check({ a: argument })
    expect(problems).toEqual([
      { path: [], fault: { kind: 'other', text: expect.stringContaining('too long') } },
    ])
    expect(performance.now() - started).toBeLessThan(5_000)
  })

  test('ends at once for a reference to itself', async () => {
    const compiled = await compileSchema({ type: 'object', allOf: [{ $ref: '#' }] })
    const problems = compiled.kind === 'ok' ? compiled.check({}) : [compiled.problem]
    expect(problems).toHaveLength(1)
  })
})

/** Two equal ways at each level, so that a list nested n deep is looked at 2^n times. */
function doubling(): object {
  const branch = { type: 'array', items: { allOf: [{ $ref: '#/$defs/t' }, { $ref: '#/$defs/t' }] } }
  return { $ref: '#/$defs/t', $defs: { t: branch } }
}

function nested(depth: number): unknown {
  let list: unknown[] = []
  for (let i = 0; i < depth; i++) list = [list]
  return list
}
