import { lastingEffect } from '../shell/check-command.js'
import { isForeign, secretKind } from '../text/secret-path.js'
import { findUrls, type HostKind, hostKind } from '../text/url.js'
import { decodedUnit } from '../unit.js'
import {
  clipboardWriters,
  deserialisers,
  evaluators,
  fileReaders,
  fileWriters,
  keychains,
  listeners,
  lookups,
  networkCalls,
  removers,
  runners,
} from './known-calls.js'
import { isOneOf } from './known-functions.js'
import { type CallSite, noteAt } from './program.js'
import { allTaints, type Taint, uniteTaints, type Value } from './value.js'

/** Notes what is remarkable about a call of something known. */
export function checkCall(path: string, site: CallSite, disguised: boolean): void {
  const runs = isOneOf(path, runners)
  const evaluates = isOneOf(path, evaluators)
  const sends = isOneOf(path, networkCalls)
  if (disguised && (runs || evaluates || sends || isOneOf(path, deserialisers)))
    noteAt(site, 'disguised-call', `${path} as ${site.node.text.slice(0, 60)}`)
  if (runs) checkRun(path, site)
  if (evaluates) checkEvaluate(path, site)
  if (isOneOf(path, deserialisers)) checkDeserialise(path, site)
  if (sends) checkSend(path, site)
  if (isOneOf(path, lookups)) checkLookup(site)
  if (isOneOf(path, fileReaders)) checkRead(path, site)
  if (isOneOf(path, fileWriters)) checkWrite(site)
  if (isOneOf(path, removers)) checkRemove(path, site)
  if (isOneOf(path, listeners)) noteAt(site, 'keyboard-listener', path)
  if (isOneOf(path, clipboardWriters)) checkClipboard(site)
  if (isOneOf(path, keychains))
    noteAt(site, /browser/.test(path) ? 'read-secret-file' : 'read-keychain', path, { tags: ['browser'] })
  if (path === 'os.dup2' && site.args.some((arg) => allTaints(arg).some(({ kind }) => kind === 'socket')))
    noteAt(site, 'reverse-shell')
  if (/^sys\.(meta_path|path_hooks)\.(insert|append)$/.test(path)) noteAt(site, 'import-hook')
  if (/(^|\.)(Fernet\.encrypt|AES\.new|createCipheriv|ChaCha20\.new)$/.test(path)) noteAt(site, 'encrypts')
  if (
    /^(os\.walk|pathlib\.Path\.(rglob|glob)|glob\.glob)$/.test(path) &&
    [site.receiver, ...site.args].some((value) =>
      value?.texts.some((text) => /^(~|\/|\/home)\/?(\*\*.*)?$/.test(text)),
    )
  ) {
    noteAt(site, 'walks-home')
  }
  if (/(^|\.)(chmod|chmodSync)$/.test(path) && /0?o?[246]7[0-7]{2}\b/.test(site.args[1]?.texts[0] ?? ''))
    noteAt(site, 'setuid')
  if (/(^|\.)setuid$/.test(path) && site.args[0]?.texts[0] === '0') noteAt(site, 'setuid')
  checkPipe(path, site)
}

/** The command line of a call: a text, or a list of words. */
function commandOf(site: CallSite): { value: Value; text: string | undefined } {
  const value = site.args[0] ?? site.named.get('args') ?? site.named.get('cmd')
  if (value === undefined)
    return { value: { texts: [], computed: false, decoded: [], taints: [] }, text: undefined }
  const list = value.items ?? site.args[1]?.items
  const head = value.items === undefined ? value.texts[0] : undefined
  if (list === undefined) return { value, text: head }
  const words = list.map((item) => (item.texts[0] === undefined ? '…' : quoted(item.texts[0])))
  const all = {
    ...value,
    taints: uniteTaints(allTaints(value), site.args[1] === undefined ? [] : allTaints(site.args[1])),
  }
  return { value: all, text: [...(head === undefined ? [] : [head]), ...words].join(' ') }
}

