import { expect, test } from 'vitest'
import { nearest } from './nearest.js'

const known = ['run', 'exec', 'list', 'validate', 'allow-host', 'allow-read']

test.each([
  ['rnu', 'run'],
  ['lsit', 'list'],
  ['valid', 'validate'],
  ['allow-hosts', 'allow-host'],
  ['alow-read', 'allow-read'],
])('nearest to %s is %s', (word, expected) => {
  expect(nearest(word, known)).toBe(expected)
})

test.each(['x', 'frobnicate', ''])('nothing is near %j', (word) => {
  expect(nearest(word, known)).toBeUndefined()
})
