import { posix } from 'node:path'

/** A call of a script as `SKILL.md` shows it. */
export interface ExampleCommand {
  /** The words behind the script's name. */
  readonly words: readonly string[]
  /** What is piped into it, where that is spelled out. */
  readonly stdin?: string
}

const MAX_BODY = 400_000
const MAX_EXAMPLES = 50

/** Calls of a script in code blocks and inline code of a `SKILL.md` body. */
export function exampleCommands(body: string, path: string): ExampleCommand[] {
  const base = posix.basename(path)
  const text = body.slice(0, MAX_BODY)
  if (!text.includes(base)) return []
  const found: ExampleCommand[] = []
  for (const code of codeIn(text)) {
    for (const line of code.replace(/\\\r?\n\s*/g, ' ').split('\n')) {
      if (!line.includes(base) || found.length >= MAX_EXAMPLES) continue
      const example = exampleIn(line.trim().slice(0, 2_000), path, base)
      if (example !== undefined) found.push(example)
    }
  }
  return found
}

function* codeIn(text: string): Generator<string> {
  const outside: string[] = []
  let inside: string[] | undefined
  for (const line of text.split('\n')) {
    const fence = /^\s*(```|~~~)/.test(line)
    if (fence && inside !== undefined) {
      yield inside.join('\n')
      inside = undefined
    } else if (fence) inside = []
    else (inside ?? outside).push(line)
  }
  for (const match of outside.join('\n').matchAll(/`([^`\n]+)`/g)) yield match[1] ?? ''
}

function exampleIn(line: string, path: string, base: string): ExampleCommand | undefined {
  const words = shellWords(line)
  const at = words.findIndex(({ text }) => text === base || text === path || text.endsWith(`/${base}`))
  if (at < 0) return undefined
  const behind = words.slice(at + 1)
  const end = behind.findIndex(({ operator }) => operator)
  const own = (end < 0 ? behind : behind.slice(0, end)).map(({ text }) => text)
  const pipe = words.slice(0, at).findLastIndex(({ text, operator }) => operator && text === '|')
  const before = pipe < 0 ? [] : words.slice(0, pipe)
  const piped = /^(echo|printf)$/.test(before.at(-2)?.text ?? '') ? before.at(-1)?.text : undefined
  const here = end >= 0 && behind[end]?.text === '<<<' ? behind[end + 1]?.text : undefined
  const stdin = piped ?? here
  return { words: own, ...(stdin === undefined ? {} : { stdin }) }
}

interface Word {
  readonly text: string
  readonly operator: boolean
}

/** The words of one line as a shell would split it, placeholders in brackets kept whole. */
function shellWords(line: string): Word[] {
  const words: Word[] = []
  const pattern =
    /\s*(?:(#.*$)|(\|\||&&|<<<|[|;&]|>>?|2>&1|<(?![\w -]+>))|((?:'[^']*'|"(?:\\.|[^"\\])*"|<[\w .|:/-]+>|\[[^\]]*\]|\\.|[^\s'"|;&<>])+))/y
  for (let match = pattern.exec(line); match !== null; match = pattern.exec(line)) {
    if (match[1] !== undefined || match[0] === '') break
    if (match[2] !== undefined) words.push({ text: match[2], operator: true })
    else words.push({ text: unquoted(match[3] ?? ''), operator: false })
  }
  return words
}

const unquoted = (word: string): string =>
  word.replace(
    /'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/g,
    (_, single, double, escaped) =>
      single ?? (double === undefined ? escaped : double.replace(/\\(["\\$`])/g, '$1')),
  )