const quoted = (word: string): string =>
  /^[\w./:=@~+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`

function checkRun(path: string, site: CallSite): void {
  const { value, text } = commandOf(site)
  noteAt(site, 'starts-program', text ?? path)
  noteDownloads(value, site)
  if (value.decoded.length > 0) noteAt(site, 'run-decoded', value.decoded.join(', '))
  if (text === undefined || text === '') return
  const inner = decodedUnit(
    site.unit,
    site.node.start,
    value.decoded.length > 0 ? value.decoded.join(', ') : `command of ${path}`,
    text.replace(/^…/, ''),
    'shell',
  )
  if (inner !== undefined) site.program.scan(inner)
  if (/^(\/bin\/)?(ba|z)?sh( -i)?$|^cmd(\.exe)?$|^powershell/.test(text.trim())) noteAt(site, 'starts-shell')
  const env = site.named.get('env')
  if (env?.entries?.has('LD_PRELOAD') || env?.entries?.has('DYLD_INSERT_LIBRARIES'))
    noteAt(site, 'preload-variable', text)
}

function noteDownloads(value: Value, site: CallSite): void {
  const download = allTaints(value).find(({ kind }) => kind === 'download' || kind === 'socket')
  if (download !== undefined)
    noteAt(site, 'download-run', download.what || site.node.text, {
      host: download.what === '' ? 'other' : hostKind(download.what),
    })
}

function checkEvaluate(path: string, site: CallSite): void {
  // of Function('a', 'b', code), the last is the code
  const value = (path === 'Function' ? site.args.at(-1) : site.args[0]) ?? site.args[0]
  if (value === undefined) return
  if (/^set(Timeout|Interval)$/.test(path) && value.texts.length === 0) return
  noteDownloads(value, site)
  const taints = allTaints(value)
  const file = taints.find(({ kind }) => kind === 'skill-file')
  const code = value.texts[0]
  if (value.decoded.length > 0)
    noteAt(
      site,
      file === undefined ? 'run-decoded' : 'run-data-file',
      file === undefined ? value.decoded.join(', ') : `${file.what} (${value.decoded.join(', ')})`,
    )
  else if (value.computed && code !== undefined && path !== 'compile' && !code.includes('…'))
    noteAt(site, 'run-computed', code)
  else if (file !== undefined && !/\.(py|js|mjs|cjs)$/.test(file.what))
    noteAt(site, 'run-data-file', file.what)
  else if (code === undefined && path !== 'compile' && path !== 'setTimeout')
    noteAt(site, 'dynamic-code', site.node.text)
  if (code === undefined) return
  const kind = site.unit.kind === 'python' ? 'python' : 'javascript'
  const inner = decodedUnit(
    site.unit,
    site.node.start,
    value.decoded.length > 0 ? value.decoded.join(', ') : `text given to ${path}`,
    code,
    kind,
  )
  if (inner !== undefined) site.program.scan(inner)
}

function checkDeserialise(path: string, site: CallSite): void {
  const value = site.args[0]
  if (value === undefined) return
  const download = allTaints(value).find(({ kind }) => kind === 'download' || kind === 'socket')
  if (download !== undefined) noteAt(site, 'deserialise-download', `${path} of ${download.what}`)
  else if (/^marshal/.test(path))
    noteAt(site, value.texts.length > 0 || value.decoded.length > 0 ? 'run-decoded' : 'deserialise', path)
  else if (value.decoded.length > 0) noteAt(site, 'run-decoded', `${path}, ${value.decoded.join(', ')}`)
  else noteAt(site, 'deserialise', path)
}

const secretTaints: readonly Taint['kind'][] = ['secret-file', 'keychain', 'keyboard', 'clipboard']

function checkSend(path: string, site: CallSite): void {
  const values = [
    ...site.args,
    ...site.named.values(),
    ...(site.receiver === undefined ? [] : [site.receiver]),
  ]
  const texts = values.flatMap((value) => [...value.texts, ...allTexts(value)])
  const url = texts.map((text) => findUrls(text)[0]).find((found) => found !== undefined)
  const bare = texts.find(
    (text) => /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(text) || /^\d+\.\d+\.\d+\.\d+$/.test(text),
  )
  const host: HostKind = url?.kind ?? (bare === undefined ? 'other' : hostKind(`http://${bare}`))
  const where = url?.host ?? bare ?? ''
  if (host === 'local') return
  noteAt(site, 'network', url?.text ?? where, { host, ...(where !== '' && { tags: [where] }) })
  if (host === 'metadata') noteAt(site, 'cloud-metadata', url?.text ?? where, { host })
  const taints = values.flatMap((value) => allTaints(value))
  const secret = taints.find(({ kind }) => secretTaints.includes(kind))
  if (secret !== undefined) noteAt(site, 'send-secret', secret.what, { host })
  if (taints.some(({ kind }) => kind === 'environment'))
    noteAt(site, 'send-environment', url?.text ?? where, { host })
  const names = taints.filter(({ kind }) => kind === 'variable').map(({ what }) => what)
  for (const name of names.slice(0, 3)) {
    if (isForeign(name, where))
      noteAt(site, 'send-foreign-key', `${name} to ${where}`, { host, tags: [where] })
  }
  if (host === 'collector' && !names.some((name) => /TELEGRAM|DISCORD|WEBHOOK|BOT/i.test(name)))
    noteAt(site, 'send-to-collector', url?.text ?? where, { host })
  if (host === 'raw-ip') noteAt(site, 'raw-ip-connection', url?.text ?? where, { host })
  if (
    secret === undefined &&
    /\.(post|put|patch|sendmail|send|sendall|sendto|storbinary|sendBeacon)$|^fetch$|urlopen$|request$/.test(
      path,
    )
  ) {
    noteAt(site, 'sends-data', url?.text ?? where, { host, ...(where !== '' && { tags: [where] }) })
  }
}

