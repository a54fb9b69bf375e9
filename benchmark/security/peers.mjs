// Other sandboxes are fetched on demand into a folder that is no part of the product.
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'

const execute = promisify(execFile)

export const repository = path.resolve(import.meta.dirname, '../..')
export const peers = path.join(repository, 'benchmark/.peers')

/** The first line that a program prints, or undefined where it is not installed. */
export async function versionOf(program, args = ['--version'], env = process.env) {
  try {
    const { stdout } = await execute(program, args, { timeout: 20_000, env })
    return stdout.trim().split('\n')[0]
  } catch {
    return undefined
  }
}

/** Installs an npm package without its scripts; returns its directory. Throws the reason where it cannot. */
export async function npmPackage(folder, name, version) {
  const prefix = path.join(peers, folder)
  const directory = path.join(prefix, 'node_modules', name)
  if (installedVersion(directory) === version) return directory
  mkdirSync(prefix, { recursive: true })
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefix', prefix]
  await install('npm', ['install', ...options, `${name}@${version}`])
  return directory
}

/** Installs a package for the system's Python; returns the directory to import it from. */
export async function pythonPackage(name, version, python) {
  const target = path.join(peers, name)
  if (existsSync(path.join(target, `${name}-${version}.dist-info`))) return target
  mkdirSync(target, { recursive: true })
  await install(python, [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--no-deps',
    '--target',
    target,
    `${name}==${version}`,
  ])
  return target
}

async function install(program, args) {
  try {
    await execute(program, args, { timeout: 300_000 })
  } catch (error) {
    const said = String(error.stderr || error.message)
      .trim()
      .split('\n')
      .at(-1)
    throw new Error(`\`${program} ${args.at(-1)}\` could not be installed: ${said}`)
  }
}

function installedVersion(directory) {
  try {
    return JSON.parse(readFileSync(path.join(directory, 'package.json'), 'utf8')).version
  } catch {
    return undefined
  }
}
