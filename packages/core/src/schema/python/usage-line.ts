/** A word of a usage line: `<input>`, `[output]`, `--flag VALUE`, `FILE...`. */
export interface UsageWord {
  readonly name: string
  readonly flag?: string
  readonly takesValue?: boolean
  readonly optional: boolean
  readonly many: boolean
  readonly choices?: readonly string[]
}

/** The words after the script's name in the first usage line of a text. */
export function usageWords(text: string, script: string): UsageWord[] | undefined {
  const base = script.slice(script.lastIndexOf('/') + 1)
  for (const match of text.slice(0, 20_000).matchAll(/usage:?\s*([^\n]*(?:\n(?=[ \t]+[[<-])[^\n]*)*)/gi)) {
    let line = match[1] ?? ''
    if (line.trim() === '') line = /^\s*([^\n]+)/.exec(text.slice(match.index + match[0].length))?.[1] ?? ''
    const words = afterName(line.slice(0, 500), base)
    if (words !== undefined) return readWords(words)
  }
  return undefined
}

/** What stands behind `python x.py` or `./x.py`. */
function afterName(line: string, base: string): string | undefined {
  const pattern =
    /^.*?(?:[\w./{}-]*\.(?:py|js|mjs|cjs|ts|sh|bash)\b|\{?(?:sys\.argv\[0\]|script|prog|0|argv\[0\]|__file__|basename)[\w\]).]*\}?|\$\{?0(?:##\*\/)?\}?|%\(prog\)s|%s|\$\(basename "?\$0"?\)|'|")/
  const named =
    line.includes(base) && base !== ''
      ? line.slice(line.indexOf(base) + base.length)
      : line.replace(pattern, '\0')
  if (line.includes(base) && base !== '') return named
  return named.startsWith('\0')
    ? named.slice(1)
    : /^\s*[\w.-]+\s+[[<A-Z{]/.test(line)
      ? line.replace(/^\s*[\w.-]+/, '')
      : undefined
}

function readWords(line: string): UsageWord[] {
  const words: UsageWord[] = []
  const text = line.replace(/^["'`)\]}]+/, '').split(/\s+(?:#|--? |→|—)/, 1)[0] ?? ''
  const pattern = /\[[^\]]*\](?:\.\.\.)?|<[^>]*>(?:\.\.\.)?|\{[^}]*\}|[^\s[\]<>]+/g
  const parts = [...text.slice(0, 500).matchAll(pattern)].map(([part]) => part)
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index] ?? ''
    const optional = part.startsWith('[')
    const inner = part.replace(/^\[|\](\.\.\.)?$/g, '').trim()
    const many = /\.\.\./.test(part)
    if (inner === '...' || inner === '') {
      const last = words.at(-1)
      if (last !== undefined) words[words.length - 1] = { ...last, many: true }
      continue
    }
    const flag = /^(--?[A-Za-z][\w-]*)(?:[ =]+(\S+))?/.exec(inner)
    if (flag !== null) {
      const next = parts[index + 1]
      const separate = !optional && flag[2] === undefined && next !== undefined && /^[<A-Z]/.test(next)
      if (separate) index++
      words.push({
        name: (flag[1] ?? '').replace(/^-+/, '').replaceAll('-', '_'),
        ...{ flag: flag[1] ?? '', takesValue: flag[2] !== undefined || separate, optional, many: false },
      })
      continue
    }
    const word = placeholder(inner, optional, many)
    if (word !== undefined) words.push(word)
  }
  return words
}

function placeholder(inner: string, optional: boolean, many: boolean): UsageWord | undefined {
  const bare = inner
    .replace(/\.\.\.$/, '')
    .replace(/^[<{(]|[>})]$/g, '')
    .replace(/(?<=\w)\.\w{1,5}$/, '')
  const choices = /^[\w-]+(?:\|[\w-]+)+$/.test(bare) ? bare.split('|') : undefined
  const name = (choices === undefined ? bare : '')
    .replace(/[^\w]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toLowerCase()
  if (choices !== undefined) return { name: '', optional, many, choices }
  return /^[a-z]\w*$/.test(name) && !['options', 'args', 'flags'].includes(name)
    ? { name, optional, many }
    : undefined
}
