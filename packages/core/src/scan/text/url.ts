import { foldWord, mixesAlphabets } from './fold.js'
import hosts from './hosts.yml'

/** What a URL's host tells about it. */
export type HostKind =
  | 'local'
  | 'raw-ip'
  | 'metadata'
  | 'paste'
  | 'shortener'
  | 'collector'
  | 'look-alike'
  | 'installer'
  | 'owner'
  | 'known'
  | 'example'
  | 'other'

/** A URL in a text. */
export interface FoundUrl {
  readonly text: string
  readonly offset: number
  readonly host: string
  readonly kind: HostKind
}

const maxUrl = 2_000
const urlStart = /\b(?:https?|ftp|wss?|hxxps?|stratum\+(?:tcp|ssl)):\/\//gi
const urlEnd = /[\s"'`<>()[\]{}|\\^，。、）】]/

/** All URLs of a text, in order. */
export function findUrls(text: string, most = 2_000): FoundUrl[] {
  const found: FoundUrl[] = []
  let done = 0
  for (const { 0: scheme, index } of text.matchAll(urlStart)) {
    if (index < done) continue
    if (found.length === most) break
    const rest = text.slice(index, index + maxUrl)
    const end = rest.slice(scheme.length).search(urlEnd)
    const url = (end === -1 ? rest : rest.slice(0, scheme.length + end)).replace(/[.,;:!?*_]{1,8}$/, '')
    done = index + url.length
    const host = hostOf(url)
    if (host !== '') found.push({ text: url, offset: index, host, kind: hostKind(url) })
  }
  return found
}

/** The host of a URL, lower case, without user and port; '' where there is none. */
export function hostOf(url: string): string {
  const match = /^[a-z+]{2,12}:\/\/([^/?#]{1,300})/i.exec(url)
  const authority = (match?.[1] ?? '').split('@').pop() ?? ''
  return foldHost(authority.startsWith('[') ? authority : (authority.split(':')[0] ?? ''))
}

function foldHost(host: string): string {
  return host.toLowerCase().replace(/\.$/, '')
}

/** What kind of place a URL leads to. */
export function hostKind(url: string): HostKind {
  const known = kinds.get(url)
  if (known !== undefined) return known
  const kind = judgeHost(url)
  if (kinds.size >= mostKinds) kinds.clear()
  kinds.set(url, kind)
  return kind
}

const kinds = new Map<string, HostKind>()
const mostKinds = 500

function judgeHost(url: string): HostKind {
  const host = hostOf(url)
  const rest = url.replace(/^[a-z+]{2,12}:\/\/[^/?#]{1,300}/i, '')
  const ip = ipKind(host)
  if (ip !== undefined) return ip
  if (
    /(^|\.)(localhost|local|internal|lan|home|test|invalid)$/.test(host) ||
    host === 'host.docker.internal'
  ) {
    return host === 'metadata.google.internal' ? 'metadata' : 'local'
  }
  if (mixesAlphabets(host) || /(^|\.)xn--/.test(host)) return 'look-alike'
  const place = host + rest
  for (const kind of ['collector', 'paste', 'shortener'] as const) if (listed(kind, place)) return kind
  if (isOwned(host, rest)) return 'owner'
  if (listed('installer', place)) return 'installer'
  if (listed('known', place)) return 'known'
  if (imitates(host)) return 'look-alike'
  if (
    /(^|\.)example\.(com|org|net)$|^(www\.)?(your|my)[-a-z]*\.[a-z]+$|^x+\./.test(host) ||
    !/\./.test(host)
  ) {
    return 'example'
  }
  return 'other'
}

/** Whether code from there is its maker's own, or at least not just anybody's. */
export function isTrusted(kind: HostKind): boolean {
  return kind === 'installer' || kind === 'owner' || kind === 'local' || kind === 'example'
}

function ipKind(host: string): HostKind | undefined {
  if (host.startsWith('[')) return /^\[(::1|f[cde])/.test(host) ? 'local' : 'raw-ip'
  if (/^0x[0-9a-f]{6,8}$|^\d{8,10}$/.test(host)) return 'raw-ip'
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(host)
  if (parts === null) return undefined
  const [a = 0, b = 0] = parts.slice(1).map(Number)
  if (host === '169.254.169.254' || host === '169.254.170.2') return 'metadata'
  const local =
    a === 127 ||
    a === 10 ||
    a === 0 ||
    (a === 192 && b === 168) ||
    (a === 172 && b >= 16 && b < 32) ||
    a === 169
  return local ? 'local' : 'raw-ip'
}

const sets = new Map<string, ReadonlySet<string>>()

function setOf(kind: string): ReadonlySet<string> {
  let set = sets.get(kind)
  if (set === undefined) {
    set = new Set(hosts[kind] ?? [])
    sets.set(kind, set)
  }
  return set
}

/** Whether a place (host and path) or a domain above it is in a list, by itself or with the beginning of its path. */
function listed(kind: string, place: string): boolean {
  const set = setOf(kind)
  const slash = place.indexOf('/')
  const host = slash === -1 ? place : place.slice(0, slash)
  const segments = slash === -1 ? [] : place.slice(slash + 1).split(/[/?#]/, 3)
  const labels = host.split('.').slice(-6)
  for (let at = 0; at < labels.length - 1; at++) {
    const domain = labels.slice(at).join('.')
    if (set.has(domain)) return true
    for (let count = 1; count <= segments.length; count++) {
      if (set.has(`${domain}/${segments.slice(0, count).join('/')}`)) return true
    }
  }
  return host === 'api.telegram.org' && kind === 'collector' && /^[^/]+\/bot/.test(place)
}

function isOwned(host: string, rest: string): boolean {
  if (!/^(raw\.githubusercontent|github|api\.github|gitlab|codeload\.github)\.com$/.test(host)) {
    const pages = /^([a-z0-9-]{1,60})\.github\.io$/.exec(host)
    return pages !== null && setOf('owners').has(pages[1] ?? '')
  }
  const owner = rest.split('/').filter((part) => part !== '' && part !== 'repos')[0] ?? ''
  return setOf('owners').has(owner.toLowerCase())
}

const swaps: Readonly<Record<string, string>> = { '0': 'o', '1': 'l', '3': 'e', '5': 's', vv: 'w', rn: 'm' }

/** Whether a host is almost, but not quite, a well-known one. */
function imitates(host: string): boolean {
  const labels = host.split('.')
  const domain = labels.slice(-2).join('.')
  const real = setOf('imitated')
  if (real.has(domain)) return false
  const plain = foldWord(domain).replace(/[0135]|vv|rn/g, (part) => swaps[part] ?? part)
  for (const name of real) {
    if (plain === name && domain !== name) return true
    const [left = '', top = ''] = name.split('.')
    const [mine = '', ownTop = ''] = [labels.at(-2) ?? '', labels.at(-1) ?? '']
    if (top === ownTop && left.length >= 6 && mine !== left && isOneEditAway(mine, left)) return true
    // github.com.evil.example, github-com.example
    if (host.includes(`${name}.`) || host.startsWith(`${name.replace('.', '-')}.`)) return true
  }
  return false
}

function isOneEditAway(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false
  let start = 0
  while (start < a.length && a[start] === b[start]) start++
  let end = 0
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++
  const [left, right] = [a.length - start - end, b.length - start - end]
  if (left <= 1 && right <= 1) return true
  return left === 2 && right === 2 && a[start] === b[start + 1] && a[start + 1] === b[start]
}
