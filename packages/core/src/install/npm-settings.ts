import { readFileSync } from 'node:fs'
import path from 'node:path'
import { quote, SkillLiteError } from '../errors.js'
import { findProgram } from '../runtime/find-program.js'
import { runHostProgram } from '../runtime/run-host-program.js'
import { bind, type RuntimeMount, realPathOf } from '../runtime/runtime-mount.js'
import { placeOf } from './index-settings.js'

/** The user's npm, and how it is configured. */
export interface NpmSettings {
  /** The program itself, for Node to run. */
  readonly program: string
  readonly mounts: readonly RuntimeMount[]
  readonly registry: string
  /** Scopes that have a registry of their own. */
  readonly scopes: Readonly<Record<string, string>>
  /** Lines of an `.npmrc`: registries, credentials for them, and how certificates are checked. */
  readonly lines: readonly string[]
  /** A file with certificates that are trusted besides those built in. */
  readonly certificates?: string
  readonly proxy?: string
}

/** Asks the user's npm. Throws `DEPENDENCY_INSTALL_FAILED` where there is none. */
export async function npmSettings(node: string, environment: NodeJS.ProcessEnv): Promise<NpmSettings> {
  const program = npmProgram(environment)
  const { ok, stdout, stderr } = await runHostProgram(
    node,
    [program, 'config', 'list', '--json'],
    environment,
  )
  const settings = ok ? parseObject(stdout) : undefined
  const { registry } = settings ?? {}
  if (settings === undefined || typeof registry !== 'string') {
    throw new SkillLiteError(
      'DEPENDENCY_INSTALL_FAILED',
      `npm cannot tell its configuration: ${quote(stderr.trim().split('\n').at(-1), 300)}`,
      'Run npm config list to see why.',
    )
  }
  const scopes = Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) => {
      const scope = /^(@[^:]+):registry$/.exec(name)?.[1]
      return scope !== undefined && typeof value === 'string' ? [[scope, value]] : []
    }),
  )
  const places = [registry, ...Object.values(scopes)].map(placeOf)
  const proxy = [settings['https-proxy'], settings.proxy].find(isText)
  const cafile = settings.cafile ?? environment.NODE_EXTRA_CA_CERTS
  return {
    program,
    mounts: [bind(packageRoot(program)), ...nodeModulesLinks(program)],
    registry,
    scopes,
    lines: [
      `registry=${registry}`,
      ...Object.entries(scopes).map(([scope, address]) => `${scope}:registry=${address}`),
      ...(settings['strict-ssl'] === false ? ['strict-ssl=false'] : []),
      ...credentialLines(environment, settings, places),
    ],
    ...(typeof cafile === 'string' && cafile !== '' ? { certificates: cafile } : {}),
    ...(proxy === undefined || isOfEnvironment(proxy, environment) ? {} : { proxy }),
  }
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

/** npm shows the proxy of the variables as its own setting; those know exceptions, too. */
function isOfEnvironment(proxy: string, environment: NodeJS.ProcessEnv): boolean {
  return Object.entries(environment).some(
    ([name, value]) => /^(https?|all)_proxy$/i.test(name) && value === proxy,
  )
}

function npmProgram(environment: NodeJS.ProcessEnv): string {
  const found = findProgram('npm', environment.PATH)
  const real = found === undefined ? undefined : realPathOf(found)
  const beside = path.join(
    path.dirname(path.dirname(process.execPath)),
    'lib/node_modules/npm/bin/npm-cli.js',
  )
  const program = [real, realPathOf(beside)].find((file) => file?.endsWith('npm-cli.js') === true)
  if (program !== undefined) return program
  throw new SkillLiteError(
    'DEPENDENCY_INSTALL_FAILED',
    'Packages cannot be installed: there is no npm on PATH',
    'Install npm, which comes with Node.js.',
  )
}

/** `npm/bin/npm-cli.js` lies in the package that all of npm is. */
const packageRoot = (program: string): string => path.dirname(path.dirname(program))

/** Debian keeps npm's own dependencies beside it. */
function nodeModulesLinks(program: string): readonly RuntimeMount[] {
  const shared = '/usr/share/nodejs'
  return program.startsWith(`${shared}/`) ? [bind(shared)] : []
}

/**
 * npm does not tell secrets, so they are read where it reads them: from the user's file, and only those of the
 * registries at hand.
 */
function credentialLines(
  environment: NodeJS.ProcessEnv,
  settings: Readonly<Record<string, unknown>>,
  places: readonly (string | undefined)[],
): readonly string[] {
  const files = [settings.userconfig, settings.globalconfig].filter((file) => typeof file === 'string')
  return files.flatMap((file) => {
    try {
      return readFileSync(file, 'utf8')
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => {
          const host = /^\/\/([^/:]+)(?::(\d+))?\/.*:(_authToken|_auth|username|_password)\s*=/.exec(line)
          return (
            host !== null &&
            places.some(
              (place) => place === `${host[1]}:${host[2] ?? 443}` || place === `${host[1]}:${host[2] ?? 80}`,
            )
          )
        })
        .map((line) => line.replace(/\$\{(\w+)\}/g, (_, name: string) => environment[name] ?? ''))
    } catch {
      return []
    }
  })
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
