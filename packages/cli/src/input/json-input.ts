import { readFileSync } from 'node:fs'
import { UsageError } from '../command-line/usage-error.js'
import { tell } from '../terminal/output.js'
import { isTerminal } from '../terminal/style.js'

/** Arguments from the value of `--input`: JSON, `@FILE`, or `-` for stdin. */
export function argumentsFromInput(source: string): Record<string, unknown> {
  const { text, origin } = read(source)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new UsageError(
      `${origin} is not JSON: ${error instanceof Error ? error.message : String(error)}`,
      source.startsWith('{')
        ? undefined
        : 'Write --input \'{"key": "value"}\', --input @FILE, or --input - for stdin.',
    )
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const kind = Array.isArray(value) ? 'a list' : value === null ? 'null' : `a ${typeof value}`
    throw new UsageError(
      `${origin} must be a JSON object, got ${kind}.`,
      'Arguments have names: {"key": "value"}.',
    )
  }
  return Object.fromEntries(Object.entries(value))
}

function read(source: string): { text: string; origin: string } {
  if (source === '-') {
    if (isTerminal(0)) tell('Reading JSON from the terminal; end with Ctrl-D.')
    return { text: readStdin(), origin: 'The input on stdin' }
  }
  if (!source.startsWith('@')) return { text: source, origin: 'The value of --input' }
  const path = source.slice(1)
  try {
    return { text: readFileSync(path, 'utf8'), origin: `The input file ${path}` }
  } catch (error) {
    throw new UsageError(
      `Cannot read the input file ${JSON.stringify(path)}: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

function readStdin(): string {
  try {
    // a byte order mark is what some editors leave, and no JSON
    return readFileSync(0, 'utf8').replace(/^\ufeff/, '')
  } catch (error) {
    throw new UsageError(`Cannot read stdin: ${error instanceof Error ? error.message : String(error)}`)
  }
}
