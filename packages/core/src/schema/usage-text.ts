/** What a usage line says: `Usage: x.sh [-v] [--limit N] <input> [output]`. */
export interface Usage {
  /** What the program is called there. */
  readonly program: string
  readonly positionals: readonly UsagePositional[]
  readonly flags: readonly UsageFlag[]
}

export interface UsagePositional {
  readonly name: string
  readonly required: boolean
  readonly many: boolean
  readonly choices?: readonly string[]
}

export interface UsageFlag {
  readonly flags: readonly string[]
  /** What the value is called; nothing where the flag stands alone. */
  readonly value?: string
  readonly choices?: readonly string[]
  readonly required: boolean
}

const MAX_LINE = 1_000
const MAX_LINES = 2_000

/** The first usage line of a text that says something. */
export function readUsage(text: string): Usage | undefined {
  const lines = text
    .split('\n', MAX_LINES)
    .map((line) => line.replace(/^\s*(?:#+|\*+|\/\/+|"""|;+)\s?/, '').slice(0, MAX_LINE))
  for (const [index, line] of lines.entries()) {
    const match = /(?:^|[^\w])usage\b(?: is)?\s*:?\s*(.*)$/i.exec(line)
    if (match === null) continue
    const rest = (match[1] ?? '').trim()
    const next = lines.slice(index + 1, index + 3).find((other) => other.trim() !== '') ?? ''
    for (const candidate of rest === '' ? [next] : [rest]) {
      const usage = usageLine(candidate)
      if (usage !== undefined) return usage
    }
  }
  return undefined
}

const PROGRAM =
  /^["'`]?(?:\S*\$0\S*|\$\{0[^}]*\}|\$\(basename[^)]*\)|PROGRAM|%s|%prog|\$\w*(?:PROG|NAME|SCRIPT)\w*|\$\{\w*(?:PROG|NAME|SCRIPT)\w*\}|[\w./@~-]+\.(?:c?m?[jt]s|sh|bash|py)|[\w./-]*\/[\w.-]+)["'`]?$/i
const RUNNER =
  /^(?:\$|sudo|env|node|nodejs|deno|bun|bash|sh|zsh|npx|tsx|ts-node|python3?|run|-\w|--allow-\S+|\w+=\S+)$/

/** The words of one line; nothing where it is prose. */
export function usageLine(line: string): Usage | undefined {
  const plain = line
    .replace(/\$\{(?:process|path|import|__filename|basename|scriptName|0)[^}]*\}(?:\)\})?/g, 'PROGRAM')
    .replace(/\$\(basename[^)]*\)/g, 'PROGRAM')
    .replace(/\\?["'`]\s*(?:>&2|\)|;).*$/, '')
    .replace(/\s+(?:#|\/\/|--?>|→|—|–|- )\s?.*$/, '')
    .replace(/\s{3,}\S.*$/, (rest) => (/^\s+[[<-]/.test(rest) ? rest : ''))
  const words = tokens(plain)
  const start = programEnd(words)
  if (start === undefined) return undefined
  const found: Found = { positionals: [], flags: [] }
  readWords(words.slice(start), true, found)
  const prose = found.positionals.filter(({ bare }) => bare).length > 4
  if (prose || found.positionals.length + found.flags.length === 0) return undefined
  return {
    program: words[start - 1] ?? '',
    positionals: found.positionals.map(({ bare: _, ...positional }) => positional),
    flags: found.flags,
  }
}

function programEnd(words: readonly string[]): number | undefined {
  let index = 0
  while (index < words.length && RUNNER.test(words[index] ?? '')) index++
  const word = words[index]
  if (word === undefined) return undefined
  if (PROGRAM.test(word)) return index + 1
  // `usage: tool <input>`: some name, and then something that is written as an argument.
  return /^[a-z][\w-]*$/i.test(word) &&
    words.slice(index + 1).some((other) => /^[[<{(-]|^[A-Z_]{2,}$/.test(other))
    ? index + 1
    : undefined
}

interface Found {
  readonly positionals: (UsagePositional & { readonly bare: boolean })[]
  readonly flags: UsageFlag[]
}

/** Words, and groups in brackets as one word each. */
function tokens(line: string): string[] {
  const all: string[] = []
  let word = ''
  let depth = 0
  for (const letter of line) {
    if ('[<({'.includes(letter)) depth++
    if (/\s/.test(letter) && depth === 0) {
      if (word !== '') all.push(word)
      word = ''
      continue
    }
    word += letter
    if (']>)}'.includes(letter)) depth = Math.max(0, depth - 1)
  }
  return word === '' ? all : [...all, word]
}

const MAX_NESTING = 5

function readWords(words: readonly string[], required: boolean, found: Found, depth = 0): void {
  for (let index = 0; index < words.length; index++) {
    const word = (words[index] ?? '').replace(/^["'`]+|["'`,;]+$/g, '')
    const next = words[index + 1]
    if (word === '' || word === '|') continue
    if (word.startsWith('-') && word.length > 1) {
      const joined = /^(-[^=[<\s]+?)=?[[<(]?=?([<[{(].*|[A-Za-z_|]+)?[\])]?$/.exec(word)
      const [spelled = word, inline] =
        word.includes('=') || /[<[]/.test(word)
          ? [joined?.[1] ?? word.split('=')[0] ?? word, joined?.[2] ?? word.split('=')[1]]
          : [word, undefined]
      const names = spelled.split('|').filter((name) => /^--?[\w?][\w-]*$/.test(name))
      const alternative = next === '|' ? words[index + 2] : undefined
      if (alternative?.startsWith('-') === true) {
        names.push(alternative)
        index += 2
      }
      const follower = words[index + 1]
      const inGroup = depth > 0 && follower !== undefined && /^[a-z]/i.test(follower)
      const takes =
        inline ?? (follower !== undefined && (isValueName(follower) || inGroup) ? follower : undefined)
      if (inline === undefined && takes !== undefined) index++
      if (names.length > 0) found.flags.push(flagOf(names, takes, required))
      continue
    }
    if (/^\[.*\](\.\.\.)?$/.test(word) && depth < MAX_NESTING) {
      const many = word.endsWith('...')
      const before = found.positionals.length
      readWords(tokens(word.replace(/\.\.\.$/, '').slice(1, -1)), false, found, depth + 1)
      if (many) {
        for (const [at, positional] of found.positionals.entries()) {
          if (at >= before) found.positionals[at] = { ...positional, many }
        }
      }
      continue
    }
    if (/^\(.*\)$/.test(word) && depth < MAX_NESTING) {
      readWords(tokens(word.slice(1, -1)), required, found, depth + 1)
      continue
    }
    if (word === '...' || word === '…') {
      const last = found.positionals.at(-1)
      if (last !== undefined) found.positionals[found.positionals.length - 1] = { ...last, many: true }
      continue
    }
    if (!addPositional(word, required, found)) break
  }
}

const isValueName = (word: string): boolean => /^(<.*>|\[?[A-Z][A-Z0-9_]*\]?|\{.*\}|"[^"]+")$/.test(word)

function flagOf(flags: readonly string[], value: string | undefined, required: boolean): UsageFlag {
  const choices = value === undefined ? undefined : choicesIn(value)
  return {
    ...{ flags, required },
    ...(value === undefined ? {} : { value: plainName(value) }),
    ...(choices === undefined ? {} : { choices }),
  }
}

const GENERIC = /^(options?|flags?|args|arguments|opts|command options)$/i

function addPositional(word: string, required: boolean, found: Found): boolean {
  const many = /(\.\.\.|…|[+*])[>\]]?$/.test(word)
  const bare = !/^[<{]/.test(word)
  const name = plainName(word)
  const choices = choicesIn(word)
  if (choices === undefined && !/^[a-z][\w -]*$/i.test(name)) return /^<.*>$/.test(word)
  if (GENERIC.test(name)) return true
  if (found.positionals.length < 50) {
    const known = choices === undefined ? name : 'command'
    found.positionals.push({
      ...{
        name: propertyName(known),
        required,
        many,
        bare: bare && required && choices === undefined && !/^[A-Z][A-Z0-9_]*$/.test(name),
      },
      ...(choices === undefined ? {} : { choices }),
    })
  }
  return true
}

const plainName = (word: string): string =>
  word.replace(/^[<[{("]+|(\.\.\.|…)?[>\]})"*+]*(\.\.\.|…)?$/g, '').split(/[:=]/)[0] ?? ''

/** A name as a property: `INPUT_FILE` and `input file` are `input_file`. */
export function propertyName(text: string): string {
  const name = text
    .trim()
    .replace(/[\s-]+/g, '_')
    .replace(/\W/g, '')
  return /^[A-Z0-9_]+$/.test(name) ? name.toLowerCase() : name
}

function choicesIn(word: string): readonly string[] | undefined {
  const inner = word.replace(/^[<[{(]+|[>\]})]+$/g, '')
  const parts = inner
    .split(word.startsWith('{') && inner.includes(',') ? ',' : '|')
    .map((part) => part.trim())
  return parts.length > 1 &&
    parts.every((part) => /^[\w.:-]+$/.test(part)) &&
    !parts.some((part) => /^[A-Z]{2,}$/.test(part) || part === '...')
    ? parts
    : undefined
}
