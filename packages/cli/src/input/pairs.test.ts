import { describe, expect, test } from 'vitest'
import { argumentsFromPairs, readPair } from './pairs.js'

const schema = {
  type: 'object',
  properties: {
    count: { type: 'integer' },
    ratio: { type: ['number', 'null'] },
    loud: { type: 'boolean' },
    text: { type: 'string' },
    tags: { type: 'array', items: { type: 'integer' } },
    options: { type: 'object' },
    choice: { enum: [1, 2] },
    either: { anyOf: [{ type: 'number' }, { type: 'string' }] },
  },
}
const read = (...operands: string[]) => argumentsFromPairs(operands.map(readPair), schema)

describe('argumentsFromPairs', () => {
  test.each([
    [['count=15'], { count: 15 }],
    [['count=-5'], { count: -5 }],
    [['ratio=1.5e3'], { ratio: 1500 }],
    [['ratio=null'], { ratio: null }],
    [['loud=true'], { loud: true }],
    [['text=15'], { text: '15' }],
    [['text='], { text: '' }],
    [['text=a=b:=c'], { text: 'a=b:=c' }],
    [['text=http://x:=y'], { text: 'http://x:=y' }],
    [['tags=1'], { tags: [1] }],
    [['tags=1', 'tags=2'], { tags: [1, 2] }],
    [['tags=[1,2]'], { tags: [1, 2] }],
    [['options={"a":1}'], { options: { a: 1 } }],
    [['choice=2'], { choice: 2 }],
    [['either=x'], { either: 'x' }],
    [['either=7'], { either: 7 }],
    [['unknown=15'], { unknown: '15' }],
    [['unknown:=15'], { unknown: 15 }],
    [['text:={"a":[1]}'], { text: { a: [1] } }],
  ])('%j gives %j', (operands, expected) => {
    expect(read(...operands)).toEqual(expected)
  })

  test.each([
    'count=many',
    'count=',
    'count= 1',
    'count=0x10',
    'count=9007199254740993',
    'loud=yes',
    'options={',
  ])('%s does not fit its type and stays text', (operand) => {
    const { key, value } = readPair(operand)
    expect(read(operand)).toEqual({ [key]: 'text' in value ? value.text : undefined })
  })

  test('a key named __proto__ is a key like any other', () => {
    const result = read('__proto__:={"polluted":true}')
    expect(Object.keys(result)).toEqual(['__proto__'])
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype)
  })

  test('a list given by := with one element is not wrapped again', () => {
    expect(read('tags:=[3]')).toEqual({ tags: [3] })
  })
})

test.each(['', '=x', ':=1', 'word'])('readPair refuses %j', (operand) => {
  expect(() => readPair(operand)).toThrow('Expected KEY=VALUE or KEY:=JSON')
})
