import { CodeScan } from './code/scan-code.js'
import { type Collected, noteProblems } from './collect/collect-files.js'
import { inspectFile } from './collect/inspect-file.js'
import { type Fact, FactList } from './fact.js'
import { scanManifest } from './manifests/scan-manifest.js'
import { findProsePhrases } from './prose/prose-phrases.js'
import { scanMarkdown } from './prose/scan-markdown.js'
import { findPattern } from './rules/match-patterns.js'
import { loadRules } from './rules/rules.js'
import { analyseShell } from './shell/analyse-shell.js'
import { findEncodedBlobs } from './text/encoded-blobs.js'
import { findFarText, findHiddenText } from './text/hidden-text.js'
import type { Unit } from './unit.js'

const maxUnits = 2_000
const maxQueuedText = 32 * 1024 * 1024

/** Looks at everything that was collected, and at whatever that holds. Deterministic; runs nothing, reads nothing else. */
export async function scanContent(
  content: Collected,
): Promise<{ facts: readonly Fact[]; units: readonly Unit[] }> {
  const facts = new FactList()
  noteProblems(content.problems, facts)
  const paths = new Set(content.files.map((file) => file.path))
  const units = content.files
    .map((file) => inspectFile(file, paths, facts))
    .filter((unit) => unit !== undefined)
  const queue: Unit[] = []
  const seen = new Set<string>()
  let queued = 0
  const scan = (unit: Unit): void => {
    const key = `${unit.kind}\0${unit.text}`
    if (unit.text.trim() === '' || seen.has(key)) return
    if (queue.length >= maxUnits || queued + unit.text.length > maxQueuedText) {
      facts.add({ name: 'not-read', unit, offset: 0, what: 'more encoded parts than are scanned' })
      return
    }
    if (unit.text.length < 100_000) seen.add(key)
    queued += unit.text.length
    queue.push(unit)
  }
  const byName = (path: string) => {
    const name =
      path
        .replace(/^.*…\/?/, '')
        .split('/')
        .pop() ?? ''
    const unit =
      name.length < 3
        ? undefined
        : units.find(({ file }) => file === path || file === name || file.endsWith(`/${name}`))
    return unit === undefined || unit.text.length > 300_000 ? undefined : { path: unit.file, text: unit.text }
  }
  const code = new CodeScan(facts, scan, byName)
  for (const unit of units) {
    if (isCode(unit)) await code.add(unit)
    scanText(unit, facts, scan)
    findFarText(unit, facts)
    noteNested(unit, facts)
  }
  code.follow()
  for (let next = 0; next < queue.length; next++) {
    const unit = queue[next]
    if (unit === undefined) continue
    if (isCode(unit)) await code.scan(unit)
    scanText(unit, facts, scan)
  }
  return { facts: facts.facts, units }
}

const isCode = ({ kind }: Unit): boolean =>
  kind === 'python' || kind === 'javascript' || kind === 'typescript'

function scanText(unit: Unit, facts: FactList, scan: (unit: Unit) => void): void {
  const whole = unit.within === undefined
  if (whole) findHiddenText(unit, facts, scan)
  if (whole) findEncodedBlobs(unit, facts, scan)
  matchPatterns(unit, facts)
  if (unit.kind === 'markdown') scanMarkdown(unit, facts, scan)
  else if (unit.kind === 'shell') analyseShell(unit, facts, scan)
  else if (unit.kind === 'data') {
    scanManifest(unit, facts, (part) => analyseShell(part, facts, scan))
    if (unit.text.length < 2_000_000) findProsePhrases(unit, { lead: '' }, facts)
  }
}

function matchPatterns(unit: Unit, facts: FactList): void {
  const lower = unit.text.toLowerCase()
  // lower case may change the length of some letters; then offsets are only about right
  for (const rule of loadRules()) {
    for (const pattern of rule.compiledPatterns) {
      if (pattern.in !== undefined && !pattern.in.includes(unit.kind)) continue
      for (const { offset, text } of findPattern(pattern, unit.text, lower)) {
        facts.add({ name: `pattern:${rule.id}`, unit, offset, what: text.replace(/\s+/g, ' ').slice(0, 120) })
      }
    }
  }
}

function noteNested(unit: Unit, facts: FactList): void {
  if (/.\/skill\.md$/i.test(unit.file) && /^---/.test(unit.text))
    facts.add({ name: 'nested-skill', unit, offset: 0, what: unit.file })
}
