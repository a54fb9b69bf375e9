import { lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs'

/** What a program needs to see of the host, read-only, at the same place inside. */
export type RuntimeMount =
  | { readonly kind: 'bind'; readonly path: string }
  | { readonly kind: 'symlink'; readonly path: string; readonly target: string }

export const bind = (path: string): RuntimeMount => ({ kind: 'bind', path })

/** Each mount once, and none that lies in another: every one costs time at each run. */
export function mergeMounts(mounts: readonly RuntimeMount[]): readonly RuntimeMount[] {
  const binds = [...new Set(mounts.filter(({ kind }) => kind === 'bind').map(({ path }) => path))]
  const kept = binds.filter((path) => !binds.some((other) => path.startsWith(`${other}/`)))
  const links = new Map<string, RuntimeMount>()
  for (const mount of mounts) {
    const covered = kept.some((path) => mount.path === path || mount.path.startsWith(`${path}/`))
    if (mount.kind === 'symlink' && !covered) links.set(mount.path, mount)
  }
  return [...links.values(), ...kept.map(bind)]
}

export function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

export function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}

/** The link at `path` as it is on the host, or nothing where there is none. */
export function linkAt(path: string): RuntimeMount | undefined {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return undefined
  return { kind: 'symlink', path, target: readlinkSync(path) }
}

/** What `path` leads to, and every link on the way, so that it can be opened inside by the same name. */
export function withLinks(path: string): readonly RuntimeMount[] {
  const real = realPathOf(path)
  return real === undefined ? [] : [...linksOnTheWay(path), bind(real)]
}

/** As path_resolution(7) walks. The path exists, so the walk ends. */
function linksOnTheWay(path: string): RuntimeMount[] {
  const links: RuntimeMount[] = []
  let at = ''
  const rest = path.split('/').filter((part) => part !== '')
  for (let part = rest.shift(); part !== undefined; part = rest.shift()) {
    if (part === '.') continue
    if (part === '..') {
      at = at.slice(0, at.lastIndexOf('/'))
      continue
    }
    const link = linkAt(`${at}/${part}`)
    if (link?.kind !== 'symlink') {
      at = `${at}/${part}`
      continue
    }
    links.push(link)
    if (link.target.startsWith('/')) at = ''
    rest.unshift(...link.target.split('/').filter((next) => next !== ''))
  }
  return links
}

/** Real path, or nothing where it does not exist. */
export function realPathOf(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}
