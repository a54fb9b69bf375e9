import { domainToASCII } from 'node:url'
import { formatAddress, type IpAddress, parseIPv4, parseIPv6 } from './ip-address.js'

/** A host after normalisation: `text` is its only spelling, `address` is set where it is an address and no name. */
export interface Host {
  readonly text: string
  readonly address?: IpAddress
}

/** A text that is no host, and why. */
export interface NoHost {
  readonly problem: string
}

/**
 * Reads a host in any spelling that a client might use, as URL parsers do: percent decoding once, IDNA, lower case, one
 * trailing dot less, and whatever ends in a number is an IPv4 address or nothing. Everything that decides about hosts
 * sees only the result.
 */
export function parseHost(given: string): Host | NoHost {
  if (given.length > 1024) return { problem: 'it is too long' }
  if (given.includes(':') || given.startsWith('[')) return readIPv6(given)
  const decoded = decodePercent(given)
  if (decoded === undefined) return { problem: 'its percent encoding is not valid' }
  if (forbidden.test(decoded)) return { problem: 'it has a character that no host has' }
  const ascii = toAscii(decoded).replace(/\.$/, '')
  if (ascii === '') return { problem: 'it is not a host name' }
  const labels = ascii.split('.')
  // A resolver takes such a text for an address, in one way or another, so it may never pass as a name.
  if (/^(\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? '')) {
    const address = parseIPv4(ascii)
    return address === undefined
      ? { problem: 'it ends in a number, but is not an IPv4 address' }
      : { text: formatAddress(address), address }
  }
  if (ascii.length > 253 || !labels.every((label) => /^[a-z0-9_-]{1,63}$/.test(label))) {
    return { problem: 'it is not a host name' }
  }
  return { text: ascii }
}

export function isHost(host: Host | NoHost): host is Host {
  return 'text' in host
}

/** Control characters, space, and what separates the parts of a URL (WHATWG, forbidden domain code points). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const forbidden = /[\u0000-\u0020"#%/:<>?@[\\\]^`{|}\u007f]/

function readIPv6(given: string): Host | NoHost {
  const text = given.startsWith('[') && given.endsWith(']') ? given.slice(1, -1) : given
  if (text.includes('%')) return { problem: 'it has a zone, which names an interface of this machine' }
  const address = parseIPv6(text)
  return address === undefined
    ? { problem: 'it is not an IPv6 address' }
    : { text: formatAddress(address), address }
}

/** Node shortens IPv4 addresses here too, but not in every version in the same way, so that is not relied upon. */
function toAscii(text: string): string {
  return /^[a-z0-9._-]*$/.test(text) && !/(^|\.)xn--/.test(text) ? text : domainToASCII(text)
}

function decodePercent(text: string): string | undefined {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