function allTexts(value: Value): readonly string[] {
  return [
    ...(value.items ?? []).slice(0, 20).flatMap((item) => item.texts),
    ...[...(value.entries?.values() ?? [])].slice(0, 20).flatMap((entry) => entry.texts),
  ]
}

function checkLookup(site: CallSite): void {
  const value = site.args[0]
  if (value === undefined) return
  const taint = allTaints(value).find(
    ({ kind }) => kind !== 'home' && kind !== 'skill-file' && kind !== 'download',
  )
  if (taint !== undefined) noteAt(site, 'dns-exfiltration', taint.what)
}

function checkRead(path: string, site: CallSite): void {
  const target = site.receiver !== undefined && /Path\./.test(path) ? site.receiver : site.args[0]
  const mode = site.args[1]?.texts[0] ?? ''
  for (const text of target?.texts ?? []) {
    const kind = secretKind(text)
    const writes = /open$/.test(path) && /^[wax+]/.test(mode)
    if (
      kind !== undefined &&
      !writes &&
      (kind !== 'dotenv' || /^~|\*/.test(text)) &&
      (kind !== 'agent-config' || /^~/.test(text))
    ) {
      noteAt(site, 'read-secret-file', text, { tags: [kind] })
      return
    }
  }
  if (/open$|^os\.open$/.test(path) && /[wax+]/.test(mode)) noteLasting(target, site)
  if (/^shutil\.|copy/i.test(path)) noteLasting(site.args[1], site)
}

function checkWrite(site: CallSite): void {
  noteLasting(site.args[0], site)
  if (site.receiver !== undefined) noteLasting(site.receiver, site)
}

export function noteLasting(target: Value | undefined, site: CallSite): void {
  for (const text of target?.texts ?? []) {
    const effect = lastingEffect(text)
    if (effect !== undefined) noteAt(site, effect, text)
  }
}

const roots = /^(~|\/|\/home|\/Users|\/etc|C:\\?)\/?(\*|Documents|Desktop)?$/

function checkRemove(path: string, site: CallSite): void {
  const target = site.args[0] ?? site.receiver
  const recursive = !/(remove|unlink|unlinkSync)$/.test(path)
  noteAt(site, 'deletes', target?.texts[0] ?? site.node.text)
  if (recursive && target?.texts.some((text) => roots.test(text)))
    noteAt(site, 'delete-everything', site.node.text)
}

function checkClipboard(site: CallSite): void {
  const text = site.args[0]?.texts[0] ?? ''
  if (/^(bc1|[13])[a-zA-HJ-NP-Z0-9]{25,60}$|^0x[0-9a-fA-F]{40}$|^T[A-Za-z1-9]{33}$/.test(text))
    noteAt(site, 'clipboard-swap', text)
}

/** Streams of a socket and a shell joined. */
function checkPipe(path: string, site: CallSite): void {
  if (!/\.pipe$/.test(path)) return
  const sides = [path, ...site.args.map((arg) => arg.path ?? '')].join(' ')
  if (/\bnet\.|socket/i.test(sides) && /child_process\./.test(sides)) noteAt(site, 'reverse-shell')
}
