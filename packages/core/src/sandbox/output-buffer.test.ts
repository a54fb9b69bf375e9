import { expect, test } from 'vitest'
import { OutputBuffer } from './output-buffer.js'

test('keeps the first bytes and passes the same on', () => {
  const heard: string[] = []
  const buffer = new OutputBuffer(5, (chunk) => heard.push(Buffer.from(chunk).toString()))
  for (const text of ['ab', 'cdef', 'g']) buffer.add(Buffer.from(text))
  expect([buffer.text(), buffer.truncated, heard]).toEqual(['abcde', true, ['ab', 'cde']])
})

test('is not truncated where all fits exactly', () => {
  const buffer = new OutputBuffer(3, undefined)
  buffer.add(Buffer.from('abc'))
  expect([buffer.text(), buffer.truncated]).toEqual(['abc', false])
})

test('replaces what is not UTF-8, also where the limit cuts a character', () => {
  const buffer = new OutputBuffer(4, undefined)
  buffer.add(Buffer.from([0x61, 0xff]))
  buffer.add(Buffer.from('é🎉'))
  expect(buffer.text()).toBe('a\ufffdé')
})

test('holds a million chunks of one byte in little more than a million bytes', () => {
  const buffer = new OutputBuffer(1024 * 1024, undefined)
  const before = process.memoryUsage()
  for (let i = 0; i < 1_000_000; i++) buffer.add(Buffer.from([0x61 + (i % 26)]))
  const after = process.memoryUsage()
  expect(buffer.text()).toHaveLength(1_000_000)
  expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(32 * 1024 * 1024)
})
