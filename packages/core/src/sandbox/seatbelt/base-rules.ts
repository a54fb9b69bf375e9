/** What every program on macOS needs to start at all, and no more; the reason stands with each group. */
export const BASE_RULES: readonly string[] = [
  '(version 1)',
  '(deny default)',
  // Stated although it is the default: later macOS versions let some of these through where nobody speaks of them.
  '(deny process-info*)',
  '(deny file-map-executable)',
  '(allow process-info* (target self))',
  '(allow signal (target self))',
  // The loader, and the libraries of the system, which live in one shared cache.
  '(allow file-read* (literal "/"))',
  ...['/usr/lib', '/System/Library', '/System/Cryptexes', '/System/Volumes/Preboot/Cryptexes'].flatMap(
    (path) => [`(allow file-read* file-map-executable (subpath "${path}"))`],
  ),
  '(allow file-read* (subpath "/usr/share/zoneinfo") (subpath "/private/var/db/timezone"))',
  // Names that lead somewhere else: a lookup must be able to pass through them.
  '(allow file-read-metadata (literal "/etc") (literal "/tmp") (literal "/var") (literal "/private"))',
  '(allow file-read-metadata (literal "/private/etc") (literal "/private/tmp") (literal "/private/var"))',
  // Devices that have no state; the script's own descriptors.
  '(allow file-read* (literal "/dev/null") (literal "/dev/zero") (literal "/dev/random") (literal "/dev/urandom"))',
  '(allow file-write-data (literal "/dev/null") (literal "/dev/zero"))',
  '(allow file-read* file-write-data (subpath "/dev/fd"))',
  '(allow file-read-metadata (literal "/dev") (literal "/dev/stdin") (literal "/dev/stdout") (literal "/dev/stderr"))',
  // What runtimes ask before the first line of a script: page size, processors, version. No name, no processes.
  `(allow sysctl-read${[
    'hw.activecpu',
    'hw.byteorder',
    'hw.cachelinesize',
    'hw.cpufamily',
    'hw.cputype',
    'hw.logicalcpu',
    'hw.logicalcpu_max',
    'hw.machine',
    'hw.memsize',
    'hw.ncpu',
    'hw.pagesize',
    'hw.pagesize_compat',
    'hw.physicalcpu',
    'hw.physicalcpu_max',
    'kern.argmax',
    'kern.maxfilesperproc',
    'kern.osproductversion',
    'kern.osrelease',
    'kern.ostype',
    'kern.osversion',
    'kern.usrstack64',
    'kern.version',
    'sysctl.proc_cputype',
    'sysctl.proc_translated',
  ]
    .map((name) => ` (sysctl-name "${name}")`)
    .join('')} (sysctl-name-prefix "hw.optional."))`,
]
