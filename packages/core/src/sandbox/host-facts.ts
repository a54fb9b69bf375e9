import { readlinkSync } from 'node:fs'
import path from 'node:path'
import { realPathOf } from '../runtime/runtime-mount.js'

/** The few things of the host that a sandbox repeats. */
export interface HostFacts {
  /** `Europe/Berlin`. */
  readonly timeZone: string
  /** Real path of the CA certificates. */
  readonly certificates?: string
  /** Real path of the list of file types: Python fails where the file is there and may not be read. */
  readonly fileTypes?: string
}

const bundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
]

let facts: HostFacts | undefined

export function hostFacts(environment: NodeJS.ProcessEnv = process.env): HostFacts {
  facts ??= { timeZone: timeZone(environment), ...certificates(environment), ...fileTypes() }
  return facts
}

function timeZone(environment: NodeJS.ProcessEnv): string {
  const named = environment.TZ ?? linkedZone()
  // Some systems take a path here, which would mean another file inside.
  return named !== undefined && /^[A-Za-z][\w+-]*(\/[\w+-]+)*$/.test(named) ? named : 'UTC'
}

function linkedZone(): string | undefined {
  try {
    return /\/zoneinfo\/(?:posix\/)?(.+)$/
      .exec(readlinkSync('/etc/localtime'))?.[1]
      ?.replace(/^Etc\/UTC$/, 'UTC')
  } catch {
    return undefined
  }
}

function fileTypes(): Pick<HostFacts, 'fileTypes'> {
  const real = realPathOf('/etc/mime.types')
  return real === undefined ? {} : { fileTypes: real }
}

/** Those that the host's own programs trust: named in the way of OpenSSL, or the system's. */
function certificates({ SSL_CERT_FILE: named }: NodeJS.ProcessEnv): Pick<HostFacts, 'certificates'> {
  for (const bundle of named === undefined || named === '' ? bundles : [path.resolve(named), ...bundles]) {
    const real = realPathOf(bundle)
    if (real !== undefined) return { certificates: real }
  }
  return {}
}
