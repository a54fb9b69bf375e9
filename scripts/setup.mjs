// Makes a clone ready: checks what must be there, installs dependencies, builds. What is up to date is left alone, so
// that a second run is quick and silent. `npm run demo` and `npm test` begin with it.
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { checkNode, checkRust } from './requirements.mjs'
import { fail, isMain, root, run, Stop, stateDirectory } from './shared.mjs'

const SLOW_MS = 2_000

// CI: pnpm asks no questions. pm_on_fail: this is the pinned version already, so pnpm need not fetch itself once more.
const pnpmEnvironment = { CI: 'true', pnpm_config_pm_on_fail: 'ignore' }

function pnpmVersion() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager
}

function workspaceDirectories() {
  return ['packages', 'examples'].flatMap((parent) =>
    readdirSync(join(root, parent))
      .sort()
      .map((name) => join(root, parent, name))
      .filter((directory) => existsSync(join(directory, 'package.json'))),
  )
}

/** Changes whenever an install could have a different outcome. */
function installDigest() {
  const files = [
    ...['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json'].map((name) => join(root, name)),
    ...workspaceDirectories().map((directory) => join(directory, 'package.json')),
  ]
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`)
  for (const file of files) hash.update(`\0${file.slice(root.length)}\0`).update(readFileSync(file))
  return hash.digest('hex')
}

function isInstalled(stamp, digest) {
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== digest) return false
  // somebody may have removed a package's node_modules since
  return workspaceDirectories().every((directory) => {
    const { dependencies } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))
    return !dependencies || existsSync(join(directory, 'node_modules'))
  })
}

/** Runs one step; says so only when it takes long enough to wonder. */
async function step(what, command, options) {
  const started = Date.now()
  let announced = false
  const announce = setTimeout(() => {
    announced = true
    console.error(`setup: ${what} …`)
  }, SLOW_MS)
  const end = await run(command, options)
  clearTimeout(announce)
  if (end.code !== 0) {
    throw new Stop(
      `${end.stdout}${end.stderr}\nsetup: ${what} failed (exit status ${end.code}); the reason is above.`,
    )
  }
  if (announced) console.error(`setup: ${what}: done in ${Math.round((Date.now() - started) / 1000)} s`)
}

async function installDependencies() {
  const stamp = join(stateDirectory, 'installed')
  const digest = installDigest()
  if (isInstalled(stamp, digest)) return
  await step(
    'installing dependencies',
    ['npx', '--yes', '--loglevel=error', pnpmVersion(), 'install', '--frozen-lockfile'],
    { env: pnpmEnvironment },
  )
  mkdirSync(stateDirectory, { recursive: true })
  writeFileSync(stamp, digest)
}

/**
 * A directory with a `pnpm` for turbo to call. Any other on the PATH may have another version, or be corepack's, which
 * asks before it downloads.
 */
function pnpmDirectory() {
  const directory = join(stateDirectory, 'bin')
  const file = join(directory, 'pnpm')
  const text = `#!/bin/sh\nexec npx --yes --loglevel=error ${pnpmVersion()} "$@"\n`
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return directory
  mkdirSync(directory, { recursive: true })
  writeFileSync(file, text)
  chmodSync(file, 0o755)
  return directory
}

async function build() {
  await step(
    'building',
    // loose: a Rust installation may live where only variables tell (RUSTUP_HOME, proxies, certificates)
    [
      join(root, 'node_modules/.bin/turbo'),
      'run',
      'build',
      // an example is built when it is started
      '--filter=./packages/*',
      '--output-logs=errors-only',
      '--env-mode=loose',
      '--no-update-notifier',
    ],
    {
      env: {
        ...pnpmEnvironment,
        PATH: `${pnpmDirectory()}${delimiter}${process.env.PATH}`,
        TURBO_TELEMETRY_DISABLED: '1',
        DO_NOT_TRACK: '1',
      },
    },
  )
}

export async function setup() {
  checkNode()
  await checkRust()
  await installDependencies()
  await build()
}

if (isMain(import.meta.url)) setup().catch(fail)
