import { foldWord } from '../text/fold.js'
import { findSecretPaths } from '../text/secret-path.js'
import { findUrls, type HostKind } from '../text/url.js'

/** A word, URL or path of a text. */
export interface Token {
  /** Folded and stemmed; `@url`, `@secret`, `@agentfile` and `@skillfile` for URLs and paths. */
  readonly stem: string
  readonly offset: number
  readonly end: number
  /** For URLs. */
  readonly host?: HostKind
  /** For URLs and paths of secrets: as written. */
  readonly written?: string
  /** Whether a colon or a dash stands before it. */
  readonly afterColon?: true
}

/** Tokens of one sentence, or of a part of a long one. */
export type Sentence = readonly Token[]

const maxSentence = 160
const overlap = 40
const word = /[\p{L}\p{M}\p{N}_\u200b-\u200d\u2060\ufeff\u00ad]+(?:['’][\p{L}]{1,4})?/gu
const ending = /[.!?;]["'”)*_`\]]{0,3}\s|\n[ \t]{0,8}(?:\n|[-*+•] |\d{1,3}[.)] |#{1,6} |> |\|)|[。！？；]/

const agentFiles = /\b(SOUL|MEMORY|HEARTBEAT|IDENTITY|AGENTS|CLAUDE|GEMINI|TOOLS|USER|SKILL)\.md\b/gi

/** Splits prose into sentences of tokens. */
export function readSentences(text: string): Sentence[] {
  const special = [
    ...findUrls(text).map((url) => ({
      stem: '@url',
      offset: url.offset,
      end: url.offset + url.text.length,
      host: url.kind,
      written: url.text,
    })),
  ]
  for (const { path, offset } of findSecretPaths(text)) {
    if (!special.some((url) => offset >= url.offset && offset < url.end)) {
      special.push({ stem: '@secret', offset, end: offset + path.length, host: 'local', written: path })
    }
  }
  for (const { 0: path, 1: name, index } of text.matchAll(agentFiles)) {
    if (special.some((one) => index >= one.offset && index < one.end)) continue
    const stem = name?.toLowerCase() === 'skill' ? '@skillfile' : '@agentfile'
    special.push({ stem, offset: index, end: index + path.length, host: 'local', written: path })
  }
  special.sort((a, b) => a.offset - b.offset)
  const sentences: Sentence[] = []
  let current: Token[] = []
  const close = (): void => {
    if (current.length > 0) sentences.push(current)
    current = []
  }
  const push = (token: Token): void => {
    current.push(token)
    if (current.length === maxSentence) {
      const kept = current.slice(-overlap)
      close()
      current = kept
    }
  }
  let next = 0
  let at = 0
  for (const match of text.matchAll(word)) {
    const { index } = match
    let found = special[next]
    while (found !== undefined && found.offset <= index) {
      if (found.offset >= at) {
        if (ending.test(text.slice(at, found.offset).slice(0, 200))) close()
        push(found)
        at = found.end
      }
      found = special[++next]
    }
    if (index < at) continue
    if (index > at + 1 && ending.test(text.slice(at, Math.min(index, at + 200)))) close()
    push({
      stem: stem(foldWord(match[0]).replace(/^_{1,3}|_{1,3}$/g, '')),
      offset: index,
      end: index + match[0].length,
      ...(index > at + 1 &&
        /: |:$|:\n|[–—]/.test(text.slice(at, Math.min(index, at + 40))) && { afterColon: true as const }),
    })
    at = index + match[0].length
  }
  for (; next < special.length; next++) {
    const found = special[next]
    if (found !== undefined && found.offset >= at) push(found)
  }
  close()
  return sentences
}

/** A crude stem: enough for `send`, `sends`, `sending` and `instructions` to be the same word. */
export function stem(folded: string): string {
  const plain = folded.replace(/['’](s|re|ll|ve|d|m)$/, '').replace(/[’]/g, "'")
  const single = plain.length > 3 && plain.endsWith('s') && !plain.endsWith('ss') ? plain.slice(0, -1) : plain
  return single.length < 5 ? single : single.replace(/(ing|ed|e)$/, '')
}
