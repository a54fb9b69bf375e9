/** A fenced block of YAML in Markdown. `line` is the 1-based line of the text on which its content begins. */
export interface FencedYaml {
  readonly yaml: string
  readonly line: number
}

const maxMarkLength = 200

/** Finds the first fenced `yaml` block below the level-two heading `title`, before the next heading of that level or above. */
export function findFencedYaml(markdown: string, title: string): FencedYaml | undefined {
  // Most bodies have no such heading; then the lines need not be looked at one by one.
  if (!new RegExp(`^ {0,3}##[ \\t]+${title}`, 'im').test(markdown)) return undefined
  const lines = markdown.split('\n')
  let inSection = false
  for (let at = 0; at < lines.length; at++) {
    // Cut, so that no line, however long, costs the patterns more than a moment.
    const line = (lines[at] ?? '').slice(0, maxMarkLength)
    const fence = /^ {0,3}(`{3,}|~{3,})([^`]*)$/.exec(line)
    if (fence) {
      const [, marks = '', info = ''] = fence
      const end = closingLine(lines, at + 1, marks)
      if (inSection && /^[ \t]*ya?ml\b/i.test(info))
        return { yaml: lines.slice(at + 1, end).join('\n'), line: at + 2 }
      at = end
      continue
    }
    const heading = /^ {0,3}(#{1,2})[ \t]+(.*)$/.exec(line)
    if (heading) inSection = heading[1] === '##' && headingText(heading[2]) === title.toLowerCase()
  }
  return undefined
}

function closingLine(lines: readonly string[], from: number, marks: string): number {
  let at = from
  while (at < lines.length) {
    const line = (lines[at] ?? '').trim()
    if (line.length >= marks.length && line === (marks[0] ?? '`').repeat(line.length)) break
    at++
  }
  return at
}

function headingText(text = ''): string {
  return text
    .trim()
    .replace(/[ \t]#+$/, '')
    .trim()
    .toLowerCase()
}
