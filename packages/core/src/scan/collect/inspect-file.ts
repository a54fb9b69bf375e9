import type { FactList } from '../fact.js'
import type { Unit } from '../unit.js'
import type { CollectedFile } from './collect-files.js'
import { contentKind, officeEndings, ordinaryEndings, unitKind } from './content-kind.js'
import { decodeText } from './decode-text.js'

const samplePath =
  /(^|\/)(tests?|__tests__|fixtures?|testdata|evals?|test-cases|spec)\/|(^|\/)test_[^/]+$|\.(test|spec)\.[a-z]+$|\.(ya?ra?|rules?|semgrep)$/i

/** The text of a file as a unit; what cannot be read as text is noted for what it is. */
export function inspectFile(
  file: CollectedFile,
  all: ReadonlySet<string>,
  facts: FactList,
): Unit | undefined {
  const { path, bytes } = file
  const bare: Unit = { file: path, text: '', kind: 'data', stance: 'meant' }
  const note = (name: string, what = path): void => facts.add({ name, unit: bare, offset: 0, what })
  if (bytes.length === 0) return undefined
  const kind = contentKind(bytes)
  const decoded = decodeText(bytes)
  if (kind === 'program')
    note(
      decoded === undefined || !/^MZ/.test(decoded.text) || bytes.includes(0) ? 'program-file' : 'odd-file',
    )
  if (/\.(pyc|pyo)$/i.test(path) || (kind === 'byte-code' && decoded === undefined)) {
    const source = path.replace(/(__pycache__\/)?([^/]+?)(\.(cpython|pypy)-?\d+)?\.py[co]$/, '$2.py')
    note(all.has(source) ? 'byte-code-beside-source' : 'byte-code')
    return undefined
  }
  if (kind === 'archive' && !officeEndings.test(path)) {
    // bit 0 of a ZIP entry's flags: it is encrypted
    note(
      bytes.subarray(0, 2).toString() === 'PK' && ((bytes[6] ?? 0) & 1) === 1
        ? 'encrypted-archive'
        : 'archive-file',
    )
    return undefined
  }
  if (kind === 'media' || kind === 'document') {
    if (kind === 'media' && /\.(py|js|mjs|sh|ts|md)$/i.test(path)) note('odd-file')
    const tail = trailingScript(bytes)
    if (tail !== undefined) return { ...bare, text: tail, kind: 'shell' }
    return undefined
  }
  if (decoded === undefined) {
    if (!ordinaryEndings.test(path) && !officeEndings.test(path)) note('unreadable-file')
    return undefined
  }
  const text = decoded.text.replace(/^\ufeff/, '')
  const as = unitKind(path, text)
  if (decoded.encoding.startsWith('utf-16') && as !== 'data' && as !== 'markdown')
    note('odd-encoding', `${path} is ${decoded.encoding}`)
  const sample = samplePath.test(path) && (as === 'markdown' || as === 'data')
  return { file: path, text, kind: as, stance: sample ? 'sample' : 'meant' }
}

/** Shell or Python text after the end of an image: a file that is two things at once. */
function trailingScript(bytes: Buffer): string | undefined {
  const tail = bytes.subarray(Math.max(0, bytes.length - 65_536)).toString('latin1')
  const start = tail.search(/\n#!\/|\b(curl|wget)\s{1,3}-|\bimport (os|socket|subprocess)\b/)
  return start === -1 ? undefined : tail.slice(start)
}
