import OpenAI from 'openai'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import { type OpenAiTool, toJsonSchema, toOpenAiTool } from './export-tools.js'
import { toZod } from './to-zod.js'

const tool = {
  name: 'resize',
  description: 'Resizes a picture.',
  inputSchema: {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    properties: {
      input: { type: 'string', pattern: '^(a+)+$' },
      width: { type: 'integer', minimum: 1, default: 100 },
      format: { type: 'string', enum: ['png', 'jpeg'] },
    },
    required: ['input'],
    additionalProperties: false,
    if: { required: ['width'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { required: ['format'] },
  },
} as const

describe('toOpenAiTool()', () => {
  test('gives what the API takes', () => {
    const { $schema: _dialect, ...parameters } = tool.inputSchema
    expect(toOpenAiTool(tool)).toEqual({
      type: 'function',
      function: { name: 'resize', description: 'Resizes a picture.', parameters },
    })
  })

  test("fits the types of OpenAI's library", () => {
    expectTypeOf<OpenAiTool>().toExtend<OpenAI.ChatCompletionTool>()
    const request: OpenAI.ChatCompletionCreateParams = {
      model: 'any',
      messages: [],
      tools: [tool].map(toOpenAiTool),
    }
    expect(request.tools).toHaveLength(1)
  })

  test("goes through OpenAI's library as it is", async () => {
    const bodies: string[] = []
    const client = new OpenAI({
      apiKey: 'none',
      fetch: async (_url, init) => {
        bodies.push(String(init?.body))
        return Response.json({ id: 'x', object: 'chat.completion', choices: [] })
      },
    })
    await client.chat.completions.create({ model: 'any', messages: [], tools: [toOpenAiTool(tool)] })
    expect(JSON.parse(bodies[0] ?? '')).toMatchObject({ tools: [toOpenAiTool(tool)] })
  })
})

test('toJsonSchema() gives a document that stands alone', () => {
  expect(toJsonSchema(tool)).toEqual({
    ...tool.inputSchema,
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'resize',
    description: 'Resizes a picture.',
  })
})

describe('toZod()', () => {
  const schema = toZod(tool, z)

  test('gives a schema of the Zod that it was given', () => {
    expectTypeOf(schema).toEqualTypeOf<z.ZodType>()
    expect(schema.parse({ input: 'a' })).toEqual({ input: 'a', width: 100 })
  })

  test.each([
    [{}],
    [{ input: 1 }],
    [{ input: 'a', width: 0 }],
    [{ input: 'a', width: 1.5 }],
    [{ input: 'a', format: 'gif' }],
    [{ input: 'a', other: 1 }],
  ])('refuses %j', (args) => {
    expect(schema.safeParse(args).success).toBe(false)
  })

  test('leaves out expressions, which could run for ever, and what Zod cannot say', () => {
    expect(schema.safeParse({ input: `${'a'.repeat(60)}!`, width: 3 }).success).toBe(true)
  })

  test.each([
    [{ type: 'object', properties: { a: { type: 'strng' } } }],
    [{ type: 'object', properties: { a: { $ref: 'https://example.org/schema' } } }],
    [{ type: 'object', properties: { a: { not: {} } }, unevaluatedProperties: false }],
  ])('takes any object where nothing else can be said: %j', (inputSchema) => {
    expect(toZod({ ...tool, inputSchema }, z).safeParse({ a: 'text' }).success).toBe(true)
  })

  test('keeps properties that are named like keywords', () => {
    const inputSchema = {
      type: 'object',
      properties: { pattern: { type: 'integer' }, not: { type: 'string' } },
      required: ['pattern'],
    }
    const named = toZod({ ...tool, inputSchema }, z)
    expect([named.safeParse({ pattern: 1 }).success, named.safeParse({}).success]).toEqual([true, false])
  })
})
