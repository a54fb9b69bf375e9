import { lstatSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { SkillLiteError } from '../errors.js'
import type { Interpreter } from '../runtime/interpreter.js'
import { readOwnFile } from '../skill/own-file.js'
import { copyCertificates } from './certificates.js'
import { grantedHosts, privateAddresses } from './granted-hosts.js'
import { placeOf, upstreamFor } from './index-settings.js'
import { type InstallerContext, installFailure, mustRun, runInstaller } from './installer-run.js'
import type { NpmSettings } from './npm-settings.js'
import { isPin, type Pin } from './pin.js'

const MAX_LOCK_BYTES = 16 * 1024 * 1024

/** What npm has installed. */
export interface NpmResult {
  /** The `node_modules` directory. */
  readonly modules: string
  readonly lockFile: string
  readonly pins: readonly Pin[]
}

/** Installs with the user's npm: from a lock file exactly that, else what the manifest asks for. No script runs. */
export async function installWithNpm(
  manifest: Readonly<Record<string, unknown>>,
  lockFile: string | undefined,
  interpreter: Interpreter,
  settings: NpmSettings,
  context: InstallerContext,
): Promise<NpmResult> {
  const { build } = context
  const bundle =
    settings.certificates === undefined ? undefined : copyCertificates(settings.certificates, build)
  const userconfig = build.write(
    'npmrc',
    [...settings.lines, ...(bundle === undefined ? [] : [`cafile=${bundle}`]), ''].join('\n'),
  )
  const globalconfig = build.write('npmrc-global', '')
  const prefix = path.join(build.output, 'project')
  mkdirSync(prefix)
  writeFileSync(path.join(prefix, 'package.json'), JSON.stringify(manifest))
  if (lockFile !== undefined) writeFileSync(path.join(prefix, 'package-lock.json'), lockFile)
  const npm = (...args: readonly string[]) => [interpreter.program, settings.program, ...args]
  const registries = [settings.registry, ...Object.values(settings.scopes)]
  const base = {
    upstream: upstreamFor(registries, settings.proxy, process.env),
    mounts: [...interpreter.mounts, ...settings.mounts],
    environment: {
      NPM_CONFIG_USERCONFIG: userconfig,
      NPM_CONFIG_GLOBALCONFIG: globalconfig,
      NPM_CONFIG_CACHE: path.join(build.output, 'cache'),
    },
  }
  const hosts = await grantedHosts(registries.map(placeOf).filter((place) => place !== undefined))
  const options = [
    '--ignore-scripts',
    '--no-bin-links',
    '--omit=dev',
    '--no-audit',
    '--no-fund',
    '--no-progress',
    '--no-update-notifier',
  ]
  const install = {
    ...base,
    command: npm(lockFile === undefined ? 'install' : 'ci', '--prefix', prefix, ...options),
    hosts,
  }
  const doing = 'Installing packages with npm'
  const first = await runInstaller(install, context)
  if (first.end.kind !== 'exited' || first.exitCode !== 0) {
    const refused = first.network
      .filter(({ verdict }) => verdict === 'refused')
      .map(({ host, port }) => `${host}:${port}`)
    // A lock file is the skill's, and may name any host: only what the registry itself names counts.
    const view = (name: string) => ({
      ...base,
      hosts,
      command: npm('view', name, 'dist.tarball', '--json', '--prefix', prefix),
    })
    const named: string[] = []
    for (const name of refused.length === 0 ? [] : Object.keys(manifest.dependencies ?? {}).slice(0, 10)) {
      const { stdout } = await runInstaller(view(name), { ...context, onOutput: undefined })
      named.push(
        ...[...stdout.matchAll(/"(https?:\/\/[^"]+)"/g)].flatMap(
          ([, address]) => placeOf(address ?? '') ?? [],
        ),
      )
    }
    const extra = refused.filter((place) => named.includes(place))
    if (extra.length === 0) throw installFailure(first, doing)
    const host = placeOf(settings.registry)?.replace(/:\d+$/, '') ?? ''
    // As with the registry itself, so with its files.
    const granted = (await privateAddresses(host)).length > 0 ? await grantedHosts(extra) : extra
    await mustRun({ ...install, hosts: [...hosts, ...granted] }, context, doing)
  }
  const modules = path.join(prefix, 'node_modules')
  const locked = readOwnFile(path.join(prefix, 'package-lock.json'), MAX_LOCK_BYTES)
  if (locked === undefined || lstatSync(modules, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new SkillLiteError(
      'DEPENDENCY_INSTALL_FAILED',
      `${doing} left no packages`,
      'Nothing was installed.',
    )
  }
  return { modules, lockFile: locked, pins: pinsOf(locked) }
}

/** The packages of a lock file of npm. */
export function pinsOf(lockFile: string): readonly Pin[] {
  const { packages } = JSON.parse(lockFile) as {
    packages?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  }
  return Object.entries(packages ?? {}).flatMap(([place, { version, integrity, dev, name }]) => {
    const installed = name ?? place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length)
    const hashes = typeof integrity === 'string' ? integrity.split(' ') : []
    const pin = { name: installed, version, hashes }
    return place !== '' && dev !== true && isPin(pin) ? [pin] : []
  })
}
