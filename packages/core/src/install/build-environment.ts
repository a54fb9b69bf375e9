import { lstatSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { SkillLiteError } from '../errors.js'
import type { InstallProgress } from '../runtime/dependencies/dependency-options.js'
import { findProgram } from '../runtime/find-program.js'
import { startsWithShebang } from '../runtime/programs.js'
import { isDirectory, realPathOf } from '../runtime/runtime-mount.js'
import { removeTree } from '../sandbox/remove-tree.js'
import { type BuildDirectory, openBuildDirectory } from './build-directory.js'
import { withBuildLock } from './build-lock.js'
import {
  type EnvironmentRequest,
  environmentKey,
  findEnvironment,
  platformName,
  requestKey,
} from './environment-request.js'
import {
  type Environment,
  type EnvironmentRecord,
  type EnvironmentStore,
  LAYOUT,
  RECORD,
  treeIn,
} from './environment-store.js'
import type { InstallerContext } from './installer-run.js'
import { installWithNpm } from './npm-installer.js'
import { npmSettings } from './npm-settings.js'
import { outputLines } from './output-lines.js'
import { PipInstaller } from './pip-installer.js'
import { findPip } from './pip-program.js'
import { pipSettings } from './pip-settings.js'
import { preparePythonIndex } from './python-index.js'
import type { PythonInstaller } from './python-installer.js'
import { layOutPython } from './python-layout.js'
import { sealTree } from './seal-tree.js'
import { UvInstaller } from './uv-installer.js'
import { uvSettings } from './uv-settings.js'

/** How a build is watched and stopped. */
export interface BuildOptions {
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: InstallProgress) => void) | undefined
  /** Builds although there is an answer already, from the newest versions. */
  readonly fresh?: boolean
}

/**
 * Builds the environment of a request, or waits for another process that does. It appears in the store whole or not at
 * all. Throws `DEPENDENCY_INSTALL_FAILED`, `DEPENDENCY_LOCK_INVALID`.
 */
export async function buildEnvironment(
  store: EnvironmentStore,
  request: EnvironmentRequest,
  options: BuildOptions,
): Promise<Environment> {
  if (request.lock.kind === 'stale') throw staleLock(request)
  const { signal, onProgress } = options
  const wait = () => onProgress?.({ kind: 'install-waiting' })
  // One lock whatever the settings: one that a killed build has left is taken over under others, too.
  const lock = requestKey({ ...request, origin: [] })
  return withBuildLock(store.directory, lock, signal, wait, async () => {
    const built = options.fresh === true ? undefined : findEnvironment(store, request)
    if (built !== undefined) return built
    const build = await openBuildDirectory(store.directory)
    try {
      const environment = await buildIn(build, store, request, options)
      if (request.lock.kind === 'none') store.remember(requestKey(request), environment.key)
      return environment
    } finally {
      await build.close()
      onProgress?.({ kind: 'install-finished' })
    }
  })
}

async function buildIn(
  build: BuildDirectory,
  store: EnvironmentStore,
  request: EnvironmentRequest,
  { signal, onProgress }: BuildOptions,
): Promise<Environment> {
  const context: InstallerContext = {
    build,
    signal,
    onOutput: onProgress && outputLines((line) => onProgress({ kind: 'install-output', line })),
  }
  const begin = (installer: string) =>
    onProgress?.({ kind: 'install-started', requirements: request.declared.requirements, installer })
  const final = path.join(path.dirname(build.output), 'final')
  const tree = treeIn(final)
  mkdirSync(tree, { recursive: true })
  const fill = request.declared.language === 'python' ? fillPython : fillNode
  const { interpreter } = request
  const filled = await fill(tree, request, context, begin)
  const key = environmentKey(interpreter, filled.pins, filled.lockFile, buildable(request))
  const known = store.find(key)
  if (known !== undefined) return known
  const record: EnvironmentRecord = {
    layout: LAYOUT,
    language: request.declared.language,
    interpreter: { program: interpreter.program, version: interpreter.version ?? '' },
    requirements: request.declared.requirements,
    ...filled,
    bytes: await sealTree(tree),
  }
  writeFileSync(path.join(final, RECORD), JSON.stringify(record), { mode: 0o600 })
  return moveInto(store, key, final)
}

