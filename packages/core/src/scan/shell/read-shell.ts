import type { Command, Pipeline, Redirect, Script, Segment, Word } from './syntax.js'

const maxDepth = 10
const maxWords = 60_000
const maxSegments = 1_000
/** A command with more words does nothing that its first ones do not tell. */
const maxWordsPerCommand = 2_000

/** Reads shell text in one pass. Never fails: what cannot be understood is text. */
export function readShell(text: string): Script & { readonly cut: boolean } {
  const reader = new ShellReader(text)
  const script = reader.script('', 0)
  return { ...script, cut: reader.cut }
}

const blank = /[ \t]/
const special = /[\s;&|<>()]/
const variableName = /[A-Za-z_][A-Za-z0-9_]{0,60}|[@*#?!$0-9-]/y
const keywords = new Set([
  'if',
  'then',
  'else',
  'elif',
  'fi',
  'do',
  'done',
  'while',
  'until',
  'case',
  'esac',
  '{',
  '}',
  '!',
  'time',
  'function',
])

class ShellReader {
  private at = 0
  private words = 0
  /** Whether there was more than is read. */
  cut = false
  private readonly heredocs: { mark: string; segments: Segment[] }[] = []
  /** Set where one has no end: to look for the ends of all others would take quadratic time. */
  private openHeredoc = false

  constructor(private readonly text: string) {}

  /** Reads until `end` (`)`, a backquote, or nothing for the end of the text). */
  script(end: '' | ')' | '`', depth: number): Script {
    const pipelines: Pipeline[] = []
    let commands: Command[] = []
    const finish = (background: boolean): void => {
      if (commands.length > 0) pipelines.push({ commands, background })
      commands = []
    }
    while (this.at < this.text.length && this.words < maxWords) {
      const before = this.at
      const command = this.command(end, depth)
      if (command.words.length > 0 || command.redirects.length > 0) commands.push(command)
      const character = this.text[this.at] ?? ''
      if (character === end && end !== '') {
        this.at++
        break
      }
      if (character === '|') {
        if (this.text[this.at + 1] === '|') {
          finish(false)
          this.at++
        }
        this.at++
        if (this.text[this.at] === '&') this.at++
      } else if (character === '&') {
        const both = this.text[this.at + 1] === '&'
        finish(!both)
        this.at += both ? 2 : 1
      } else {
        finish(false)
        if (this.at === before || character !== '') this.at++
        if (character === '\n') this.readHeredocs()
      }
    }
    if (this.words >= maxWords) this.cut = true
    finish(false)
    return { pipelines }
  }

  private command(end: string, depth: number): Command {
    const words: Word[] = []
    const redirects: Redirect[] = []
    this.skipBlanks()
    const offset = this.at
    for (;;) {
      this.skipBlanks()
      const character = this.text[this.at]
      if (character === undefined || character === '\n' || character === ';' || character === '|') break
      if (character === end && end !== '') break
      if (character === '#' && (this.at === 0 || /\s/.test(this.text[this.at - 1] ?? ' '))) {
        const newline = this.text.indexOf('\n', this.at)
        this.at = newline === -1 ? this.text.length : newline
        continue
      }
      const redirect = this.redirect(end, depth)
      if (redirect === 'background') break
      if (redirect !== undefined) {
        redirects.push(redirect)
        continue
      }
      if (character === ')') {
        // of a case pattern or of a function; nothing of a command's own
        this.at++
        words.length = 0
        continue
      }
      const word = this.word(end, depth)
      if (word === undefined) break
      const plain =
        word.segments.length === 1 && word.segments[0]?.kind === 'text' ? word.segments[0].text : ''
      // a keyword, or the name of a function that is being defined
      if (words.length === 0 && (keywords.has(plain) || plain.endsWith('()'))) continue
      words.push(word)
      if (words.length >= maxWordsPerCommand) {
        this.cut = true
        while (this.at < this.text.length && !/[\n;|&)`]/.test(this.text[this.at] ?? '')) this.at++
        break
      }
      if (++this.words >= maxWords) break
    }
    return { words, redirects, offset: words[0]?.offset ?? offset }
  }

  private redirect(end: string, depth: number): Redirect | 'background' | undefined {
    const match = /^(?:\d?(?:<<<|<<-?|>>|>\||>&|<&|>(?!\()|<(?!\())|&>>?)/.exec(
      this.text.slice(this.at, this.at + 4),
    )
    if (match === null) return this.text[this.at] === '&' ? 'background' : undefined
    this.at += match[0].length
    const operator = match[0].replace(/^\d/, '')
    this.skipBlanks()
    const offset = this.at
    const word = this.word(end, depth) ?? { segments: [], offset, end: offset }
    if (!operator.startsWith('<<') || operator === '<<<') return { operator, target: word }
    const segments: Segment[] = []
    const mark = word.segments.map((segment) => (segment.kind === 'text' ? segment.text : '')).join('')
    if (mark !== '' && !this.openHeredoc && this.heredocs.length < 10) this.heredocs.push({ mark, segments })
    return { operator: '<<', target: { segments, offset, end: offset } }
  }

  private readHeredocs(): void {
    for (const { mark, segments } of this.heredocs.splice(0)) {
      const start = this.at
      let line = start
      this.openHeredoc = true
      while (line < this.text.length) {
        const newline = this.text.indexOf('\n', line)
        const stop = newline === -1 ? this.text.length : newline
        if (this.text.slice(line, Math.min(stop, line + 200)).trim() === mark) {
          segments.push({ kind: 'text', text: this.text.slice(start, line) })
          this.at = stop
          this.openHeredoc = false
          break
        }
        line = stop + 1
      }
    }
  }

  private word(end: string, depth: number): Word | undefined {
    const offset = this.at
    const segments: Segment[] = []
    const add = (text: string): void => {
      const last = segments.at(-1)
      if (last?.kind === 'text') segments[segments.length - 1] = { kind: 'text', text: last.text + text }
      else segments.push({ kind: 'text', text })
    }
    while (this.at < this.text.length) {
      const character = this.text[this.at] ?? ''
      if (character === end && end !== '') break
      if (segments.length > maxSegments) {
        this.cut = true
        while (this.at < this.text.length && !/\s/.test(this.text[this.at] ?? '')) this.at++
        break
      }
      if (
        (character === '<' || character === '>') &&
        this.text[this.at + 1] === '(' &&
        segments.length === 0
      ) {
        this.at++
        segments.push(this.nested(depth))
        continue
      }
      if (character === '(' && segments.length === 0) {
        segments.push(this.nested(depth))
        continue
      }
      if (character === '(' && this.text[this.at + 1] === ')') {
        this.at += 2
        add('()')
        continue
      }
      if (special.test(character)) break
      if (character === "'") this.singleQuoted(add)
      else if (character === '"') this.doubleQuoted(segments, add, depth)
      else if (character === '`') {
        if (end === '`') break
        this.at++
        segments.push(this.backquoted(depth))
      } else if (character === '$') this.dollar(segments, add, depth)
      else if (character === '\\') {
        if (this.text[this.at + 1] !== '\n') add(this.text[this.at + 1] ?? '')
        this.at += 2
      } else {
        const start = this.at
        while (this.at < this.text.length && /[^\s;&|<>()'"`$\\]/.test(this.text[this.at] ?? '')) this.at++
        add(this.text.slice(start, this.at))
      }
    }
    return this.at === offset ? undefined : { segments, offset, end: this.at }
  }

  private nested(depth: number): Segment {
    this.at++
    if (depth >= maxDepth) return { kind: 'text', text: '(' }
    return { kind: 'script', script: this.script(')', depth + 1) }
  }

  private backquoted(depth: number): Segment {
    if (depth >= maxDepth) return { kind: 'text', text: '`' }
    return { kind: 'script', script: this.script('`', depth + 1) }
  }

  private singleQuoted(add: (text: string) => void): void {
    const close = this.text.indexOf("'", this.at + 1)
    // an apostrophe in prose closes nowhere near
    if (close === -1) {
      add("'")
      this.at++
      return
    }
    add(this.text.slice(this.at + 1, close))
    this.at = close + 1
  }

  private doubleQuoted(segments: Segment[], add: (text: string) => void, depth: number): void {
    this.at++
    add('')
    while (this.at < this.text.length) {
      const character = this.text[this.at] ?? ''
      if (character === '"') {
        this.at++
        return
      }
      if (character === '\\' && /["$`\\\n]/.test(this.text[this.at + 1] ?? '')) {
        add(this.text[this.at + 1] === '\n' ? '' : (this.text[this.at + 1] ?? ''))
        this.at += 2
      } else if (character === '$') this.dollar(segments, add, depth)
      else if (character === '`') {
        this.at++
        segments.push(this.backquoted(depth))
      } else {
        const start = this.at
        this.at++
        while (this.at < this.text.length && /[^"\\$`]/.test(this.text[this.at] ?? '')) this.at++
        add(this.text.slice(start, this.at))
      }
    }
  }

  private dollar(segments: Segment[], add: (text: string) => void, depth: number): void {
    const next = this.text[this.at + 1] ?? ''
    if (next === '(') {
      this.at++
      segments.push(this.nested(depth))
    } else if (next === "'") {
      const close = this.text.indexOf("'", this.at + 2)
      const stop = close === -1 ? this.text.length : close
      add(unescapeAnsi(this.text.slice(this.at + 2, stop)))
      this.at = stop + 1
    } else if (next === '{') {
      const close = this.text.slice(this.at, this.at + 200).indexOf('}')
      const stop = close === -1 ? this.at + 2 : this.at + close
      const inner = /^[!#]?([A-Za-z_]\w{0,60}|[@*#?$!0-9])/.exec(this.text.slice(this.at + 2, stop))
      segments.push({ kind: 'variable', name: inner?.[1] ?? '' })
      this.at = stop + 1
    } else {
      variableName.lastIndex = this.at + 1
      const name = variableName.exec(this.text)?.[0]
      if (name === undefined) add('$')
      else segments.push({ kind: 'variable', name })
      this.at += 1 + (name?.length ?? 0)
    }
  }

  private skipBlanks(): void {
    for (;;) {
      const character = this.text[this.at] ?? ''
      if (blank.test(character)) this.at++
      else if (character === '\\' && this.text[this.at + 1] === '\n') this.at += 2
      else return
    }
  }
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  e: '\u001b',
  a: '',
  b: '',
  f: '',
  v: '',
}

/** What `$'…'`, `echo -e` and `printf` make of backslashes. */
export function unescapeAnsi(text: string): string {
  return text.replace(/\\(x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|[0-7]{1,3}|.)/gs, (_all, code: string) => {
    if (/^[xu]./.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16))
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8))
    return escapes[code] ?? code
  })
}
