import type { Host } from '../policy/hosts/host.js'
import { formatHostPort, grantFor, type HostPattern, matchesHost } from '../policy/hosts/host-pattern.js'
import { formatAddress, type IpAddress } from '../policy/hosts/ip-address.js'
import { type AddressClass, classifyAddress } from './classify-address.js'

/** The answer to one attempt. */
export type Decision =
  | { readonly verdict: 'allowed' }
  | {
      readonly verdict: 'refused'
      readonly reason: string
      /** The pattern that would have allowed it, where one can. */
      readonly grant?: string
    }

const ALLOWED: Decision = { verdict: 'allowed' }

/** Whether a host may be asked for at all. Comes before its name is resolved: a query already tells something. */
export function decideHost(patterns: readonly HostPattern[], host: Host, port: number): Decision {
  if (host.address !== undefined) return decideAddress(patterns, host, port, host.address)
  if (patterns.some((pattern) => matchesHost(pattern, host, port))) return ALLOWED
  return {
    verdict: 'refused',
    reason: `${formatHostPort(host.text, port)} is not granted`,
    grant: grantFor(host.text, port),
  }
}

/**
 * Whether this very address may be connected to, for a host that {@link decideHost} has allowed. A public one may; any
 * other must be granted itself, or a name in the DNS could open whatever it points to.
 */
export function decideAddress(
  patterns: readonly HostPattern[],
  host: Host,
  port: number,
  address: IpAddress,
): Decision {
  const is = classifyAddress(address)
  const self: Host = { text: formatAddress(address), address }
  const named = patterns.some((pattern) => pattern.kind === 'host' && matchesHost(pattern, self, port))
  if (named) return ALLOWED
  if (host.address === undefined) {
    if (is === 'public' || (is === 'loopback' && isGrantedLocalhost(patterns, host, port))) return ALLOWED
  } else if (is === 'public' && patterns.some((pattern) => matchesHost(pattern, self, port))) {
    return ALLOWED
  }
  return {
    verdict: 'refused',
    reason: refusal(host, port, self, is),
    grant:
      host.address === undefined && isLocalhost(host) ? grantFor(host.text, port) : grantFor(self.text, port),
  }
}

function refusal(host: Host, port: number, self: Host, is: AddressClass): string {
  const kind = /^[aeiou]/.test(is) ? `an ${is}` : `a ${is}`
  if (host.address === undefined) {
    return `${formatHostPort(host.text, port)} is at ${self.text}, ${kind} address, which is not granted`
  }
  const place = formatHostPort(self.text, port)
  return is === 'public' ? `${place} is not granted` : `${place} is ${kind} address, which is not granted`
}

/** RFC 6761: these names are this machine, whatever a name server says. */
export function isLocalhost(host: Host): boolean {
  return host.text === 'localhost' || host.text.endsWith('.localhost')
}

/** `*` does not grant it: it means every public host. */
function isGrantedLocalhost(patterns: readonly HostPattern[], host: Host, port: number): boolean {
  return (
    isLocalhost(host) &&
    patterns.some((pattern) => pattern.kind !== 'all' && matchesHost(pattern, host, port))
  )
}
