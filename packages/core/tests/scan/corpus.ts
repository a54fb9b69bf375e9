import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Collected, CollectedFile, CollectProblem } from '../../src/scan/collect/collect-files.js'

/** One labelled skill. */
export interface Sample {
  readonly name: string
  readonly category: string
  readonly content: Collected
  /** Whether it is kept out of all tuning. */
  readonly heldBack: boolean
}

/** Reads labelled skills: `%% name | category`, the description, the body, and files after `@@ path`. */
export function readCorpus(...names: readonly string[]): Sample[] {
  return names.flatMap((name) => {
    const text = readFileSync(new URL(`./corpus/${name}.txt`, import.meta.url), 'utf8')
    return text
      .split(/^%% /m)
      .slice(1)
      .map((entry) => readSample(entry))
  })
}

function readSample(entry: string): Sample {
  const newline = entry.indexOf('\n')
  const [name = '', category = ''] = entry.slice(0, newline).split(' | ')
  const [skill = '', ...rest] = entry.slice(newline + 1).split(/^@@/m)
  const [description = '', ...body] = skill.split('\n')
  const files = new Map<string, CollectedFile>()
  const problems: CollectProblem[] = []
  const quoted = JSON.stringify(description)
  add('SKILL.md', Buffer.from(`---\nname: ${name}\ndescription: ${quoted}\n---\n\n${body.join('\n')}`))
  for (const part of rest) {
    const end = part.indexOf('\n')
    const [how = '', path = ''] = part.slice(0, end).split(' ')
    const text = part.slice(end + 1)
    if (how === 'link') problems.push({ name: 'link-outside', path, what: text.trim() })
    else if (how === 'hex') add(path, Buffer.from(text.replace(/\s/g, ''), 'hex'))
    else if (how === 'utf16') add(path, Buffer.from(`\ufeff${text}`, 'utf16le'))
    else add(path, Buffer.from(text))
  }
  function add(path: string, bytes: Buffer): void {
    files.set(path, { path, bytes, executable: false })
  }
  const heldBack = (createHash('sha256').update(`split ${name}`).digest()[0] ?? 0) % 3 === 0
  return { name, category, heldBack, content: { files: [...files.values()], problems } }
}
