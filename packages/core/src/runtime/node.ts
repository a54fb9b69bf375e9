import { readFileSync } from 'node:fs'
import path from 'node:path'
import { SkillLiteError } from '../errors.js'
import { findProgram } from './find-program.js'
import type { Interpreter } from './interpreter.js'
import { bind, exists, mergeMounts, type RuntimeMount, realPathOf } from './runtime-mount.js'
import { librariesInMaps, libraryMounts } from './system-libraries.js'

let own: Interpreter | undefined

/** The Node that runs this process; the one on `PATH` where this is something else (a bundled application, Bun). */
export function findNode(environment: NodeJS.ProcessEnv): Interpreter {
  if (path.basename(process.execPath) === 'node') {
    own ??= describe(process.execPath, process.versions.node, ownLibraries())
    return own
  }
  const found = findProgram('node', environment.PATH)
  if (found !== undefined) return describe(realPathOf(found) ?? found, undefined, [])
  throw new SkillLiteError(
    'INTERPRETER_MISSING',
    'There is no node on PATH',
    'Install Node.js, or put it on PATH.',
  )
}

function ownLibraries(): readonly string[] {
  try {
    return librariesInMaps(readFileSync('/proc/self/maps', 'utf8'))
  } catch {
    return []
  }
}

function describe(program: string, version: string | undefined, mapped: readonly string[]): Interpreter {
  // Debian's Node reads parts of itself from there.
  const shared: RuntimeMount[] = ['/usr/share/nodejs'].filter(exists).map(bind)
  return {
    name: 'node',
    program,
    args: [],
    ...(version === undefined ? {} : { version }),
    mounts: mergeMounts([
      ...libraryMounts(mapped.filter((file) => !file.endsWith('.node'))),
      bind(program),
      ...shared,
    ]),
  }
}
