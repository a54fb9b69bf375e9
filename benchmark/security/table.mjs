// The results as text for a terminal and as Markdown.
import { groups, items } from './items/index.mjs'

const SIGNS = { blocked: '✓', harm: '✗', failed: '?' }

/** How many of the items were blocked. */
export const score = (result) => items.filter(({ id }) => result.verdicts[id]?.kind === 'blocked').length

const sign = (result, id) => SIGNS[result.verdicts[id]?.kind] ?? ' '

/** `results`: `[{ name, title, version, verdicts: { [item]: verdict } }]`, those that took part. */
export function terminalTable(results) {
  const width = Math.max(...items.map((item) => item.title.length)) + 2
  const legend = results.map((result, i) => `${letter(i)}  ${result.title} (${result.version})`)
  const lines = groups.flatMap((group) => [
    group.title,
    ...group.items.map(
      (item) =>
        `  ${item.title.padEnd(width)}${results.map((result) => ` ${sign(result, item.id)} `).join('')}`,
    ),
  ])
  const head = ' '.repeat(width + 2) + results.map((_, i) => ` ${letter(i)} `).join('')
  const total = `  ${'blocked'.padEnd(width)}${results.map((result) => String(score(result)).padStart(2).padEnd(3)).join('')}`
  return [...legend, '', head, ...lines, total].join('\n')
}

const letter = (index) => String.fromCharCode(65 + index)

export function markdownTable(results) {
  const row = (cells) => `| ${cells.join(' | ')} |`
  const rows = groups.flatMap((group) =>
    group.items.map((item) =>
      row([group.title, item.title, ...results.map((result) => sign(result, item.id))]),
    ),
  )
  return [
    row(['', '', ...results.map((result) => result.title)]),
    row(['---', '---', ...results.map(() => ':-:')]),
    ...rows,
    row(['', '**blocked**', ...results.map((result) => `**${score(result)} of ${items.length}**`)]),
  ].join('\n')
}

/** What was seen, for each cross and question mark. */
export function markdownEvidence(results) {
  return results
    .flatMap((result) => {
      const lines = items
        .filter(({ id }) => ['harm', 'failed'].includes(result.verdicts[id]?.kind))
        .map(({ id, title }) => `- ${title}: ${plain(result.verdicts[id].evidence)}`)
      return lines.length === 0 ? [] : [`**${result.title}**`, '', ...lines, '']
    })
    .join('\n')
    .trim()
}

const plain = (text) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
