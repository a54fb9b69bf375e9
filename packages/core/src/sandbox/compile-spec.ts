import { isWithin } from '../policy/host-paths.js'
import { protectedDirectories } from '../policy/protected-directories.js'
import type { SandboxPolicy } from '../policy/sandbox-policy.js'
import type { LaunchPlan } from './launch.js'
import { CERTIFICATES, NODE_PRELOAD, PROXY_PORT, proxyEnvironment } from './proxy-environment.js'
import { scriptEnvironment } from './script-environment.js'
import type { SandboxSpec, SpecMount } from './spec.js'

const INODES = 8_192
const TEMP = '/tmp'
const HOME = '/home/skill'
const OUTPUT = '/output'

/** Node ends where it may not read OpenSSL's configuration; that it is not there is fine. */
const WITHOUT_ETC = { OPENSSL_CONF: '/dev/null' }

/** All that one run consists of, decided. */
export interface RunPlan extends LaunchPlan {
  readonly backend: SandboxSpec['backend']
}

/** Writes a plan down as the spec that `skillbox` enforces. Looks at nothing but the plan. */
export function compileSpec(plan: RunPlan): SandboxSpec {
  const { policy, host } = plan
  const { limits } = policy
  const links = (policy.readLinks ?? []).map(({ name }) => name)
  const shown = [policy.skillDirectory, ...policy.readPaths, ...links, ...policy.writePaths]
  const free = (path: string): boolean => !shown.some((other) => isWithin(path, other))
  // A granted directory may stand where one of ours would; ours then moves.
  const home = free(HOME) ? HOME : TEMP
  const temp = free(TEMP) || policy.writePaths.some((path) => isWithin(TEMP, path)) ? TEMP : home
  const output = [OUTPUT, '/skill-output'].find(
    (to) => !shown.some((path) => isWithin(path, to) || isWithin(to, path)),
  )
  return {
    version: 1,
    backend: plan.backend,
    program: plan.command,
    cwd: policy.skillDirectory,
    env: {
      ...(plan.backend === 'landlock' ? WITHOUT_ETC : {}),
      ...scriptEnvironment(plan, {
        path: '/usr/bin:/bin',
        home,
        temp,
        output: output ?? OUTPUT,
        timeZone: host.timeZone,
      }),
      ...(plan.network === undefined ? {} : proxyEnvironment(host.certificates !== undefined)),
    },
    mounts: arrange([
      ...grantMounts(policy),
      ...ownMounts(plan, [home, temp].filter(free)),
      ...runtimeMounts(plan),
    ]),
    exec: plan.programs.exec,
    network:
      plan.network === undefined
        ? { kind: 'none' }
        : { kind: 'proxy', socket: plan.network.socketPath, port: PROXY_PORT },
    limits: {
      wallMs: limits.wallMs,
      cpuMs: limits.cpuMs,
      memoryBytes: limits.memoryBytes,
      pids: limits.pids,
      files: limits.files,
      fileBytes: Math.max(limits.tempBytes, limits.outputBytes),
      stdoutBytes: limits.stdoutBytes,
      stderrBytes: limits.stderrBytes,
    },
    output: {
      to: output ?? OUTPUT,
      collectInto: plan.collectInto,
      disposable: policy.outputDirectory === undefined,
      bytes: limits.outputBytes,
      inodes: INODES,
    },
  }
}

/** The skill and what the host grants, strongest first. */
function grantMounts(policy: SandboxPolicy): SpecMount[] {
  const grant = (path: string, mode: 'ro' | 'rw'): SpecMount => ({
    kind: 'bind',
    from: path,
    to: path,
    mode,
    exec: false,
    mapOwner: true,
    untrusted: path === policy.skillDirectory,
  })
  return [
    grant(policy.skillDirectory, 'ro'),
    ...protectedDirectories(policy).map((path) => grant(path, 'ro')),
    ...policy.writePaths.map((path) => grant(path, 'rw')),
    ...policy.readPaths.map((path) => grant(path, 'ro')),
    ...(policy.readLinks ?? []).map(
      ({ name, path }) => ({ kind: 'symlink', to: name, target: path }) as const,
    ),
  ]
}

function ownMounts({ policy, host, backend, network }: RunPlan, places: readonly string[]): SpecMount[] {
  const tmpfs = (to: string): SpecMount => ({
    kind: 'tmpfs',
    to,
    bytes: policy.limits.tempBytes,
    inodes: INODES,
  })
  const file = (to: string, text: string): SpecMount => ({ kind: 'file', to, text })
  const shown = (from: string | undefined, to: string): SpecMount[] =>
    from === undefined ? [] : [readOnly(from, to, false)]
  return [
    file('/etc/passwd', `skill:x:1000:1000:skill:${HOME}:/bin/sh\n`),
    file('/etc/group', 'skill:x:1000:\n'),
    file('/etc/hosts', '127.0.0.1 localhost\n::1 localhost\n'),
    file('/etc/nsswitch.conf', 'passwd: files\ngroup: files\nhosts: files dns\n'),
    file('/etc/resolv.conf', ''),
    ...shown(host.certificates, CERTIFICATES),
    ...shown(network?.nodePreload, NODE_PRELOAD),
    ...(backend === 'landlock' ? shown(host.fileTypes, '/etc/mime.types') : []),
    { kind: 'proc', to: '/proc' },
    { kind: 'dev', to: '/dev' },
    tmpfs('/dev/shm'),
    ...places.map(tmpfs),
  ]
}

function runtimeMounts({ mounts, programs }: RunPlan): SpecMount[] {
  return [...mounts, ...programs.mounts].map((mount) =>
    mount.kind === 'symlink'
      ? { kind: 'symlink', to: mount.path, target: mount.target }
      : readOnly(mount.path, mount.path, true),
  )
}

const readOnly = (from: string, to: string, exec: boolean): SpecMount => ({
  kind: 'bind',
  from,
  to,
  mode: 'ro',
  exec,
  mapOwner: false,
  untrusted: false,
})

/**
 * One mount for each place, the first given; parents before what lies in them. What would have to be made inside a
 * directory of the host is left out: it is the host's that was granted.
 */
function arrange(mounts: readonly SpecMount[]): readonly SpecMount[] {
  const places = new Map<string, SpecMount>()
  for (const mount of mounts) if (!places.has(mount.to)) places.set(mount.to, mount)
  const all = [...places.values()]
  const directories = all.filter((mount) => mount.kind === 'bind' && mount.from === mount.to)
  return all
    .filter(
      (mount) =>
        (mount.kind === 'bind' && mount.from === mount.to) ||
        !directories.some((outer) => outer.to !== mount.to && isWithin(mount.to, outer.to)),
    )
    .sort((a, b) => (a.to < b.to ? -1 : 1))
}
