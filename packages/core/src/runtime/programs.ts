import { closeSync, openSync, readSync } from 'node:fs'
import path from 'node:path'
import { quote, SkillLiteError } from '../errors.js'
import { findInterpreter } from './find-interpreter.js'
import { findProgram, isExecutable } from './find-program.js'
import type { InterpreterName } from './interpreter.js'
import { bind, mergeMounts, type RuntimeMount, realPathOf } from './runtime-mount.js'
import { libraryMounts } from './system-libraries.js'

/** Programs that a script may start, and what they need to see. */
export interface Programs {
  readonly mounts: readonly RuntimeMount[]
  /** Paths inside that may be executed: the binaries, and the names that lead to them. */
  readonly exec: readonly string[]
}

export const NO_PROGRAMS: Programs = { mounts: [], exec: [] }

const interpreters: Readonly<Record<string, InterpreterName>> = {
  python: 'python3',
  python3: 'python3',
  node: 'node',
  sh: 'sh',
  bash: 'bash',
}

/** Resolves programs that the host grants by name or path. Throws `OPTION_INVALID` for one that cannot be granted. */
export async function grantPrograms(
  names: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Programs> {
  return mergePrograms(await Promise.all(names.map((name) => grantProgram(name, environment))))
}

export function mergePrograms(all: readonly Programs[]): Programs {
  return {
    mounts: mergeMounts(all.flatMap(({ mounts }) => mounts)),
    exec: [...new Set(all.flatMap(({ exec }) => exec))],
  }
}

async function grantProgram(name: string, environment: NodeJS.ProcessEnv): Promise<Programs> {
  const interpreter = interpreters[name]
  if (interpreter !== undefined) {
    const { program, mounts } = await findInterpreter(interpreter, environment)
    const real = realPathOf(program) ?? program
    const link = aliasOf(name, real)
    return { mounts: [...mounts, ...link], exec: [program, real, ...link.map((mount) => mount.path)] }
  }
  if (name.includes('/') && !path.isAbsolute(name)) throw invalid(name, 'is a relative path')
  const found = path.isAbsolute(name) ? name : findProgram(name, environment.PATH)
  if (found === undefined || !isExecutable(found)) throw invalid(name, 'is not an executable file on PATH')
  const real = realPathOf(found) ?? found
  if (startsWithShebang(real)) throw invalid(name, `is a script (${real}), not a binary`)
  return programAt(path.basename(found), real)
}

/** A binary with the link through which the sandbox's PATH finds it. */
export function programAt(name: string, real: string): Programs {
  const link = aliasOf(name, real)
  return {
    mounts: mergeMounts([...libraryMounts([real]), bind(real), ...link]),
    exec: [real, ...link.map((mount) => mount.path)],
  }
}

function aliasOf(name: string, real: string): readonly RuntimeMount[] {
  const alias = `/usr/bin/${name}`
  return alias === real ? [] : [{ kind: 'symlink', path: alias, target: real }]
}

/** Whether a file is a script, which starts its interpreter. */
export function startsWithShebang(file: string): boolean {
  const descriptor = openSync(file, 'r')
  try {
    const start = Buffer.alloc(2)
    readSync(descriptor, start, 0, 2, 0)
    return start.toString('latin1') === '#!'
  } finally {
    closeSync(descriptor)
  }
}

function invalid(name: string, problem: string): SkillLiteError {
  return new SkillLiteError(
    'OPTION_INVALID',
    `The program ${quote(name)} cannot be granted: it ${problem}`,
    'Grant a binary by its name on PATH or by its absolute path; for a script, grant its interpreter.',
  )
}
