import { expect, test } from 'vitest'
import { progressLine } from './progress.js'

/** What is written when work ends at the last of these times and tells its progress at each. */
function written(...times: readonly number[]): string[] {
  const texts: string[] = []
  let now = 0
  const line = progressLine(
    (text) => texts.push(text),
    () => now,
  )
  for (const time of times) {
    now = time
    line.update(`at ${time}`)
  }
  line.end()
  return texts
}

test('a progress line keeps quiet for the first second', () => {
  expect(written(10, 500, 999)).toEqual([])
})

test('a progress line changes ten times a second at most, and is taken away', () => {
  expect(written(500, 1_000, 1_050, 1_100, 1_199, 1_500)).toEqual([
    '\r\u001b[Kat 1000',
    '\r\u001b[Kat 1100',
    '\r\u001b[Kat 1500',
    '\r\u001b[K',
  ])
})
