import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nearestName } from './nearest-name.js'
import { nameTools } from './tool-names.js'
import { validateArguments } from './validate-arguments.js'

const calculator = {
  name: 'calculator',
  inputSchema: {
    type: 'object',
    properties: {
      operation: { type: 'string', enum: ['add', 'subtract', 'multiply'] },
      a: { type: 'number' },
      b: { type: 'number', minimum: 0 },
      precision: { type: 'integer', default: 2 },
    },
    required: ['operation', 'a', 'b'],
    additionalProperties: false,
  },
}

describe('validateArguments()', () => {
  test('fills defaults into a copy and leaves the original alone', async () => {
    const given = Object.freeze({ operation: 'add', a: 1, b: 2 })
    expect(await validateArguments(calculator, given)).toEqual({
      args: { ...given, precision: 2 },
      coerced: [],
    })
    expect(given).toEqual({ operation: 'add', a: 1, b: 2 })
  })

  test('lists every problem with what was given, what is allowed and the nearest name', async () => {
    await expect(
      validateArguments(calculator, { operation: 'multipy', a: 'one', precison: 3 }),
    ).rejects.toMatchObject({
      code: 'ARGUMENTS_INVALID',
      message: [
        'Arguments of calculator: 4 problems',
        '- precison is not an argument; did you mean precision? (there are operation, a, b, precision)',
        '- b is missing; it must be a number',
        '- operation must be one of "add", "subtract", "multiply", got "multipy"; did you mean "multiply"?',
        '- a must be a number, got "one" (a string)',
      ].join('\n'),
    })
  })

  test('says the same through the full validator', async () => {
    const nested = { name: 'n', inputSchema: { ...calculator.inputSchema, allOf: [{}] } }
    const bad = { operation: 'multipy', a: 'one', precison: 3 }
    const messages = await Promise.all(
      [nested, { ...calculator, name: 'n' }].map((tool) =>
        validateArguments(tool, bad).catch((error: Error) => error.message),
      ),
    )
    expect(messages[0]).toBe(messages[1])
  })

  test.each([
    [{ a: Number.NaN }, 'NaN'],
    [{ a: 1n }, 'bigint'],
    [{ a: new Date(0) }, 'class'],
    [JSON.parse('{"__proto__": {"admin": true}}') as object, '__proto__'],
    [[1], 'must be an object'],
    ['text', 'must be an object'],
  ])('refuses %o', async (args, problem) => {
    await expect(validateArguments(calculator, args)).rejects.toMatchObject({
      code: 'ARGUMENTS_INVALID',
      message: expect.stringContaining(problem),
    })
  })

  test('does not take an inherited property for a required argument', async () => {
    const tool = { name: 't', inputSchema: { type: 'object', required: ['constructor'] } }
    await expect(validateArguments(tool, {})).rejects.toMatchObject({
      message: expect.stringContaining('missing'),
    })
  })

  test('places a problem inside a nested value', async () => {
    const inner = { type: 'object', properties: { n: { type: 'array', items: { type: 'integer' } } } }
    const tool = { name: 't', inputSchema: { type: 'object', properties: { o: inner } } }
    await expect(validateArguments(tool, { o: { n: [1, 'x'] } })).rejects.toMatchObject({
      message: 'Arguments of t: o.n[1] must be an integer, got "x" (a string)',
    })
  })

  test('tells what each alternative wants when none fits', async () => {
    const either = { anyOf: [{ type: 'string' }, { type: 'object', required: ['id'] }] }
    const tool = { name: 't', inputSchema: { type: 'object', properties: { v: either } } }
    await expect(validateArguments(tool, { v: 5 })).rejects.toMatchObject({
      message: 'Arguments of t: v fits none of the allowed forms: must be string, or must be object, got 5',
    })
  })
})

describe('nameTools()', () => {
  test.each([
    [[['calculator', 'scripts/main.py']], ['calculator']],
    [
      [
        ['pdf', 'scripts/fill_form.py'],
        ['pdf', 'scripts/merge.py'],
      ],
      ['pdf_fill_form', 'pdf_merge'],
    ],
    [
      [
        ['x', 'a.py'],
        ['x', 'a.js'],
      ],
      ['x_a_py', 'x_a_js'],
    ],
    [[['activate_skill', 'main.py']], [expect.stringMatching(/^activate_skill_[0-9a-f]{8}$/)]],
    [[['技能', 'main.py']], [expect.stringMatching(/^skill_[0-9a-f]{8}$/)]],
  ])('names %j', (tools, names) => {
    expect(
      nameTools(tools.map(([skill = '', script = '']) => ({ skill, script, only: tools.length === 1 }))),
    ).toEqual(names)
  })

  test('gives legal, distinct names that do not depend on later tools', () => {
    const text = fc.oneof(fc.constantFrom('a', 'a_b', 'b', 'a-b'), fc.string({ minLength: 1, maxLength: 80 }))
    const tool = fc.record({ skill: text, script: text, only: fc.constant(false) })
    const tools = fc.uniqueArray(tool, {
      maxLength: 12,
      selector: ({ skill, script }) => `${skill}\n${script}`,
    })
    fc.assert(
      fc.property(tools, (list) => {
        const names = nameTools(list)
        expect(names.every((name) => /^[a-zA-Z0-9_-]{1,64}$/.test(name))).toBe(true)
        expect(new Set(names).size).toBe(list.length)
        expect(
          nameTools([...list, { skill: 'later', script: 'z.py', only: true }]).slice(0, list.length),
        ).toEqual(names)
      }),
    )
  })
})

test.each([
  ['opration', 'operation'],
  ['fooo', 'foo'],
  ['max-items', 'maxItems'],
  ['zzz', undefined],
])('nearestName() finds for %s: %s', (given, name) => {
  expect(nearestName(given, ['operation', 'foo', 'maxItems'])).toBe(name)
})
