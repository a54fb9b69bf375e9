/** The results as Markdown: `tables` is `[title, summary]` each. */
export function report(tables, memory, notes) {
  const number = (value) => value.toFixed(value < 100 ? 1 : 0)
  const rows = (summary) =>
    summary.map(
      ({ title, median, p10, p90, ratio, added, runs }) =>
        `| ${title} | ${number(median)} | ${number(p10)} | ${number(p90)} | ${ratio.toFixed(2)} | ${number(added)} | ${runs} |`,
    )
  const parts = tables
    .filter(([, summary]) => summary.length > 0)
    .map(([title, summary]) =>
      [
        `## ${title}\n`,
        '| | median ms | p10 | p90 | × first | adds ms | runs |',
        '| --- | --: | --: | --: | --: | --: | --: |',
        ...rows(summary),
      ].join('\n'),
    )
  parts.push(`## Peak resident memory of skillbox itself\n\n${memory.join('\n')}`)
  if (notes.length > 0) parts.push(`## Notes\n\n${notes.map((note) => `- ${note}`).join('\n')}`)
  return parts.join('\n\n')
}
