import { readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { isExecutable } from './find-program.js'
import { realPathOf } from './runtime-mount.js'

/**
 * Every Python 3 that this user may have meant to be used: on `PATH`, of the active virtual or conda environment, those
 * that version managers have installed, and the system's. Each real program once; version managers' shims are left
 * out, since what they lead to is listed itself.
 */
export function pythonCandidates(environment: NodeJS.ProcessEnv): readonly string[] {
  const home = environment.HOME ?? homedir()
  const pyenv = environment.PYENV_ROOT ?? path.join(home, '.pyenv')
  const bins = [
    ...['VIRTUAL_ENV', 'CONDA_PREFIX']
      .map((name) => environment[name])
      .filter(isPath)
      .map(binOf),
    ...(environment.PATH ?? '')
      .split(path.delimiter)
      .filter((entry) => path.isAbsolute(entry) && !/[/\\]shims$/.test(entry)),
    ...below(path.join(pyenv, 'versions')).map(binOf),
    ...below(path.join(home, '.asdf/installs/python')).map(binOf),
    ...below(path.join(home, '.local/share/mise/installs/python')).map(binOf),
    ...below(environment.UV_PYTHON_INSTALL_DIR ?? path.join(home, '.local/share/uv/python')).map(binOf),
    ...['miniconda3', 'miniforge3', 'anaconda3'].flatMap((name) => {
      const root = path.join(home, name)
      return [root, ...below(path.join(root, 'envs'))].map(binOf)
    }),
    '/usr/local/bin',
    '/usr/bin',
    '/opt/homebrew/bin',
  ]
  const found = new Map<string, string>()
  for (const bin of new Set(bins)) {
    for (const name of pythonNames(bin)) {
      const file = path.join(bin, name)
      const real = realPathOf(file)
      // Two names of one program in one place; a virtual environment's link is a Python of its own.
      const key = `${real} ${isVirtual(bin) ? bin : ''}`
      if (real !== undefined && !found.has(key) && isExecutable(file)) found.set(key, file)
    }
  }
  return [...found.values()]
}

const isPath = (value: string | undefined): value is string => value !== undefined && path.isAbsolute(value)

const binOf = (prefix: string): string => path.join(prefix, 'bin')

const isVirtual = (bin: string): boolean =>
  realPathOf(path.join(path.dirname(bin), 'pyvenv.cfg')) !== undefined

function below(directory: string): readonly string[] {
  return list(directory)
    .sort()
    .map((name) => path.join(directory, name))
}

function pythonNames(bin: string): readonly string[] {
  return list(bin)
    .filter((name) => /^python3(\.\d+)?$/.test(name))
    .sort()
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}
