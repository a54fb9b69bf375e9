import type { FactList } from '../fact.js'
import { decodedUnit, type Unit } from '../unit.js'
import { mixesAlphabets } from './fold.js'

const anyUnseen =
  /[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e0fff}]|[\ufe00-\ufe0f]/u
const unseenRun = /[\u180e\u200b-\u200f\u2060-\u2064\ufeff]{6,}/g
const tagRun = /[\u{e0020}-\u{e007f}]{3,}/gu
const selectorRun = /(?:[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]){6,}/gu
const reordering = /[\u202a-\u202e\u2066-\u2069]/g
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/
const flagBase = '\u{1f3f4}'
const foreignWord = /[A-Za-z]{0,30}[\u0370-\u04ff\u0501-\u058f\u0250-\u02af][\p{L}]{0,40}/gu

/** What a reader does not see: invisible runs, reordered text, look-alike letters. What they spell is scanned too. */
export function findHiddenText(unit: Unit, facts: FactList, scan: (unit: Unit) => void): void {
  const { text } = unit
  if (!/[^\p{ASCII}]/u.test(text)) return
  if (anyUnseen.test(text)) {
    for (const { 0: run, index } of text.matchAll(tagRun)) {
      // flags of regions are written so, after a black flag
      if (text.slice(index - flagBase.length, index) === flagBase && run.length < 20) continue
      const spelled = [...run].map((tag) => String.fromCharCode((tag.codePointAt(0) ?? 0) - 0xe0000)).join('')
      facts.add({
        name: 'hidden-characters',
        unit,
        offset: index,
        what: spelled.slice(0, 60),
        tags: ['tags'],
      })
      const inner = decodedUnit(unit, index, 'tag characters', spelled, 'markdown')
      if (inner !== undefined) scan(inner)
    }
    for (const { 0: run, index } of text.matchAll(unseenRun)) {
      facts.add({
        name: 'hidden-characters',
        unit,
        offset: index,
        what: `${run.length} zero-width characters`,
      })
    }
    for (const { 0: run, index } of text.matchAll(selectorRun)) {
      facts.add({
        name: 'hidden-characters',
        unit,
        offset: index,
        what: `${[...run].length} variation selectors`,
      })
    }
    for (const { index } of text.matchAll(reordering)) {
      const start = text.lastIndexOf('\n', index) + 1
      const end = text.indexOf('\n', index)
      const line = text.slice(
        Math.max(start, index - 500),
        Math.min(end === -1 ? text.length : end, index + 500),
      )
      if (!rightToLeft.test(line)) facts.add({ name: 'reordered-text', unit, offset: index })
    }
    findSplitWords(unit, facts)
  }
  for (const { 0: word, index } of text.matchAll(foreignWord)) {
    if (word.length >= 4 && mixesAlphabets(word)) {
      facts.add({ name: 'look-alike-letters', unit, offset: index, what: word })
    }
  }
}

const split = /[A-Za-z][\u200b\u2060\ufeff\u00ad][A-Za-z]/g

/** Words with invisible characters inside, as one writes to get past a filter. */
function findSplitWords(unit: Unit, facts: FactList): void {
  const words = unit.text.matchAll(split)
  const first = words.next().value
  if (first !== undefined && words.next().value !== undefined) {
    facts.add({
      name: 'hidden-characters',
      unit,
      offset: first.index,
      what: 'words with gaps that do not show',
    })
  }
}

const farLines = 60

/** Content far below what looks like the end of a file. */
export function findFarText(unit: Unit, facts: FactList): void {
  const { text } = unit
  if (!text.includes('\n\n\n')) return
  let blank = 0
  let seen = false
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at)
    const end = newline === -1 ? text.length : newline
    const line = text.slice(at, Math.min(end, at + 200))
    if (line.trim() === '' && end - at < 200) blank++
    else {
      if (seen && blank >= farLines) {
        facts.add({ name: 'far-text', unit, offset: at, what: `${blank} blank lines` })
        return
      }
      seen = true
      blank = 0
    }
    at = end + 1
  }
}
