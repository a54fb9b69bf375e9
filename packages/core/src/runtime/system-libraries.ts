import { readdirSync } from 'node:fs'
import path from 'node:path'
import {
  bind,
  exists,
  isDirectory,
  linkAt,
  mergeMounts,
  type RuntimeMount,
  realPathOf,
} from './runtime-mount.js'

const triplets: Readonly<Record<string, string>> = {
  x64: 'x86_64-linux-gnu',
  arm64: 'aarch64-linux-gnu',
  arm: 'arm-linux-gnueabihf',
  riscv64: 'riscv64-linux-gnu',
  s390x: 's390x-linux-gnu',
  ppc64: 'powerpc64le-linux-gnu',
}

/** The locale that every script runs in (`LANG`), by the names that C libraries give its directory. */
const localeDirectories = ['/usr/lib/locale/C.utf8', '/usr/lib/locale/C.UTF-8']

let common: readonly RuntimeMount[] | undefined

/**
 * The system's shared libraries and its top-level links (`/lib` → `usr/lib`), the locale that they read, plus what lies
 * elsewhere of `mapped`, the libraries that a program was seen to load.
 */
export function libraryMounts(mapped: readonly string[] = []): readonly RuntimeMount[] {
  common ??= systemMounts()
  const libraries = common
  const elsewhere = mapped
    .map((file) => realPathOf(file))
    .filter((file) => file !== undefined)
    .filter((file) => !libraries.some((mount) => mount.kind === 'bind' && file.startsWith(`${mount.path}/`)))
  if (elsewhere.length === 0) return libraries
  // Its libraries reach into many packages of the store, which is readable by everyone and holds no secrets.
  const stores = ['/nix/store', '/gnu/store'].filter((store) =>
    elsewhere.some((file) => file.startsWith(`${store}/`)),
  )
  const files = elsewhere.filter((file) => !stores.some((store) => file.startsWith(`${store}/`)))
  // Outside the default directories the loader finds a library by this cache alone.
  const cache = files.length > 0 && exists('/etc/ld.so.cache') ? ['/etc/ld.so.cache'] : []
  return mergeMounts([...libraries, ...[...stores, ...files, ...cache].map(bind)])
}

function systemMounts(): readonly RuntimeMount[] {
  const links = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/usr/lib64', '/usr/sbin'].map(linkAt)
  const triplet = triplets[process.arch]
  const multiarch = triplet === undefined ? [] : [`/usr/lib/${triplet}`, `/lib/${triplet}`]
  const directories = [...multiarch, '/usr/lib64', '/lib64']
    .filter(isDirectory)
    .map((directory) => realPathOf(directory) ?? directory)
  // musl systems have neither a directory for each architecture nor lib64.
  const found = directories.length > 0 ? directories : ['/lib', '/usr/lib'].filter(isDirectory)
  const locales = localeDirectories.filter(isDirectory)
  const linked = [...links, ...chosenLibraries()].filter((link) => link !== undefined)
  return mergeMounts([...linked, ...[...found, ...locales].map(bind)])
}

/** Of libraries that do the same (BLAS), Debian chooses one by a link that lies apart from all of them. */
function chosenLibraries(): readonly (RuntimeMount | undefined)[] {
  const choices = '/etc/alternatives'
  const names = isDirectory(choices) ? readdirSync(choices) : []
  return names.filter((name) => name.includes('.so')).map((name) => linkAt(`${choices}/${name}`))
}

/** Paths of the shared libraries in the text of a `/proc/<pid>/maps`. */
export function librariesInMaps(maps: string): string[] {
  const files = maps
    .split('\n')
    .map((line) => line.slice(line.indexOf('/')).trim())
    .filter((file) => file.startsWith('/') && /\.so(\.|$)/.test(path.basename(file)))
  return [...new Set(files)]
}
