import { expect, test } from 'vitest'
import { failure, run, success } from './run-script.js'

function textProcessor(input: unknown) {
  return run([process.execPath, 'scripts/main.mjs'], 'text-processor', input)
}

test.each([
  [{ operation: 'slug', text: 'Crème brûlée, twice! Straße' }, { result: 'creme-brulee-twice-strasse' }],
  [{ operation: 'case', style: 'snake', text: 'parseHTTPReply two' }, { result: 'parse_http_reply_two' }],
  [{ operation: 'case', style: 'camel', text: 'HELLO WORLD' }, { result: 'helloWorld' }],
  [{ operation: 'case', style: 'title', text: "it's a dog's life" }, { result: "It's A Dog's Life" }],
  [
    { operation: 'case', style: 'sentence', text: 'HELLO there. NEW one' },
    { result: 'Hello there. New one' },
  ],
  [
    { operation: 'extract', what: 'urls', text: 'See https://a.org/x_(y), (http://b.org/z).' },
    { result: ['https://a.org/x_(y)', 'http://b.org/z'], count: 2 },
  ],
  [
    { operation: 'extract', what: 'numbers', text: '3 of 4.5, -2 and 1,000.50, not x2' },
    { result: ['3', '4.5', '-2', '1,000.50'], count: 4 },
  ],
  [
    { operation: 'extract', what: 'emails', text: 'a.b@c.org, x@y.co.uk. a.b@c.org' },
    { result: ['a.b@c.org', 'x@y.co.uk'], count: 2 },
  ],
  [
    { operation: 'extract', what: 'dates', text: '2024-02-30 2024-13-01' },
    { result: ['2024-02-30'], count: 1 },
  ],
  [
    { operation: 'dedupe', text: 'a\nA\nb\na', ignore_case: true },
    { result: 'a\nb', count: 2 },
  ],
  [{ operation: 'sort', text: 'a10\na2\nB1\n', numeric: true }, { result: 'a2\na10\nB1\n' }],
  [
    { operation: 'replace', text: 'a.b.c', find: '.', replacement: '$&' },
    { result: 'a$&b$&c', count: 2 },
  ],
  [{ operation: 'trim', text: 'a   b  \n\n\n c\n' }, { result: 'a b\n\nc' }],
  [{ operation: 'truncate', text: 'the quick brown fox', length: 12 }, { result: 'the quick…' }],
])('text-processor answers %j', async (input, answer) => {
  expect(await textProcessor(input)).toEqual(success({ operation: input.operation, ...answer }))
})

test('text-processor counts characters as a reader sees them', async () => {
  expect(await textProcessor({ operation: 'count', text: 'Hi there. 你好 👨‍👩‍👧\n\nNew' })).toEqual(
    success({
      operation: 'count',
      result: { characters: 19, words: 4, lines: 3, sentences: 3, paragraphs: 2, bytes: 40 },
    }),
  )
})

test.each([
  [{ operation: 'case', text: 'x' }, 'case needs style'],
  [{ operation: 'case', text: 'x', style: 'toString' }, 'style has no value "toString"'],
  [{ operation: 'replace', text: 'x', find: '' }, 'find must not be empty'],
  [{ operation: 'count' }, 'text is missing: it must be a string'],
])('text-processor refuses %j in one line', async (input, message) => {
  expect(await textProcessor(input)).toEqual(failure(message))
})
