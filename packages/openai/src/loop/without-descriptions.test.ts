import { expect, test } from 'vitest'
import { withoutDescriptions } from './without-descriptions.js'

test('words go, and arguments of the same name stay', () => {
  const schema = {
    type: 'object',
    description: 'gone',
    properties: {
      title: { type: 'string', description: 'gone', examples: ['gone'] },
      description: {
        anyOf: [
          { title: 'gone', type: 'null' },
          { type: 'string', enum: ['title'] },
        ],
      },
      list: { type: 'array', items: { type: 'object', properties: { examples: { title: 'gone' } } } },
    },
    required: ['title'],
    additionalProperties: { description: 'gone' },
    default: { title: 'kept' },
  }
  expect(withoutDescriptions(schema)).toEqual({
    type: 'object',
    properties: {
      title: { type: 'string' },
      description: { anyOf: [{ type: 'null' }, { type: 'string', enum: ['title'] }] },
      list: { type: 'array', items: { type: 'object', properties: { examples: {} } } },
    },
    required: ['title'],
    additionalProperties: {},
    default: { title: 'kept' },
  })
})
