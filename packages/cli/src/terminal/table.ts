import { isTerminal, type Style } from './style.js'

/**
 * Rows in columns two spaces apart, under bold headings. The last column is cut to the terminal's width; elsewhere
 * nothing is cut, since a program may read it.
 */
export function table(head: readonly string[], rows: readonly (readonly string[])[], style: Style): string {
  const widths = head.map((title, column) =>
    Math.max(width(title), ...rows.map((row) => width(row[column] ?? ''))),
  )
  const line = (row: readonly string[]) =>
    cut(
      row
        .map((cell, column) => (column === head.length - 1 ? cell : pad(cell, widths[column] ?? 0)))
        .join('  '),
    )
  return `${[style.bold(line(head).trimEnd()), ...rows.map((row) => line(row).trimEnd())].join('\n')}\n`
}

function cut(line: string): string {
  const columns = isTerminal(1) ? process.stdout.columns : Number.POSITIVE_INFINITY
  const characters = [...line]
  if (!columns || width(line) <= columns) return line
  while (characters.length > 0 && width(characters.join('')) > columns - 1) characters.pop()
  return `${characters.join('')}…`
}

function pad(cell: string, columns: number): string {
  return cell + ' '.repeat(Math.max(0, columns - width(cell)))
}

/** Columns that a terminal needs: East Asian wide characters and emoji take two, combining marks none. */
function width(text: string): number {
  let columns = 0
  for (const character of text) {
    if (/\p{M}/u.test(character)) continue
    columns +=
      /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uff00-\uff60]/u.test(
        character,
      )
        ? 2
        : 1
  }
  return columns
}
