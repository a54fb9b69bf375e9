import { SkillLiteError } from '../errors.js'
import { type ChooseUpstream, parseUpstreamProxy } from '../network/upstream-proxy.js'
import { formatHostPort } from '../policy/hosts/host-pattern.js'

/** Where packages come from, as the user has configured it. */
export interface IndexSettings {
  /** The simple index of Python packages, or the npm registry. */
  readonly index: string
  readonly extraIndexes: readonly string[]
  /** Addresses or local paths with files. */
  readonly findLinks: readonly string[]
  /** No index at all, only `findLinks`. */
  readonly noIndex: boolean
  /** `host` or `host:port` whose certificate is not checked. */
  readonly trustedHosts: readonly string[]
  /** A file with the certificates that are trusted, besides the system's. */
  readonly certificates?: string
  /** `host:port` of the files of the index, where its installer knows it. */
  readonly fileHosts: readonly string[]
  /** A proxy that the installer's own configuration names, for every host. */
  readonly proxy?: string
}

/** Lists as they stand in configuration files and variables: separated by white space. */
export function words(text: string | undefined): readonly string[] {
  return (text ?? '').split(/\s+/).filter((word) => word !== '')
}

/** `host:port` of an address; nothing for a path. */
export function placeOf(address: string): string | undefined {
  if (!/^https?:\/\//i.test(address)) return undefined
  try {
    const { hostname, port, protocol } = new URL(address)
    return `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`
  } catch {
    return undefined
  }
}

/** A text whose addresses are without user and password, for messages. */
export function withoutSecrets(text: string): string {
  return text.replace(/(\w:\/\/)[^@/\s]*@/g, '$1')
}

/** The proxy for an address, by the variables that all these programs read. */
export function proxyFor(address: string, environment: NodeJS.ProcessEnv): string | undefined {
  const place = placeOf(address)
  if (place === undefined) return undefined
  const scheme = address.toLowerCase().startsWith('https:') ? 'https' : 'http'
  const value = [`${scheme}_proxy`, 'all_proxy']
    .flatMap((name) => [environment[name], environment[name.toUpperCase()]])
    .find((text) => text !== undefined && text !== '')
  if (value === undefined) return undefined
  const host = place.slice(0, place.lastIndexOf(':'))
  const without = (environment.no_proxy ?? environment.NO_PROXY ?? '').split(',').map((entry) => entry.trim())
  const isExempt = without.some((entry) => {
    const name = entry.replace(/^\*?\./, '').replace(/:\d+$/, '')
    return entry === '*' || (name !== '' && (host === name || host.endsWith(`.${name}`)))
  })
  return isExempt ? undefined : value
}

/**
 * How the hosts of these addresses are reached: through the proxy of the configuration, else that of the variables. Throws
 * `DEPENDENCY_INSTALL_FAILED` for a proxy of another kind than HTTP.
 */
export function upstreamFor(
  addresses: readonly string[],
  configured: string | undefined,
  environment: NodeJS.ProcessEnv,
): ChooseUpstream | undefined {
  const proxyOf = (address: string): string | undefined => configured ?? proxyFor(address, environment)
  for (const proxy of addresses.map(proxyOf)) {
    if (proxy !== undefined && parseUpstreamProxy(proxy) === undefined) throw unsupportedProxy(proxy)
  }
  if (addresses.every((address) => proxyOf(address) === undefined)) return undefined
  return (host, port) => {
    const place = formatHostPort(host, port)
    const known = addresses.find((address) => placeOf(address) === place)
    const proxy = proxyOf(known ?? `${port === 80 ? 'http' : 'https'}://${place}/`)
    return proxy === undefined ? undefined : parseUpstreamProxy(proxy)
  }
}

function unsupportedProxy(proxy: string): SkillLiteError {
  return new SkillLiteError(
    'DEPENDENCY_INSTALL_FAILED',
    `Packages cannot be installed through ${withoutSecrets(proxy)}: it is no HTTP proxy`,
    'Set HTTPS_PROXY to an HTTP proxy, or name the host of your index in NO_PROXY if it can be reached directly.',
  )
}
