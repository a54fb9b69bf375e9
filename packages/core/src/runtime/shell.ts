import { SkillLiteError } from '../errors.js'
import { findProgram } from './find-program.js'
import type { Interpreter } from './interpreter.js'
import { bind, exists, mergeMounts, realPathOf } from './runtime-mount.js'
import { libraryMounts } from './system-libraries.js'

/** The system's shell. `PATH` has no say: scripts expect `/bin/sh`, and so does everyone who reads them. */
export function findShell(name: 'sh' | 'bash'): Interpreter {
  const found = findProgram(name, '/usr/bin:/bin:/usr/local/bin:/run/current-system/sw/bin')
  if (found === undefined) {
    throw new SkillLiteError('INTERPRETER_MISSING', `There is no ${name} in /bin`, `Install ${name}.`)
  }
  const program = realPathOf(found) ?? found
  const files = [program, '/usr/share/zoneinfo'].filter(exists).map(bind)
  return { name, program, args: [], mounts: mergeMounts([...libraryMounts([program]), ...files]) }
}
