import { plainString } from './string-literal.js'
import type { PyFunction } from './values.js'

/** The first paragraph of a function's docstring. */
export function functionText({ node }: Pick<PyFunction, 'node'>): string | undefined {
  const [first] = node.field('body')?.parts ?? []
  const text = first?.type === 'expression_statement' ? plainString(first.parts[0]) : undefined
  const paragraph = text
    ?.trim()
    .split(/\n\s*\n|\f/, 1)[0]
    ?.replaceAll('\b', '')
    ?.replace(/\s+/g, ' ')
    .trim()
  return paragraph === undefined || paragraph === '' ? undefined : paragraph
}
