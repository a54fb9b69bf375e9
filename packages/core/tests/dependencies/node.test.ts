import { rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { cachedEnvironments, pruneEnvironments, type RunOptions, SkillManager } from '../../src/index.js'
import { configureInstallers, Workplace } from './fixtures/dependent-skill.js'
import { type NpmPackage, npmRegistry, type PackageServer } from './fixtures/package-server.js'
import { tarball } from './fixtures/tarball.js'

/** A package whose CommonJS and ESM sides say the same. */
function nodePackage(
  name: string,
  version: string,
  code: string,
  dependencies: Readonly<Record<string, string>> = {},
): NpmPackage {
  const manifest = { name, version, main: 'index.js', dependencies }
  const files = { 'package/package.json': JSON.stringify(manifest), 'package/index.js': code }
  return { manifest, tarball: tarball(files) }
}

const packages = [
  nodePackage('wording', '1.5.0', 'exports.word = () => "good day"\n'),
  nodePackage('greeting', '2.0.0', 'exports.word = require("wording").word()\n', { wording: '^1.0.0' }),
  nodePackage('@scoped/thing', '1.0.0', 'exports.size = 3\n'),
]
const COMMON = 'console.log(JSON.stringify(require("greeting").word))\n'
const MODULE = 'import greeting from "greeting"\nconsole.log(JSON.stringify(greeting.word))\n'
const WANTS = JSON.stringify({ dependencies: { greeting: '^2.0.0' } })

const work = new Workplace()
const { run, outputOf } = work
let registry: PackageServer
let restore: () => void

beforeAll(async () => {
  registry = await npmRegistry(packages)
})
beforeEach(() => {
  restore?.()
  restore = configureInstallers(work.cache, { NPM_CONFIG_REGISTRY: `${registry.address}/` })
  for (const name of [work.cache, path.join(work.project, '.skilllite')])
    rmSync(name, { recursive: true, force: true })
  registry.asked.length = 0
})
afterAll(() => {
  restore?.()
  registry.close()
  work.close()
})

test.each([
  ['by require', { 'main.cjs': COMMON, 'package.json': WANTS }, ''],
  ['by import', { 'main.mjs': MODULE, 'package.json': WANTS }, ''],
  ['in a directory below package.json', { 'scripts/main.mjs': MODULE, 'package.json': WANTS }, ''],
  ['declared in SKILL.md', { 'main.mjs': MODULE }, 'dependencies: ["greeting@^2.0.0", "@scoped/thing"]\n'],
])('packages are found %s', async (_how, files, front) => {
  expect(await outputOf(work.skill(files, front))).toBe('good day')
})

test('packages are found at every level and in every backend, and without the registry', async () => {
  const directory = work.skill({ 'main.mjs': MODULE, 'package.json': WANTS })
  await outputOf(directory)
  registry.asked.length = 0
  const ways: RunOptions[] = [{ level: 3 }, { level: 1 }, { backend: 'landlock' }, { backend: 'namespaces' }]
  for (const options of ways) expect(await outputOf(directory, options)).toBe('good day')
  expect(registry.asked).toEqual([])
})

test('without the word of the host nothing is fetched, and one sentence says what installs it', async () => {
  expect(await run(work.skill({ 'main.mjs': MODULE, 'package.json': WANTS }))).toMatchObject({
    exitCode: 1,
    hint: expect.stringMatching(
      /module greeting \(declared in package\.json\).*skilllite run needs-packages --install$/,
    ),
  })
  expect(registry.asked).toEqual([])
})

test('a range of Node that this one is not in is told', async () => {
  const manifest = JSON.stringify({ dependencies: { greeting: '2' }, engines: { node: '>=999' } })
  const running = run(work.skill({ 'main.mjs': MODULE, 'package.json': manifest }), { dependencies: 'allow' })
  await expect(running).rejects.toMatchObject({
    code: 'INTERPRETER_MISSING',
    message: expect.stringContaining('>=999'),
  })
})

test('tarballs at another host are fetched where the registry names that host', async () => {
  const files = await npmRegistry(packages)
  const other = await npmRegistry(packages, () => files.address)
  process.env.NPM_CONFIG_REGISTRY = `${other.address}/`
  expect(await outputOf(work.skill({ 'main.mjs': MODULE, 'package.json': WANTS }))).toBe('good day')
  expect(files.asked).toContain('/files/greeting-2.0.0.tgz')
  for (const server of [files, other]) server.close()
})

describe('lock', () => {
  test('records every package with its hash, and other bytes are refused', async () => {
    const directory = work.skill({ 'main.mjs': MODULE, 'package.json': WANTS })
    const manager = await SkillManager.load({ skillsDir: directory, cwd: work.project })
    const { entries } = await manager.lock('needs-packages')
    expect(entries[0]?.pins).toEqual([
      { name: 'greeting', version: '2.0.0', hashes: [expect.stringMatching(/^sha512-/)] },
      { name: 'wording', version: '1.5.0', hashes: [expect.stringMatching(/^sha512-/)] },
    ])
    await pruneEnvironments(0)
    expect(await outputOf(directory)).toBe('good day')
    await pruneEnvironments(0)
    const forger = await npmRegistry([
      ...packages.slice(1),
      nodePackage('wording', '1.5.0', 'exports.word = () => "forged"\n'),
    ])
    process.env.NPM_CONFIG_REGISTRY = `${forger.address}/`
    await expect(run(directory, { dependencies: 'allow' })).rejects.toMatchObject({
      code: 'DEPENDENCY_INSTALL_FAILED',
    })
    forger.close()
    expect(await cachedEnvironments()).toEqual([])
  })

  test("a skill's own lock file decides", async () => {
    const newer = await npmRegistry([
      ...packages,
      nodePackage('wording', '1.9.0', 'exports.word = () => "newer"\n'),
    ])
    process.env.NPM_CONFIG_REGISTRY = `${newer.address}/`
    const plain = { 'main.mjs': MODULE, 'package.json': WANTS }
    expect(await outputOf(work.skill(plain))).toBe('newer')
    const entry = (name: string, version: string, dependencies = {}) => ({
      version,
      resolved: `${newer.address}/files/${name}-${version}.tgz`,
      dependencies,
    })
    const lock = {
      lockfileVersion: 3,
      packages: {
        '': JSON.parse(WANTS) as object,
        'node_modules/greeting': entry('greeting', '2.0.0', { wording: '^1.0.0' }),
        'node_modules/wording': entry('wording', '1.5.0'),
      },
    }
    expect(await outputOf(work.skill({ ...plain, 'package-lock.json': JSON.stringify(lock) }))).toBe(
      'good day',
    )
    newer.close()
  })
})
