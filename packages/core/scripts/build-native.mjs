// Builds the static `skillbox` binary into bin/.
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

execFileSync('cargo', ['build', '--release', '--locked', '--package', 'skillbox'], {
  cwd: workspace,
  stdio: 'inherit',
})

const built = join(process.env.CARGO_TARGET_DIR ?? join(workspace, 'target'), 'release/skillbox')
const target = join(packageDirectory, 'bin/skillbox')
mkdirSync(dirname(target), { recursive: true })
// Renamed into place: a skillbox that is running right now keeps its own file.
copyFileSync(built, `${target}.new`)
renameSync(`${target}.new`, target)
