import { fileURLToPath } from 'node:url'
import { SkillManager } from '@skilllite/core'
import { toStrictJsonSchema } from 'openai-7/lib/transform'
import { describe, expect, test } from 'vitest'
import { strictSchema } from './strict-schema.js'

const object = (properties: Record<string, unknown>, more: object = {}) => ({
  type: 'object',
  properties,
  ...more,
})

describe('strictSchema()', () => {
  test('closes objects, requires all, and lets null stand for what may be left out', () => {
    const schema = object(
      {
        name: { type: 'string', description: 'Whose.', minLength: 1, maxLength: 9 },
        size: { type: 'integer', minimum: 1, default: 3 },
        mode: { enum: ['fast', 'slow'] },
        kind: { const: 'a' },
        either: { anyOf: [{ type: 'string' }, { type: 'integer' }] },
        items: { type: 'array', minItems: 1, items: object({ x: { type: 'number' } }) },
        date: { type: 'string', format: 'date' },
        link: { type: 'string', format: 'uri' },
      },
      { $schema: 'https://json-schema.org/draft/2020-12/schema', title: 'T', required: ['name'] },
    )
    expect(strictSchema(schema)).toEqual({
      type: 'object',
      properties: {
        name: { type: 'string', description: 'Whose. (minLength: 1; maxLength: 9)' },
        size: { type: ['integer', 'null'], minimum: 1, description: '(default: 3)' },
        mode: { type: ['string', 'null'], enum: ['fast', 'slow', null] },
        kind: { type: ['string', 'null'], enum: ['a', null] },
        either: { anyOf: [{ type: 'string' }, { type: 'integer' }, { type: 'null' }] },
        items: {
          type: ['array', 'null'],
          minItems: 1,
          items: {
            type: 'object',
            properties: { x: { type: ['number', 'null'] } },
            required: ['x'],
            additionalProperties: false,
          },
        },
        date: { type: ['string', 'null'], format: 'date' },
        link: { type: ['string', 'null'], description: '(format: "uri")' },
      },
      required: ['name', 'size', 'mode', 'kind', 'either', 'items', 'date', 'link'],
      additionalProperties: false,
    })
  })

  test('keeps references', () => {
    const schema = object(
      { tree: { $ref: '#/$defs/node' } },
      { $defs: { node: object({ next: { $ref: '#/$defs/node' } }) } },
    )
    expect(strictSchema(schema)).toMatchObject({
      properties: { tree: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] } },
      $defs: { node: { required: ['next'], additionalProperties: false } },
    })
  })

  test('a tool without arguments', () => {
    expect(strictSchema({ type: 'object' })).toEqual({
      type: 'object',
      properties: {},
      required: [],
      additionalProperties: false,
    })
  })

  test.each([
    ['free names', object({}, { additionalProperties: true })],
    [
      'free names of a property',
      object({ env: { type: 'object', additionalProperties: { type: 'string' } } }),
    ],
    ['an object of which nothing is known', object({ data: { type: 'object' } })],
    ['a list of which nothing is known', object({ list: { type: 'array' } })],
    ['a tuple', object({ pair: { type: 'array', prefixItems: [{ type: 'string' }] } })],
    ['any value', object({ value: {} })],
    ['any value, as true', object({ value: true })],
    ['a condition', object({ a: { type: 'string' } }, { if: {}, else: {} })],
    ['allOf', object({ a: { type: 'string' } }, { allOf: [{ required: ['a'] }] })],
    ['patterns of names', object({}, { patternProperties: { '^x': {} } })],
    ['a required name that is not declared', object({}, { required: ['a'] })],
    ['alternatives at the top', { type: 'object', anyOf: [object({})] }],
    ['no object', { type: 'array', items: { type: 'string' } }],
    ['too many choices', object({ a: { enum: Array.from({ length: 1_001 }, (_, n) => n) } })],
  ])('leaves a schema with %s as it is', (_what, schema) => {
    expect(strictSchema(schema)).toBeUndefined()
  })

  test('an object that holds itself ends', () => {
    const schema: Record<string, unknown> = { type: 'array' }
    schema.items = schema
    expect(strictSchema(object({ schema }))).toBeUndefined()
  })

  test('the SDK has nothing to change in what comes of SkillLite’s own skills', async () => {
    const skillsDir = fileURLToPath(new URL('../../../../skills', import.meta.url))
    const { length } = (await SkillManager.load({ skillsDir })).tools().filter(({ inputSchema }) => {
      const strict = strictSchema(inputSchema)
      if (strict !== undefined) expect(toStrictJsonSchema(strict as never)).toEqual(strict)
      return strict !== undefined
    })
    expect(length).toBeGreaterThan(2)
  })
})