/** In one step. Where another one was faster, what it built is as good. */
async function moveInto(store: EnvironmentStore, key: string, final: string): Promise<Environment> {
  const place = store.placeOf(key)
  // Without a record it is what a removal has left.
  if (isDirectory(place) && store.find(key) === undefined) await removeTree(place)
  try {
    renameSync(final, place)
  } catch (error) {
    if (store.find(key) === undefined) throw error
  }
  const environment = store.find(key)
  if (environment !== undefined) return environment
  throw new SkillLiteError(
    'DEPENDENCY_INSTALL_FAILED',
    `What was installed is not in ${place}`,
    'Let nobody else write to the cache directory.',
  )
}

/** What is locked has hashes of wheels. */
const buildable = ({ lock, sources }: EnvironmentRequest): readonly string[] =>
  lock.kind === 'locked' ? [] : sources

type Filled = Pick<EnvironmentRecord, 'pins' | 'installer' | 'lockFile'>
type Fill = (
  tree: string,
  request: EnvironmentRequest,
  context: InstallerContext,
  begin: (installer: string) => void,
) => Promise<Filled>

const fillPython: Fill = async (tree, asked, context, begin) => {
  const { declared, interpreter, lock } = asked
  const { build } = context
  const installer = await pythonInstaller(context, interpreter)
  begin(installer.name)
  const request = { requirements: declared.requirements, sources: buildable(asked) }
  const pins = lock.kind === 'locked' ? lock.entry.pins : await installer.resolve(request)
  const site = await installer.install(pins, request, lock.kind !== 'locked')
  // Every marker may have said no.
  if (pins.length === 0) mkdirSync(path.join(build.output, 'site'), { recursive: true })
  if (lstatSync(site, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new SkillLiteError(
      'DEPENDENCY_INSTALL_FAILED',
      `${installer.name} left no packages`,
      'Nothing was installed.',
    )
  }
  layOutPython(tree, interpreter, site)
  return { pins, installer: installer.name }
}

async function pythonInstaller(
  context: InstallerContext,
  interpreter: EnvironmentRequest['interpreter'],
): Promise<PythonInstaller> {
  const { env } = process
  const found = findProgram('uv', env.PATH)
  const uv = found === undefined ? undefined : realPathOf(found)
  const fromPip = async () => pipSettings(await findPip(interpreter, env), env)
  // A version manager's shim is a script, and would start programs that nobody granted.
  if (uv !== undefined && !startsWithShebang(uv)) {
    const index = await preparePythonIndex(await uvSettings(env, fromPip), context.build)
    return new UvInstaller(uv, interpreter, index, context)
  }
  const pip = await findPip(interpreter, env)
  const index = await preparePythonIndex(await pipSettings(pip, env), context.build)
  return new PipInstaller(interpreter, pip, index, context)
}

const fillNode: Fill = async (tree, { declared, interpreter, lock }, context, begin) => {
  if (declared.language !== 'node') throw new TypeError('not a request of Node')
  begin('npm')
  const settings = await npmSettings(interpreter.program, process.env)
  const locked = lock.kind === 'locked' ? lock.entry.lockFile : declared.lockFile
  const { modules, pins, lockFile } = await installWithNpm(
    declared.manifest,
    locked,
    interpreter,
    settings,
    context,
  )
  rmSync(path.join(modules, '.package-lock.json'), { force: true })
  renameSync(modules, path.join(tree, 'node_modules'))
  return { pins, lockFile, installer: 'npm' }
}

function staleLock({ skill, script, interpreter }: EnvironmentRequest): SkillLiteError {
  return new SkillLiteError(
    'DEPENDENCY_LOCK_INVALID',
    `The lock of this project has versions for ${skill} (${script}), but not for what it declares now on ${platformName} with ${interpreter.name} ${interpreter.version ?? ''}`,
    `Record them with: skilllite lock ${skill}`,
  )
}
