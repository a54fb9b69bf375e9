import { lookup } from 'node:dns/promises'
import { classifyAddress } from '../network/classify-address.js'
import { isHost, parseHost } from '../policy/hosts/host.js'
import { formatHostPort } from '../policy/hosts/host-pattern.js'
import { parseIPv4, parseIPv6 } from '../policy/hosts/ip-address.js'

/**
 * Host patterns for an installation. The user's own configuration names these hosts, so they may be anywhere: where
 * one is at a private address, that address is granted with it.
 */
export async function grantedHosts(places: readonly string[]): Promise<readonly string[]> {
  const patterns = await Promise.all([...new Set(places)].map(patternsOf))
  return [...new Set(patterns.flat())]
}

async function patternsOf(place: string): Promise<readonly string[]> {
  const colon = place.lastIndexOf(':')
  const host = parseHost(place.slice(0, colon))
  const port = Number(place.slice(colon + 1))
  if (!isHost(host)) return []
  const own = formatHostPort(host.text, port)
  return [own, ...(await privateAddresses(host.text)).map((address) => formatHostPort(address, port))]
}

/** Addresses of a name that are not public. */
export async function privateAddresses(host: string): Promise<readonly string[]> {
  const found = await lookup(host, { all: true, verbatim: true }).catch(() => [])
  return found
    .map(({ address }) => address)
    .filter((text) => {
      const address = parseIPv4(text) ?? parseIPv6(text)
      return address !== undefined && classifyAddress(address) !== 'public'
    })
}
