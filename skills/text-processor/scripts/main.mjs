// Exact operations on plain text: a JSON object on stdin, a JSON object on stdout.
import { readFileSync } from 'node:fs'
import { changeCase, slug } from './case.mjs'
import { extract } from './extract.mjs'
import { dedupe, sort, trim } from './lines.mjs'

class InputError extends Error {}

function segments(text, granularity) {
  return [...new Intl.Segmenter(undefined, { granularity }).segment(text)]
}

function count({ text }) {
  return {
    result: {
      characters: segments(text, 'grapheme').length,
      words: segments(text, 'word').filter((part) => part.isWordLike).length,
      lines: text === '' ? 0 : text.replace(/\r?\n$/, '').split(/\r?\n/).length,
      sentences: segments(text, 'sentence').filter((part) => part.segment.trim() !== '').length,
      paragraphs: text.split(/\r?\n[^\S\n]*\r?\n/).filter((part) => part.trim() !== '').length,
      bytes: Buffer.byteLength(text),
    },
  }
}

function replace({ text, find, replacement = '', ignore_case: ignoreCase = false }) {
  if (find === '') throw new InputError('find must not be empty')
  const literal = new RegExp(find.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), ignoreCase ? 'giu' : 'gu')
  let replaced = 0
  const result = text.replace(literal, () => {
    replaced++
    return replacement
  })
  return { result, count: replaced }
}

function truncate({ text, length }) {
  const characters = segments(text, 'grapheme').map((part) => part.segment)
  if (characters.length <= length) return { result: text }
  const kept = characters.slice(0, length - 1).join('')
  const cutInsideWord = /\S/u.test(characters[length - 1])
  const atWord = cutInsideWord ? kept.replace(/\s+\S*$/u, '') : kept
  return { result: `${(atWord.trim() === '' ? kept : atWord).trimEnd()}…` }
}

/** Each operation with the fields that it cannot do without. */
const operations = {
  count: { run: count, needs: [] },
  case: { run: ({ text, style }) => ({ result: changeCase(text, style) }), needs: ['style'] },
  slug: { run: ({ text }) => ({ result: slug(text) }), needs: [] },
  extract: { run: extract, needs: ['what'] },
  dedupe: { run: dedupe, needs: [] },
  sort: { run: sort, needs: [] },
  replace: { run: replace, needs: ['find'] },
  trim: { run: ({ text }) => ({ result: trim(text) }), needs: [] },
  truncate: { run: truncate, needs: ['length'] },
}

function readInput() {
  try {
    return JSON.parse(readFileSync(0, 'utf8'))
  } catch (error) {
    throw new InputError(`the input is not JSON: ${error.message.replace(/\s+/g, ' ')}`)
  }
}

function main() {
  const input = readInput()
  if (typeof input?.text !== 'string') throw new InputError('text is missing: it must be a string')
  if (!Object.hasOwn(operations, input.operation)) {
    throw new InputError(
      `operation must be one of ${Object.keys(operations).join(', ')}; got ${JSON.stringify(input.operation)}`,
    )
  }
  const { run, needs } = operations[input.operation]
  const missing = needs.filter((field) => input[field] === undefined)
  if (missing.length > 0) throw new InputError(`${input.operation} needs ${missing.join(' and ')}`)
  const answer = run(input)
  if (answer.result === undefined)
    throw new InputError(`${needs[0]} has no value ${JSON.stringify(input[needs[0]])}`)
  process.stdout.write(`${JSON.stringify({ operation: input.operation, ...answer })}\n`)
}

try {
  main()
} catch (error) {
  if (!(error instanceof InputError)) throw error
  process.stderr.write(`error: ${error.message}\n`)
  process.exitCode = 1
}
