import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Interpreter } from '../runtime/interpreter.js'
import { bind, mergeMounts, realPathOf } from '../runtime/runtime-mount.js'

/**
 * Lays a virtual environment out around installed packages. By hand, in a directory that no installer could write to:
 * `python -m venv` would do no more, and needs a part of Python that Debian leaves out.
 */
export function layOutPython(tree: string, interpreter: Interpreter, packages: string): void {
  const base = realPathOf(interpreter.program) ?? interpreter.program
  const library = path.join(tree, 'lib', `python${minorOf(interpreter)}`)
  mkdirSync(path.join(tree, 'bin'), { recursive: true })
  mkdirSync(library, { recursive: true })
  symlinkSync(base, path.join(tree, 'bin', 'python3'))
  writeFileSync(
    path.join(tree, 'pyvenv.cfg'),
    `home = ${path.dirname(base)}\ninclude-system-site-packages = false\nversion = ${interpreter.version}\n`,
  )
  renameSync(packages, path.join(library, 'site-packages'))
}

/** The interpreter that finds an environment's packages: the same one, started by the environment's name for it. */
export function pythonIn(tree: string, interpreter: Interpreter): Interpreter {
  return {
    ...interpreter,
    program: path.join(tree, 'bin', 'python3'),
    mounts: mergeMounts([...interpreter.mounts, bind(tree)]),
  }
}

function minorOf({ version }: Interpreter): string {
  return (version ?? '').split('.').slice(0, 2).join('.')
}
