import path from 'node:path'
import { SkillLiteError } from '../errors.js'
import type { Interpreter } from '../runtime/interpreter.js'
import { runHostProgram } from '../runtime/run-host-program.js'
import { bind, type RuntimeMount } from '../runtime/runtime-mount.js'

/** A pip, and how it is started. */
export interface PipProgram {
  readonly python: string
  /** Before pip's own arguments. */
  readonly args: readonly string[]
  /** Arguments of Python that run `code` where pip can be imported. */
  with(code: string): readonly string[]
  /** What it needs to see besides its Python. */
  readonly mounts: readonly RuntimeMount[]
}

const START = "import runpy; runpy.run_module('pip', run_name='__main__', alter_sys=True)"

/** Where Python comes without pip, it may still bring the file that `python -m venv` would install it from. */
const BUNDLED = `
import glob, os
places = ['/usr/share/python-wheels']
try:
    import ensurepip
    places.insert(0, os.path.join(os.path.dirname(ensurepip.__file__), '_bundled'))
except ImportError:
    pass
print(next((f for p in places for f in sorted(glob.glob(os.path.join(p, 'pip-*.whl')))), ''))
`

/** Finds the pip of an interpreter. Throws `DEPENDENCY_INSTALL_FAILED` where it has none. */
export async function findPip(interpreter: Interpreter, environment: NodeJS.ProcessEnv): Promise<PipProgram> {
  const python = interpreter.program
  if ((await runHostProgram(python, ['-I', '-c', 'import pip'], environment)).ok)
    return pipOf(python, undefined)
  const bundled = (await runHostProgram(python, ['-I', '-c', BUNDLED], environment)).stdout.trim()
  if (bundled !== '') return pipOf(python, bundled)
  throw new SkillLiteError(
    'DEPENDENCY_INSTALL_FAILED',
    `Packages cannot be installed: ${python} has no pip, and there is no uv on PATH`,
    'Install pip for it (python3-pip in Debian and Ubuntu), or uv.',
  )
}

function pipOf(python: string, wheel: string | undefined): PipProgram {
  const before = wheel === undefined ? '' : `import sys; sys.path.insert(0, ${JSON.stringify(wheel)})\n`
  return {
    python,
    args: ['-I', '-c', `${before}${START}`],
    with: (code) => ['-I', '-c', `${before}${code}`],
    mounts: wheel === undefined ? [] : [bind(path.dirname(wheel))],
  }
}
