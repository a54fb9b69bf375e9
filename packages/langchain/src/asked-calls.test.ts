import { expect, test } from 'vitest'
import { AskedCalls } from './asked-calls.js'

const call = { threadId: 'thread', callId: 'call-1' }

test('what was looked at before and after the question, unchanged, is approved for once', () => {
  const asked = new AskedCalls()
  asked.look(call, 'scan:a')
  asked.look(call, 'scan:a')
  expect([asked.take(call), asked.take(call)]).toEqual(['scan:a', undefined])
})

test.each([
  ['never looked at', []],
  ['looked at once', [[call, 'scan:a']]],
  [
    'changed meanwhile',
    [
      [call, 'scan:a'],
      [call, 'scan:b'],
    ],
  ],
  [
    'changed meanwhile, and looked at once more',
    [
      [call, 'scan:a'],
      [call, 'scan:b'],
      [call, 'scan:b'],
    ],
  ],
  [
    'asked in another thread',
    [
      [{ ...call, threadId: 'other' }, 'scan:a'],
      [{ ...call, threadId: 'other' }, 'scan:a'],
    ],
  ],
  [
    'another call',
    [
      [{ ...call, callId: 'call-2' }, 'scan:a'],
      [{ ...call, callId: 'call-2' }, 'scan:a'],
    ],
  ],
] as const)('a call that was %s is not', (_case, looks) => {
  const asked = new AskedCalls()
  for (const [looked, scanId] of looks) asked.look(looked, scanId)
  expect(asked.take(call)).toBeUndefined()
})

test('a call without an id is never approved', () => {
  const asked = new AskedCalls()
  const nameless = { threadId: 'thread', callId: undefined }
  asked.look(nameless, 'scan:a')
  asked.look(nameless, 'scan:a')
  expect(asked.take(nameless)).toBeUndefined()
})

test('calls that were rejected, and so never come, are forgotten in the end', () => {
  const asked = new AskedCalls()
  for (const [callId, scanId] of [
    ['first', 'scan:a'],
    ['last', 'scan:b'],
  ] as const) {
    for (let look = 0; look < 2; look++) asked.look({ threadId: 'thread', callId }, scanId)
    if (callId === 'first')
      for (let other = 0; other < 999; other++) asked.look({ threadId: other, callId }, 'scan:c')
  }
  expect(asked.take({ threadId: 'thread', callId: 'last' })).toBe('scan:b')
  expect(asked.take({ threadId: 'thread', callId: 'first' })).toBeUndefined()
})
