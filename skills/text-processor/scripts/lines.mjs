function linesOf(text) {
  const ending = text.includes('\r\n') ? '\r\n' : '\n'
  const last = text.endsWith(ending) ? ending : ''
  return {
    lines: text.slice(0, text.length - last.length).split(ending),
    join: (lines) => lines.join(ending) + last,
  }
}

export function dedupe({ text, ignore_case: ignoreCase = false }) {
  const { lines, join } = linesOf(text)
  const seen = new Set()
  const kept = lines.filter((line) => {
    const key = ignoreCase ? line.toLowerCase() : line
    return !seen.has(key) && seen.add(key)
  })
  return { result: join(kept), count: lines.length - kept.length }
}

export function sort({ text, order = 'ascending', numeric = false, ignore_case: ignoreCase = false }) {
  const { lines, join } = linesOf(text)
  // a fixed locale: the same text sorts the same way on every machine
  const { compare } = new Intl.Collator('en', { numeric, sensitivity: ignoreCase ? 'accent' : 'variant' })
  const direction = order === 'descending' ? -1 : 1
  return { result: join(lines.sort((left, right) => direction * compare(left, right))) }
}

export function trim(text) {
  const { lines, join } = linesOf(text)
  const tidy = lines.map((line) => line.replace(/[^\S\n]+/gu, ' ').trim())
  return join(tidy.filter((line, index) => line !== '' || (index > 0 && tidy[index - 1] !== ''))).trim()
}
