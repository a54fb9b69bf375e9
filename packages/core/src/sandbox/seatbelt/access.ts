import path from 'node:path'
import { isWithin } from '../../policy/host-paths.js'
import { protectedDirectories } from '../../policy/protected-directories.js'
import type { LaunchPlan } from '../launch.js'
import type { FileRule, SeatbeltAccess } from './profile.js'

/** Private directories of the run, on the host. */
export interface SeatbeltPlaces {
  readonly home: string
  readonly temp: string
  readonly output: string
}

/** What is known of a path of the host. */
export interface HostPath {
  /** As the kernel calls it. */
  readonly real: string
  readonly kind: 'file' | 'directory'
}

/** Looks a path up; nothing where there is none. */
export type Lookup = (path: string) => HostPath | undefined

type Plan = Pick<LaunchPlan, 'policy' | 'command' | 'mounts' | 'programs' | 'host'>

/** What a plan grants, as paths that the kernel knows. Looks at nothing but the plan and what `lookup` says. */
export function seatbeltAccess(plan: Plan, places: SeatbeltPlaces, lookup: Lookup): SeatbeltAccess {
  const { policy, command, programs, host } = plan
  const runtime = [...plan.mounts, ...programs.mounts].map((mount) => mount.path)
  const shown = [command[0] ?? '', ...runtime, ...homebrewOf(command[0] ?? '')]
  const rules = (paths: readonly string[], mode: 'ro' | 'rw', code: boolean): FileRule[] =>
    paths.flatMap((entry) => {
      const found = lookup(entry)
      return found === undefined ? [] : [{ path: found.real, kind: found.kind, mode, code }]
    })
  const execute = real([...programsOf(command[0] ?? '', runtime), ...programs.exec], lookup)
  const files = arrange([
    ...rules([policy.skillDirectory, ...protectedDirectories(policy)], 'ro', false),
    ...rules([places.home, places.temp, places.output], 'rw', false),
    ...rules(policy.writePaths, 'rw', false),
    ...rules(policy.readPaths, 'ro', false),
    ...rules(host.certificates === undefined ? [] : [host.certificates], 'ro', false),
    ...rules([...shown, ...execute], 'ro', true),
  ])
  const named = [
    ...[policy.skillDirectory, ...policy.readPaths, ...policy.writePaths, ...shown, ...programs.exec],
    ...(policy.readLinks ?? []).map(({ name }) => name),
    // What a shell is on this machine stands in a link there.
    ...(command[0] === '/bin/sh' ? ['/private/var/select/sh'] : []),
  ].filter((entry) => path.posix.isAbsolute(entry))
  const written = files.filter(({ mode }) => mode === 'rw')
  return {
    execute,
    // Without other programs, one process does: then it cannot leave any behind, and its limits are the run's.
    fork: programs.exec.length > 0,
    files,
    keep: ancestorsOf(files.filter(({ mode }) => mode === 'ro').map((rule) => rule.path)).filter(
      (directory) => written.some((rule) => isWithin(directory, rule.path)),
    ),
    pass: [...new Set([...named, ...ancestorsOf([...named, ...files.map((rule) => rule.path)])])].sort(),
  }
}

/** One rule for each path, the first given; a directory before what lies in it. */
function arrange(rules: readonly FileRule[]): readonly FileRule[] {
  const byPath = new Map<string, FileRule>()
  for (const rule of rules) {
    const earlier = byPath.get(rule.path)
    if (earlier === undefined) byPath.set(rule.path, rule)
    else if (earlier.mode === 'ro' && rule.code) byPath.set(rule.path, { ...earlier, code: true })
  }
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
}

const real = (paths: readonly string[], lookup: Lookup): readonly string[] => [
  ...new Set(paths.map((entry) => lookup(entry)?.real).filter((entry) => entry !== undefined)),
]

function ancestorsOf(paths: readonly string[]): readonly string[] {
  const found = new Set<string>()
  for (const entry of paths) {
    for (let at = path.posix.dirname(entry); at !== '/' && at !== '.'; at = path.posix.dirname(at))
      found.add(at)
  }
  return [...found].sort()
}

/** The files that a program turns into when it is started. */
function programsOf(program: string, runtime: readonly string[]): readonly string[] {
  // `sh` becomes the shell that /private/var/select/sh names; a framework's `python3` the application in it.
  const shells = program === '/bin/sh' ? ['/bin/bash', '/bin/dash', '/bin/zsh'] : []
  const frameworks = runtime
    .filter((entry) => /\/Python3?\.framework\/Versions\/[^/]+$/.test(entry))
    .map((entry) => `${entry}/Resources/Python.app/Contents/MacOS/Python`)
  return [program, ...shells, ...frameworks]
}

/** Libraries of programs that Homebrew installed lie in its other packages, which everyone may read. */
function homebrewOf(program: string): readonly string[] {
  const prefix = ['/opt/homebrew', '/usr/local'].find(
    (directory) => isWithin(program, `${directory}/Cellar`) || isWithin(program, `${directory}/opt`),
  )
  return prefix === undefined ? [] : ['Cellar', 'opt', 'lib'].map((name) => `${prefix}/${name}`)
}
