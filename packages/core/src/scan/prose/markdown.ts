/** A part of a Markdown text. */
export interface MarkdownPart {
  readonly kind: 'front-matter' | 'heading' | 'text' | 'code' | 'comment'
  readonly start: number
  readonly end: number
  /** The info string's first word, for fenced code. */
  readonly language?: string
  /** The headings above, and the last line that ended with a colon: what introduces the part. */
  readonly lead: string
  /** Whether it is quoted: a block quote. */
  readonly quoted: boolean
  /** Whether it is a row of a table. */
  readonly table: boolean
  /** Whether it is an item of a list. */
  readonly item: boolean
}

const maxLine = 400

/** Cuts a Markdown text into its parts, line by line. */
export function* readMarkdown(text: string): Generator<MarkdownPart> {
  let parts: MarkdownPart[] = []
  const headings: string[] = []
  let intro = ''
  let introIsList = false
  let open: { start: number; end: number; quoted: boolean; table: boolean; item: boolean } | undefined
  const lead = (): string => `${headings.filter(Boolean).join('\n')}\n${intro}`
  const close = (): void => {
    if (open !== undefined) parts.push({ kind: 'text', lead: lead(), ...open })
    open = undefined
  }
  let at = 0
  const frontMatter = /^\ufeff?---[ \t]*\r?\n/.exec(text)
  if (frontMatter !== null) {
    const end = text.indexOf('\n---', 3)
    if (end !== -1) {
      const after = text.indexOf('\n', end + 1)
      at = after === -1 ? text.length : after + 1
      parts.push({
        kind: 'front-matter',
        start: 0,
        end: at,
        lead: '',
        quoted: false,
        table: false,
        item: false,
      })
    }
  }
  let fence: { marks: string; language: string; start: number } | undefined
  while (at < text.length) {
    if (parts.length > 0) {
      yield* parts
      parts = []
    }
    const newline = text.indexOf('\n', at)
    const end = newline === -1 ? text.length : newline + 1
    const line = text.slice(at, Math.min(end, at + maxLine))
    const trimmed = line.trim()
    const mark = /^(?:[ \t]*(?:[-*+]|\d{1,3}[.)])?[ \t]*(?:>[ \t]?)?)[ \t]*(`{3,}|~{3,})([^`]*)$/.exec(
      line.trimEnd(),
    )
    if (fence !== undefined) {
      const marks = mark?.[1] ?? ''
      if (marks.startsWith(fence.marks) && (mark?.[2] ?? '').trim() === '') {
        parts.push({ ...codePart(fence.start, at), language: fence.language, lead: lead() })
        fence = undefined
      }
      at = end
      continue
    }
    if (mark !== null) {
      close()
      const language = /^[\w+#.-]{1,30}/.exec((mark[2] ?? '').trim())?.[0] ?? ''
      fence = { marks: mark[1] ?? '```', language: language.toLowerCase(), start: end }
      at = end
      continue
    }
    const comment = line.indexOf('<!--')
    if (comment !== -1) {
      const start = at + comment
      const stop = text.indexOf('-->', start + 4)
      const finish = stop === -1 ? text.length : stop + 3
      if (comment > 0) open = grow(open, at, start, line)
      close()
      parts.push({
        kind: 'comment',
        start,
        end: finish,
        lead: lead(),
        quoted: false,
        table: false,
        item: false,
      })
      at = finish
      continue
    }
    const heading = /^ {0,3}(#{1,6})[ \t]+(.*)$/.exec(trimmed)
    if (heading !== null) {
      close()
      const level = (heading[1] ?? '#').length
      headings.length = level - 1
      headings[level - 1] = heading[2] ?? ''
      intro = ''
      parts.push({ kind: 'heading', start: at, end, lead: lead(), quoted: false, table: false, item: false })
    } else if (trimmed === '') {
      close()
    } else {
      const item = /^(?:[-*+•]|\d{1,3}[.)])[ \t]/.test(trimmed)
      if (!item && introIsList && !/^[ \t]/.test(line)) intro = ''
      if (item) {
        close()
        introIsList = true
      }
      open = grow(open, at, end, line)
      if (/:[*_`]{0,3}$/.test(trimmed) && trimmed.length < 300) {
        close()
        intro = trimmed
        introIsList = false
      }
    }
    at = end
  }
  if (fence !== undefined)
    parts.push({ ...codePart(fence.start, text.length), language: fence.language, lead: lead() })
  close()
  yield* parts
}

const codePart = (start: number, end: number) =>
  ({ kind: 'code', start, end, quoted: false, table: false, item: false }) as const

function grow<Open extends { start: number; end: number; quoted: boolean; table: boolean; item: boolean }>(
  open: Open | undefined,
  start: number,
  end: number,
  line: string,
): Open | { start: number; end: number; quoted: boolean; table: boolean; item: boolean } {
  if (open !== undefined) return { ...open, end }
  const trimmed = line.trimStart()
  return {
    start,
    end,
    quoted: trimmed.startsWith('>'),
    table: trimmed.startsWith('|'),
    item: /^(?:[-*+•]|\d{1,3}[.)])[ \t]/.test(trimmed),
  }
}
