import { expect, test } from 'vitest'
import { type ModelTurn, TurnCollector } from './turn-collector.js'

/** What these deltas of a stream come to. */
function collect(...deltas: readonly object[]): ModelTurn {
  const collector = new TurnCollector(() => {})
  for (const delta of deltas) collector.add({ choices: [{ delta }] })
  return collector.finish()
}
const part = (fields: object, name?: string, args?: unknown) => ({
  tool_calls: [{ ...fields, function: { ...(name === undefined ? {} : { name }), arguments: args } }],
})
const calls = (...deltas: readonly object[]) => collect(...deltas).calls

test.each([
  [
    'by index',
    [
      part({ index: 0, id: 'a' }, 'f', ''),
      part({ index: 1, id: 'b' }, 'f', '{"n":2}'),
      part({ index: 0 }, undefined, '{"n":1}'),
    ],
  ],
  [
    'without index',
    [part({ id: 'a' }, 'f', '{"n":'), part({}, undefined, '1}'), part({ id: 'b' }, 'f', '{"n":2}')],
  ],
  [
    'with one index for all',
    [part({ index: 0, id: 'a' }, 'f', '{"n":1}'), part({ index: 0, id: 'b' }, 'f', '{"n":2}')],
  ],
  [
    'with id and name in every part',
    [
      part({ index: 0, id: 'a' }, 'f', '{"n":'),
      part({ index: 0, id: 'a' }, 'f', '1}'),
      part({ index: 0, id: 'a' }, 'f', ''),
      part({ index: 1, id: 'b' }, 'f', '{"n":2}'),
    ],
  ],
])('two calls, %s', (_, deltas) => {
  expect(calls(...deltas)).toEqual([
    { id: 'a', name: 'f', arguments: '{"n":1}' },
    { id: 'b', name: 'f', arguments: '{"n":2}' },
  ])
})

test.each([
  ['at all', [part({}, 'f', '{"n":1}'), part({}, 'f', '{"n":2}')]],
  ['but one index', [part({ index: 0 }, 'f', '{"n":1}'), part({ index: 0 }, 'f', '{"n":2}')]],
  ['and objects', [part({}, 'f', { n: 1 }), part({}, 'f', { n: 2 })]],
])('two calls without ids %s', (_, deltas) => {
  expect(calls(...deltas)).toEqual([
    { name: 'f', arguments: '{"n":1}' },
    { name: 'f', arguments: '{"n":2}' },
  ])
})

test('braces in the middle of arguments do not end them', () => {
  const text = '{"a":{"b":"}"},"c":[{}]}'
  const parts = [...text].map((character) => part({ index: 0, id: 'a' }, 'f', character))
  expect(calls(...parts)).toEqual([{ id: 'a', name: 'f', arguments: text }])
})

test('content may be null or in parts', () => {
  const turn = collect(
    { content: null },
    { content: [{ type: 'text', text: 'a' }, { type: 'image' }] },
    { content: 'b' },
  )
  expect(turn).toEqual({ text: 'ab', calls: [] })
})

test.each([
  [null],
  [undefined],
  [{}],
  [{ choices: null }],
  [{ choices: [null] }],
  [{ choices: [{ delta: null }] }],
])('a chunk with nothing in it says nothing: %j', (chunk) => {
  const collector = new TurnCollector(() => {})
  collector.add(chunk)
  expect([collector.isEmpty, collector.finish()]).toEqual([true, { text: '', calls: [] }])
})

test('the last usage stands, wherever it is', () => {
  const collector = new TurnCollector(() => {})
  collector.add({ choices: [], usage: { prompt_tokens: 1, completion_tokens: 1 } })
  collector.add({ choices: [{ delta: {}, usage: { prompt_tokens: 7, completion_tokens: 3 } }] })
  collector.add({ choices: [], usage: null })
  expect(collector.finish().usage).toEqual({ inputTokens: 7, outputTokens: 3 })
})
