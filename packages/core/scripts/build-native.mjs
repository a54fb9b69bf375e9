// Builds the static `skillbox` binary into bin/. Static linking needs an explicit target: without one, the flags
// would also reach the procedural macros, which cannot be static.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

if (process.platform !== 'linux') {
  console.log('skillbox is for Linux; on macOS, sandbox-exec takes its place')
  process.exit(0)
}

const packageDirectory = dirname(dirname(fileURLToPath(import.meta.url)))
const workspace = join(packageDirectory, '../..')

const host = /^host: (.+)$/m.exec(execFileSync('rustc', ['-vV'], { encoding: 'utf8' }))?.[1]
if (!host) throw new Error('`rustc -vV` did not say which host it is for')
const linux = host.includes('-linux-')
const flagsVariable = `CARGO_TARGET_${host.toUpperCase().replaceAll('-', '_')}_RUSTFLAGS`
execFileSync('cargo', ['build', '--release', '--locked', '--package', 'skillbox', '--target', host], {
  cwd: workspace,
  stdio: 'inherit',
  env: { ...process.env, ...(linux ? { [flagsVariable]: '-C target-feature=+crt-static' } : {}) },
})

const built = join(process.env.CARGO_TARGET_DIR ?? join(workspace, 'target'), host, 'release/skillbox')
const target = join(packageDirectory, 'bin/skillbox')
mkdirSync(dirname(target), { recursive: true })
// Renamed into place: a skillbox that is running right now keeps its own file.
copyFileSync(built, `${target}.new`)
renameSync(`${target}.new`, target)
