import type { SyntaxNode } from '../syntax/syntax-node.js'

const MAX_LINES = 200
/** Lines that say something about the file, not what it does. */
const ASIDE =
  /^(usage|example|examples|options|arguments|args|requires?|requirements|dependencies|environment|note|see|todo|author|copyright|licen[cs]e|version|created|date|spdx|eslint|shellcheck|@\w)|^(-\*-|vim?:|!|=+$|-+$|\*+$|#+$)/i

/** Texts of comments, with an empty one where there is a gap between two; without the line that names the interpreter. */
export function paragraphs(comments: readonly SyntaxNode[]): string[] {
  let end: number | undefined
  const texts: string[] = []
  for (const comment of comments) {
    const { line, text } = comment
    if (text.startsWith('#!')) continue
    if (end !== undefined && line > end + 1) texts.push('')
    end = line + text.split('\n').length - 1
    texts.push(text)
  }
  return texts
}

/** Lines of a comment, without the marks of the comment. */
export function commentLines(comments: readonly string[]): string[] {
  return comments
    .flatMap((comment) => comment.replace(/^\/\*+|\*+\/$/g, '').split('\n'))
    .slice(0, MAX_LINES)
    .map((line) =>
      line
        .slice(0, 1_000)
        .replace(/^\s*(?:\*+|\/\/+|#+!?)\s?/, '')
        .trimEnd(),
    )
}

/** The first paragraph that says what the script does. */
export function headDescription(lines: readonly string[], file: string): string | undefined {
  const found: string[] = []
  for (const raw of lines) {
    const line = withoutName(raw.trim().replace(/^@(?:file|fileoverview|description)\s+/, ''), file)
    if (line === '' || ASIDE.test(line)) {
      if (found.length > 0) break
      // Below a licence there is no description.
      if (/^(copyright|licen[cs]e|spdx)/i.test(line)) return undefined
      if (/^(usage|options|arguments|examples?)\b/i.test(line)) return undefined
      continue
    }
    found.push(line)
  }
  const text = found.join(' ').trim()
  return /\p{L}{2}/u.test(text) ? text : undefined
}

/** `convert.js - Converts …` is `Converts …`. */
function withoutName(line: string, file: string): string {
  const base = file.split('/').at(-1) ?? file
  const stem = base.replace(/\.\w+$/, '')
  for (const name of [base, stem]) {
    if (name === '' || !line.startsWith(name)) continue
    const rest = /^\s*(?:[:–—-]+\s*(.*))?$/.exec(line.slice(name.length))
    if (rest !== null) return rest[1] ?? ''
  }
  return line
}
