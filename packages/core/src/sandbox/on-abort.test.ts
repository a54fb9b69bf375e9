import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { onAbort } from './on-abort.js'

test('calls all who wait, once, and none who left', () => {
  const stop = new AbortController()
  const called: string[] = []
  const undo = ['a', 'b', 'c'].map((name) => onAbort(stop.signal, () => called.push(name)))
  undo[1]?.()
  stop.abort()
  stop.abort()
  expect(called).toEqual(['a', 'c'])
})

test('waits again after all have left', () => {
  const stop = new AbortController()
  let called = 0
  const count = (): void => {
    called++
  }
  onAbort(stop.signal, count)()
  onAbort(stop.signal, count)
  onAbort(stop.signal, count)
  stop.abort()
  expect(called).toBe(2)
})

test('makes Node warn of nothing, however many share a signal', () => {
  const stop = new AbortController()
  const warned: string[] = []
  const emit = process.emitWarning
  process.emitWarning = (warning: string | Error) => void warned.push(String(warning))
  try {
    for (let i = 0; i < EventEmitter.defaultMaxListeners * 3; i++) onAbort(stop.signal, () => {})
  } finally {
    process.emitWarning = emit
  }
  expect(warned).toEqual([])
})
