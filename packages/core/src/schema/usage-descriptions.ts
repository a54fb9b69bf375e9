const MAX_LINES = 2_000
const FLAGS =
  /^((?:--?[\w?][\w-]*(?:[ =](?:<[^>]{1,60}>|\[[^\]]{1,60}\]|[A-Z][A-Z0-9_]*))?(?:\s*[,|/]\s*|\s+(?=-))?)+)(?:\s{2,}|\t+|\s*[:–—]\s+|\s+-\s+)(\S.*)$/
const NAME = /^[<[]?(\$?\w[\w -]{0,40}?)(?:\.\.\.)?[>\]]?(?:\s{2,}|\t+|\s*[:–—]\s+|\s+-\s+)(\S.*)$/

/**
 * What a help text, or the comment at a script's head, says of each argument: by flag (`--limit`), by name in lower
 * case (`input`), or by place (`$1`).
 */
export function usageDescriptions(text: string): Map<string, string> {
  const found = new Map<string, string>()
  const add = (name: string, description: string) => {
    if (!found.has(name) && found.size < 500)
      found.set(
        name,
        description
          .trim()
          .replace(/["'`]\)?;?$/, '')
          .slice(0, 300),
      )
  }
  for (const raw of text.split('\n', MAX_LINES)) {
    const line = raw.slice(0, 400).replace(/^\s*(?:#+|\*+|\/\/+|@param\s+(?:\{[^}]*\})?|echo\s+["'])?\s*/, '')
    const flags = FLAGS.exec(line)
    if (flags !== null) {
      for (const flag of flags[1]?.match(/--?[\w?][\w-]*/g) ?? []) add(flag, flags[2] ?? '')
      continue
    }
    const named = NAME.exec(line)
    if (named !== null) add((named[1] ?? '').toLowerCase().replace(/[\s-]/g, '_'), named[2] ?? '')
  }
  return found
}
