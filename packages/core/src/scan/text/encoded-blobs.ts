import type { FactList } from '../fact.js'
import { decodedUnit, type Unit } from '../unit.js'
import { decodeBase64, decodeHex, inflate, isReadable } from './decode.js'
import { findUrls } from './url.js'

const base64Run = /[A-Za-z0-9+/_-]{32,}={0,2}/g
const hexRun = /(?:\\x[0-9a-fA-F]{2}){12,}|\b(?:[0-9a-fA-F]{2}){24,}\b/g
const maxDecoded = 3 * 1024 * 1024

const telling =
  /\b(curl|wget|bash|\/bin\/sh|powershell|iex|eval|exec|import os|subprocess|child_process|require\(|socket|system\(|\.ssh|\.aws|ignore (all )?previous|chmod|nc -e)\b/i

/** Runs of base64 or hexadecimal digits that spell something that would be remarkable if it stood there. */
export function findEncodedBlobs(unit: Unit, facts: FactList, scan: (unit: Unit) => void): void {
  let budget = maxDecoded
  const look = (offset: number, how: string, text: string | undefined): void => {
    if (text === undefined) return
    budget -= text.length
    const inflated = isCompressed(text) ? inflate(Buffer.from(text, 'latin1')) : undefined
    const plain = inflated ?? text
    if (!isReadable(plain)) return
    const hiddenUrl = findUrls(plain, 5).some(({ kind }) =>
      /^(raw-ip|paste|shortener|collector|look-alike)$/.test(kind),
    )
    if (!hiddenUrl && !telling.test(plain)) return
    const ways = inflated === undefined ? how : `${how}, compressed`
    const inner = decodedUnit(unit, offset, ways, plain, guess(plain))
    if (inner === undefined) return
    facts.add({ name: 'encoded-code', unit, offset, what: plain.slice(0, 80) })
    scan(inner)
  }
  for (const { 0: run, index } of unit.text.matchAll(base64Run)) {
    if (budget <= 0) {
      facts.add({ name: 'not-read', unit, offset: index, what: 'more encoded text than is decoded' })
      return
    }
    if (run.length < 2_000_000 && /[A-Z]/.test(run) && /[a-z]/.test(run))
      look(index, 'base64', decodeBase64(run))
  }
  for (const { 0: run, index } of unit.text.matchAll(hexRun)) {
    if (budget <= 0) {
      facts.add({ name: 'not-read', unit, offset: index, what: 'more encoded text than is decoded' })
      return
    }
    look(index, 'hexadecimal', decodeHex(run))
  }
}

function guess(text: string): Unit['kind'] {
  if (/^\s{0,20}(import |from \w+ import|def )|\bexec\(|os\.system/.test(text)) return 'python'
  if (/\brequire\(|\bconst \w+ =|=>|child_process/.test(text)) return 'javascript'
  if (/\b(curl|wget|bash|sh|chmod|nc)\b/.test(text)) return 'shell'
  return 'markdown'
}

/** By the first bytes of zlib and gzip. */
function isCompressed(text: string): boolean {
  return (
    (text[0] === 'x' && ['\u0001', '^', '\u009c', '\u00da'].includes(text[1] ?? '')) ||
    text.startsWith('\u001f\u008b')
  )
}
