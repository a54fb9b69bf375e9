import { execFile } from 'node:child_process'
import { lstatSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { quote, SkillLiteError } from '../errors.js'
import { findProgram } from './find-program.js'
import type { Interpreter } from './interpreter.js'
import { readProbes, writeProbe } from './probe-cache.js'
import { isPythonFacts, PYTHON_PROBE, type PythonFacts } from './python-facts.js'
import type { PythonWish } from './python-wish.js'
import { exists, mergeMounts, withLinks } from './runtime-mount.js'
import { librariesInMaps, libraryMounts } from './system-libraries.js'

const PROBE_TIMEOUT_MS = 20_000
const known = new Map<string, Promise<PythonFacts>>()

/**
 * The `python3` of the host's `PATH`, seen through any version manager's shim. Where its version will not do, the newest
 * of this machine's that will. Throws `INTERPRETER_MISSING`.
 */
export async function findPython(environment: NodeJS.ProcessEnv, wish?: PythonWish): Promise<Interpreter> {
  const found = findProgram('python3', environment.PATH) ?? findProgram('python', environment.PATH)
  if (wish !== undefined && wish.specifiers.length > 0) {
    const { fittingPython } = await import('./fitting-python.js')
    return describe(await fittingPython(found, wish, environment, (file) => factsOf(file, environment)))
  }
  if (found === undefined) {
    throw new SkillLiteError(
      'INTERPRETER_MISSING',
      'There is no python3 on PATH',
      'Install Python 3, or put it on PATH.',
    )
  }
  return describe(await factsOf(found, environment))
}

function factsOf(found: string, environment: NodeJS.ProcessEnv): Promise<PythonFacts> {
  const key = probeKey(found, environment)
  let facts = known.get(key)
  if (facts === undefined) {
    facts = cachedProbe(found, key, environment)
    known.set(key, facts)
    facts.catch(() => known.delete(key))
  }
  return facts
}

async function cachedProbe(found: string, key: string, environment: NodeJS.ProcessEnv): Promise<PythonFacts> {
  const cached = readProbes(environment).get(key)
  if (cached !== undefined && exists(cached.executable)) return cached
  const facts = await probe(found, environment)
  writeProbe(environment, key, facts)
  return facts
}

/** What a probe's answer depends on: the file itself, and for a shim where its manager keeps the chosen version. */
function probeKey(found: string, environment: NodeJS.ProcessEnv): string {
  const home = environment.HOME ?? homedir()
  const choices = [
    path.join(path.dirname(path.dirname(found)), 'version'),
    path.join(home, '.tool-versions'),
    path.join(home, '.config/mise/config.toml'),
  ]
  const variables = ['PYENV_VERSION', 'ASDF_PYTHON_VERSION', 'MISE_PYTHON_VERSION'].map(
    (name) => environment[name] ?? '',
  )
  return JSON.stringify([
    stamp(found),
    path.isAbsolute(found) && lstatSync(found).ino,
    choices.map(stamp),
    variables,
  ])
}

function stamp(file: string): readonly (string | number)[] {
  try {
    const stats = statSync(file)
    return [file, stats.size, stats.mtimeMs, stats.ino, stats.dev]
  } catch {
    // Not there, or in a directory that this user may not enter: then it chooses nothing either.
    return []
  }
}

async function probe(found: string, environment: NodeJS.ProcessEnv): Promise<PythonFacts> {
  const { error, stdout, stderr } = await new Promise<{
    error: Error | null
    stdout: string
    stderr: string
  }>((resolve) => {
    // The root as working directory: a version file of the project at hand must not choose the interpreter.
    const options = { env: environment, cwd: '/', timeout: PROBE_TIMEOUT_MS, maxBuffer: 4 * 1024 * 1024 }
    execFile(found, ['-I', '-B', '-c', PYTHON_PROBE], options, (error, stdout, stderr) =>
      resolve({ error, stdout, stderr }),
    )
  })
  const facts = error === null ? parseProbe(stdout) : undefined
  if (facts !== undefined) return facts
  throw new SkillLiteError(
    'INTERPRETER_MISSING',
    `${found} is on PATH but does not work as Python 3: ${quote((stderr.trim() || error?.message) ?? stdout, 300)}`,
    `Run ${found} --version to see why, or put another python3 first on PATH.`,
    { cause: error },
  )
}

function parseProbe(stdout: string): PythonFacts | undefined {
  try {
    const { maps, ...rest } = JSON.parse(stdout) as Record<string, unknown>
    const facts: unknown = { ...rest, mapped: librariesInMaps(String(maps)) }
    return isPythonFacts(facts) ? facts : undefined
  } catch {
    return undefined
  }
}

function describe(facts: PythonFacts): Interpreter {
  const { executable, prefix, basePrefix } = facts
  const prefixes = [...new Set([prefix, basePrefix])]
  // The links matter: a virtual environment is found through the name that Python was started by.
  const mounts = [...prefixes.filter(isOwnPrefix), executable].flatMap(withLinks)
  const files = [...facts.libraryDirectories, '/usr/share/zoneinfo']
  const outside = facts.mapped.filter((file) => !mounts.some((mount) => file.startsWith(`${mount.path}/`)))
  return {
    name: 'python3',
    program: executable,
    // -B: the skill directory is read-only, and compiled files would be lost anyway.
    args: ['-B'],
    version: facts.version,
    mounts: mergeMounts([...libraryMounts(outside), ...mounts, ...files.flatMap(withLinks)]),
  }
}

/** Whether a prefix holds one Python and nothing else, so that all of it can be shown. */
function isOwnPrefix(prefix: string): boolean {
  const shared = ['/', '/usr', '/usr/local', '/opt', path.join(homedir(), '.local')]
  return !shared.includes(prefix) && !`${homedir()}/`.startsWith(`${prefix}/`)
}
