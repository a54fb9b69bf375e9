import type { FactList } from '../fact.js'
import { analyseShell } from '../shell/analyse-shell.js'
import { noFiles } from '../shell/shell-value.js'
import { decodeBase64 } from '../text/decode.js'
import { findUrls } from '../text/url.js'
import { decodedUnit, type Stance, type Unit, type UnitKind } from '../unit.js'
import { type MarkdownPart, readMarkdown } from './markdown.js'
import { findProsePhrases } from './prose-phrases.js'
import { leadStance, stanceOf } from './stance.js'
import { readSentences } from './tokens.js'

const shellLanguages = new Set([
  '',
  'bash',
  'sh',
  'shell',
  'zsh',
  'console',
  'terminal',
  'shellsession',
  'shell-session',
  'fish',
  'text',
  'txt',
  'plaintext',
  'cmd',
  'bat',
  'dockerfile',
  'docker',
  'make',
  'makefile',
])
const powershell = new Set(['powershell', 'ps1', 'pwsh', 'ps', 'cmd', 'bat'])
const code: Readonly<Record<string, UnitKind>> = {
  python: 'python',
  py: 'python',
  python3: 'python',
  javascript: 'javascript',
  js: 'javascript',
  node: 'javascript',
  typescript: 'typescript',
  ts: 'typescript',
  tsx: 'typescript',
  jsx: 'javascript',
}
const remarkable =
  /exec|eval|b64decode|subprocess|os\.system|popen|child_process|environ|process\.env|\.ssh|\.aws|fromCharCode|socket|pickle|urlopen|requests\.|fetch\(/

const commandWord =
  /(?:^|[\s"'(>$#|;&/])(curl|wget|iwr|irm|iex|base64|bash|zsh|sh|nc|ncat|rm|sudo|chmod|crontab|dd|pip3?|npm|npx|uv|powershell|pwsh|echo|printf|eval|python3?|node|docker|xattr|spctl|cat|tar|scp|launchctl|systemctl|export|security|mkfifo|nohup|claude|codex|cp|mv|tee|find|openssl|osascript|brew|git|certutil|bitsadmin|mshta|Set-MpPreference|Add-MpPreference)\b/

/** Scans a Markdown text: what it says, the code in it, its links, and what is hidden in it. */
export function scanMarkdown(unit: Unit, facts: FactList, scan: (unit: Unit) => void): void {
  const seen = new Set<string>()
  const files = noFiles()
  const shell = (part: Unit): void => analyseShell(part, facts, scan, files)
  for (const part of readMarkdown(unit.text)) {
    if (!facts.spend('sections', unit, part.start)) return
    // the same part once more says nothing new
    const text = unit.text.slice(part.start, Math.min(part.end, part.start + 2_000))
    const key = `${part.kind}\0${part.lead}\0${text}`
    if (part.end - part.start < 2_000 && seen.has(key)) continue
    if (seen.size < 20_000 && key.length < 3_000) seen.add(key)
    scanPart(unit, part, facts, scan, shell)
  }
}

function scanPart(
  unit: Unit,
  part: MarkdownPart,
  facts: FactList,
  scan: (unit: Unit) => void,
  shell: (unit: Unit) => void,
): void {
  const text = unit.text.slice(part.start, part.end)
  const stance = strongest(unit.stance, leadStance(part))
  const inner = (offset: number, length: number, kind: UnitKind, own: Stance = stance): Unit => ({
    file: unit.file,
    text: unit.text.slice(part.start + offset, part.start + offset + length),
    kind,
    stance: strongest(unit.stance, own),
    within: { unit, offset: part.start + offset },
  })
  if (part.kind === 'code') {
    const language = part.language ?? ''
    const kind = code[language]
    if (powershell.has(language)) scan(inner(0, text.length, 'powershell'))
    if (shellLanguages.has(language)) shell(withoutPrompts(inner(0, text.length, 'shell')))
    else if (kind !== undefined && remarkable.test(text)) scan(inner(0, text.length, kind))
    if (!shellLanguages.has(language) || language !== '') {
      if (/^(md|markdown|xml|html)$/.test(language))
        findProsePhrases(inner(0, text.length, 'markdown'), part, facts)
    } else findProsePhrases(inner(0, text.length, 'markdown'), part, facts)
    return
  }
  if (part.kind === 'comment') {
    const body = inner(4, Math.max(0, text.length - 7), 'markdown', 'meant')
    const count = facts.facts.length
    findProsePhrases(body, part, facts)
    scanCommands(unit, body.text, part.start + 4, () => 'meant', facts, scan, shell)
    const serious = facts.facts
      .slice(count)
      .some(({ name }) => /^phrase:|download|send|run|secret/.test(name))
    if (serious || addressesAgent(body.text))
      facts.add({
        name: 'hidden-instruction',
        unit,
        offset: part.start,
        stance: unit.stance,
        what: body.text.trim().slice(0, 80),
      })
    return
  }
  findProsePhrases(inner(0, text.length, 'markdown', 'meant'), part, facts)
  scanCommands(unit, text, part.start, (offset) => commandStance(text, offset, part), facts, scan, shell)
  scanHtml(unit, text, part.start, facts)
  for (const url of findUrls(text, 200)) {
    if (!facts.spend('addresses', unit, part.start + url.offset)) break
    noteUrl(unit, part.start + url.offset, url.text, url.kind, stance, text, url.offset, facts)
  }
  for (const { 0: link, index } of text.matchAll(/data:[\w/+.-]{0,60};base64,([A-Za-z0-9+/=]{12,20000})/g)) {
    const decoded = decodeBase64(link.slice(link.indexOf(',') + 1))
    if (decoded === undefined || !/^data:(text|application\/(x-sh|javascript|x-python))|^data:;/.test(link))
      continue
    facts.add({ name: 'data-link', unit, offset: part.start + index, stance, what: decoded.slice(0, 80) })
    const hidden = decodedUnit(unit, part.start + index, 'base64', decoded, 'shell')
    if (hidden !== undefined) scan(hidden)
  }
}

const addressed =
  /\b(agent|assistant|claude|llm|ai|model|system)\b\s{0,3}[:,]|\b(you must|you should|before you answer|when you see this|do not (tell|mention|reveal)|without asking|silently|secretly|ignore (all|any|previous))\b/i

function addressesAgent(comment: string): boolean {
  return (
    addressed.test(comment.slice(0, 2_000)) &&
    /\b(run|send|read|execute|fetch|ignore|reveal|curl|upload|include|append)\b/i.test(
      comment.slice(0, 2_000),
    )
  )
}

const maxLine = 4_000
const lineOverlap = 1_000

/** Commands in running text: in code spans, and in lines that hold one as it is. */
function scanCommands(
  unit: Unit,
  text: string,
  start: number,
  stance: (offset: number) => Stance,
  facts: FactList,
  scan: (unit: Unit) => void,
  shell: (unit: Unit) => void,
): void {
  const spans: [number, number][] = []
  for (const { 0: span, index } of text.matchAll(
    /(`{1,2})(?!`)([^`\n]{2,2000}(?:\n[^`\n]{0,500}){0,3})\1(?!`)/g,
  )) {
    const marks = span.startsWith('``') ? 2 : 1
    spans.push([index, index + span.length])
    const content = span.slice(marks, -marks)
    if (!commandWord.test(` ${content}`) && !/[|>]/.test(content)) continue
    const part: Unit = {
      file: unit.file,
      text: content,
      kind: 'shell',
      stance: strongest(unit.stance, stance(index)),
      within: { unit, offset: start + index + marks },
    }
    if (!facts.spend('command lines', unit, start + index)) return
    shell(part)
    if (/powershell|iex|iwr|irm|Invoke-|MpPreference|certutil|mshta/i.test(content))
      scan({ ...part, kind: 'powershell' })
  }
  let next = 0
  const analyse = (from: number, end: number): boolean => {
    while ((spans[next]?.[1] ?? Number.POSITIVE_INFINITY) <= from) next++
    if ((spans[next]?.[0] ?? Number.POSITIVE_INFINITY) <= from) return true
    if (!facts.spend('command lines', unit, start + from)) return false
    const part: Unit = {
      file: unit.file,
      text: text.slice(from, end),
      kind: 'shell',
      stance: strongest(unit.stance, stance(from)),
      within: { unit, offset: start + from },
    }
    shell(part)
    if (/powershell|iex|iwr|irm|Invoke-|MpPreference/i.test(part.text)) scan({ ...part, kind: 'powershell' })
    return true
  }
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at)
    const end = Math.min(newline === -1 ? text.length : newline, at + maxLine)
    const line = text.slice(at, end)
    const found = commandWord.exec(line)
    if (found !== null && /[|>&;]|-[oOfsSL]|https?:|~\/|\$\(/.test(line)) {
      const from = at + found.index + found[0].length - (found[1]?.length ?? 0)
      if (!analyse(from, end)) return
      // what stands before a download in a sentence may look like a command that swallows it
      const swallows = found[1] !== 'curl' && found[1] !== 'wget'
      const download = swallows ? /\b(curl|wget)\s/.exec(text.slice(from + 1, end)) : null
      if (download !== null && !analyse(from + 1 + download.index, end)) return
    }
    at = end === newline ? end + 1 : end === text.length ? end : end - lineOverlap
  }
}

/** Whether a command in running text is to be run: what its sentence and what introduces it say. */
function commandStance(text: string, offset: number, part: MarkdownPart): Stance {
  const before = text.slice(Math.max(0, offset - 300), offset)
  const sentence = readSentences(`${before} COMMAND`).at(-1) ?? []
  const after = text.slice(offset, offset + 300)
  const judged = stanceOf(sentence, sentence.length - 1, part)
  if (judged === 'warned') return judged
  // `curl … | sh`: runs unseen code. Never do this.
  const rest = after.replace(/^`[^`]{0,250}`/, '').slice(0, 120)
  return /^[^\n]{0,80}\b(dangerous|malicious|never|avoid|unsafe|insecure|reverse shell|exfiltrat\w+|steals?|attack\w*|red flag|suspicious|not recommended|runs unseen|vulnerab\w+|bad)\b/i.test(
    rest,
  )
    ? 'warned'
    : 'meant'
}

function scanHtml(unit: Unit, text: string, start: number, facts: FactList): void {
  if (!/style|hidden|<details/i.test(text)) return
  for (const { 0: tag, index } of text.matchAll(
    /<[a-z][a-z0-9]{0,20}\s[^<>]{0,400}(?:font-size\s{0,3}:\s{0,3}0(?![.\d])|color\s{0,3}:\s{0,3}(?:white|#fff(?:fff)?|transparent)|display\s{0,3}:\s{0,3}none|opacity\s{0,3}:\s{0,3}0(?:[;"']|\.0)|visibility\s{0,3}:\s{0,3}hidden)[^<>]{0,200}>([^<]{12,400})/gi,
  )) {
    facts.add({
      name: 'hidden-styled-text',
      unit,
      offset: start + index,
      what: tag
        .slice(tag.indexOf('>') + 1)
        .trim()
        .slice(0, 80),
    })
  }
}

const download = /\b(download|install|get|fetch|run|execute|open|visit|extract|copy|paste|unzip|setup)\b/i

function noteUrl(
  unit: Unit,
  offset: number,
  url: string,
  host: string,
  stance: Stance,
  text: string,
  at: number,
  facts: FactList,
): void {
  const around = text.slice(Math.max(0, at - 250), at + url.length + 250)
  const acts = download.test(around)
  facts.add({ name: acts ? 'link-to-act' : 'link', unit, offset, stance, what: url.slice(0, 120), host })
  if (
    /\.(exe|msi|dmg|pkg|scr|bat|ps1|apk|deb|rpm|appimage|jar|vbs|hta|command|zip|rar|7z|tar\.gz|tgz)([?#].{0,200})?$/i.test(
      url,
    )
  ) {
    const password =
      /\b(pass(word|code|wd)?|pwd|extract[- ]?key)\b\s{0,3}(is\s|[:=(])?/i.test(around.slice(0)) &&
      /extract|unzip|unpack|archive|zip|rar/i.test(around)
    facts.add({
      name: password ? 'link-to-locked-archive' : 'link-to-program',
      unit,
      offset,
      stance,
      what: url.slice(0, 120),
      host,
    })
  }
  if (
    /^!\[/.test(text.slice(Math.max(0, text.lastIndexOf('![', at)), at)) &&
    /[?&][\w-]{1,30}=(\{|\$|%7B|<|DATA|SECRET|TOKEN|[A-Z_]{4,}$)/.test(url)
  ) {
    facts.add({ name: 'image-with-data', unit, offset, stance, what: url.slice(0, 120), host })
  }
}

function withoutPrompts(unit: Unit): Unit {
  // same length, so that offsets stay right
  return /^[ \t]*(\$|>|%|#) /m.test(unit.text)
    ? { ...unit, text: unit.text.replace(/^([ \t]{0,20})[$>%] /gm, '$1  ') }
    : unit
}

const order: readonly Stance[] = ['meant', 'warned', 'sample']

function strongest(one: Stance, other: Stance): Stance {
  return order.indexOf(one) > order.indexOf(other) ? one : other
}
