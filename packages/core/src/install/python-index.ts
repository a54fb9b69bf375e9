import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ChooseUpstream } from '../network/upstream-proxy.js'
import { isDirectory, realPathOf } from '../runtime/runtime-mount.js'
import type { BuildDirectory } from './build-directory.js'
import { copyCertificates } from './certificates.js'
import { grantedHosts } from './granted-hosts.js'
import { type IndexSettings, placeOf, upstreamFor } from './index-settings.js'

/** An index as an installer in the sandbox is told of it. */
export interface PythonIndex {
  readonly settings: IndexSettings
  /** Host patterns of the index and of what is known to hold its files. */
  readonly hosts: readonly string[]
  readonly upstream: ChooseUpstream | undefined
  /** Local directories with packages. */
  readonly readPaths: readonly string[]
  /** A configuration file for pip, in the build's input. */
  readonly pipConfiguration: string
  /** A file with the certificates that the user trusts, in the build's input; `''` for the system's. */
  readonly certificates: string
  readonly uvEnvironment: Readonly<Record<string, string>>
}

/** Writes down what an installer needs to know of the user's configuration, and nothing else. */
export async function preparePythonIndex(
  settings: IndexSettings,
  build: BuildDirectory,
): Promise<PythonIndex> {
  const { index, extraIndexes, findLinks, noIndex, trustedHosts, certificates, proxy, fileHosts } = settings
  const addresses = noIndex ? findLinks : [index, ...extraIndexes, ...findLinks]
  const readPaths = findLinks
    .map(localPath)
    .flatMap((file) => realPathOf(file ?? '') ?? [])
    .filter(isDirectory)
  const links = findLinks.filter(
    (link) => placeOf(link) !== undefined || readPaths.includes(realPathOf(localPath(link) ?? '') ?? ''),
  )
  const bundle = certificates === undefined ? undefined : copyCertificates(certificates, build)
  const lines = [
    ...(noIndex ? ['no-index = true'] : [`index-url = ${index}`]),
    ...(extraIndexes.length > 0 && !noIndex ? [`extra-index-url = ${extraIndexes.join('\n    ')}`] : []),
    ...(links.length > 0 ? [`find-links = ${links.join('\n    ')}`] : []),
    ...(trustedHosts.length > 0 ? [`trusted-host = ${trustedHosts.join('\n    ')}`] : []),
    ...(bundle === undefined ? [] : [`cert = ${bundle}`]),
  ]
  return {
    settings,
    hosts: await grantedHosts(
      [...addresses.map(placeOf), ...fileHosts].filter((place) => place !== undefined),
    ),
    upstream: upstreamFor(addresses, proxy, process.env),
    readPaths,
    pipConfiguration: build.write('pip.conf', `[global]\n${lines.join('\n')}\n`),
    certificates: bundle ?? '',
    uvEnvironment: {
      ...(noIndex ? { UV_NO_INDEX: '1' } : { UV_DEFAULT_INDEX: index }),
      ...(extraIndexes.length > 0 && !noIndex ? { UV_INDEX: extraIndexes.join(' ') } : {}),
      ...(links.length > 0 ? { UV_FIND_LINKS: links.join(',') } : {}),
      ...(trustedHosts.length > 0 ? { UV_INSECURE_HOST: trustedHosts.join(' ') } : {}),
    },
  }
}

/** A path, also where it is written as an address. */
function localPath(link: string): string | undefined {
  if (link.startsWith('file:')) return fileURLToPath(link)
  return placeOf(link) === undefined && path.isAbsolute(link) ? link : undefined
}
