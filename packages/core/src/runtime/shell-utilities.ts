import { findProgram } from './find-program.js'
import { mergePrograms, type Programs, programAt } from './programs.js'
import { realPathOf } from './runtime-mount.js'

/**
 * A POSIX shell cannot even read a file by itself. These read, write and compute, and start nothing: no env, xargs,
 * find, timeout, nohup or shell.
 */
const utilities: ReadonlySet<string> = new Set(
  `awk base64 basename cat cp cut date dirname expr grep head join jq ls md5sum mkdir mktemp mv od paste rm rmdir sed seq
  sha256sum sleep sort tail tee tr uniq wc gawk mawk`.split(/\s+/),
)

/** The harmless utilities that shell code mentions. Only those: each one is a mount. */
export function utilitiesFor(code: string): Programs {
  const words = new Set(code.match(/[a-z0-9]+/g) ?? [])
  const granted: Programs[] = []
  for (const name of utilities) {
    // Not the user's PATH: a wrapper found there would be a program of its own.
    const found = words.has(name) ? findProgram(name, '/usr/bin:/bin') : undefined
    const real = found === undefined ? undefined : realPathOf(found)
    if (real !== undefined) granted.push(programAt(name, real))
  }
  return mergePrograms(granted)
}
