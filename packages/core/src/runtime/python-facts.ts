/** What a Python says of itself. Absolute paths; not all need exist. */
export interface PythonFacts {
  /** `sys.executable`: behind a version manager's shim, the interpreter itself. */
  readonly executable: string
  /** `3.11.7`. */
  readonly version: string
  readonly prefix: string
  readonly basePrefix: string
  readonly libraryDirectories: readonly string[]
  /** Shared libraries that it has loaded. */
  readonly mapped: readonly string[]
}

/** Run by the interpreter that was found; works on every Python 3. */
export const PYTHON_PROBE = `
import json, os, site, sys, sysconfig
try:
    with open('/proc/self/maps') as f:
        maps = f.read()
except OSError:
    maps = ''
dirs = [sysconfig.get_path(n) for n in ('stdlib', 'platstdlib')] + site.getsitepackages()
dirs += [os.path.join(sys.base_prefix, 'lib', 'python3', 'dist-packages')]
json.dump({'executable': sys.executable, 'version': '.'.join(map(str, sys.version_info[:3])),
  'prefix': sys.prefix, 'basePrefix': sys.base_prefix,
  'libraryDirectories': [d for d in dirs if d], 'maps': maps}, sys.stdout)
`

export function isPythonFacts(value: unknown): value is PythonFacts {
  if (typeof value !== 'object' || value === null) return false
  const facts = value as Readonly<Record<keyof PythonFacts, unknown>>
  return (
    [facts.executable, facts.prefix, facts.basePrefix].every(isAbsolute) &&
    typeof facts.version === 'string' &&
    /^3\.\d+\.\d+$/.test(facts.version) &&
    isPathList(facts.libraryDirectories) &&
    isPathList(facts.mapped)
  )
}

const isAbsolute = (value: unknown): value is string =>
  typeof value === 'string' && value.startsWith('/') && !value.includes('\0')

const isPathList = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length < 500 && value.every(isAbsolute)
