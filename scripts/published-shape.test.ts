import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { root, run, stateDirectory } from './shared.mjs'

// What would be published, as it would be: packed by pnpm, which puts versions in place of `workspace:`. Any program that
// finds fault with it would find fault after the release, too.
const directory = mkdtempSync(join(tmpdir(), 'published-shape-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const published = readdirSync(join(root, 'packages'))
  .map((folder) => ({ folder, manifest: readManifest(join(root, 'packages', folder)) }))
  .filter(({ manifest }) => manifest.private !== true)

function readManifest(folder: string): Record<string, unknown> & { readonly name: string } {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}

/** Packs a package; the path of the tarball, and of its unpacked content. */
async function pack(folder: string): Promise<{ tarball: string; unpacked: string }> {
  const destination = mkdtempSync(join(directory, 'packed-'))
  // made by `npm run build`, which `npm test` begins with
  const pnpm = join(stateDirectory, 'bin/pnpm')
  const packed = await run([pnpm, 'pack', '--pack-destination', destination], {
    cwd: folder,
    env: { CI: 'true', pnpm_config_pm_on_fail: 'ignore' },
  })
  expect(packed, packed.stdout + packed.stderr).toMatchObject({ code: 0 })
  const tarball = join(destination, readdirSync(destination)[0] ?? '')
  expect(await run(['tar', '-xzf', tarball, '-C', destination])).toMatchObject({ code: 0 })
  return { tarball, unpacked: join(destination, 'package') }
}

const publint = (tarball: string) => run([join(root, 'node_modules/.bin/publint'), '--strict', tarball])
/** Every package here is for `import` only. */
const typesResolve = (tarball: string) =>
  run([join(root, 'node_modules/.bin/attw'), '--profile', 'esm-only', '--no-color', tarball])

test('the packages are these', () => {
  expect(published.map(({ manifest }) => manifest.name)).toEqual([
    'skilllite',
    '@skilllite/core',
    '@skilllite/langchain',
    '@skilllite/llamaindex',
    '@skilllite/openai',
  ])
})

describe.each(published)('$manifest.name', ({ folder }) => {
  let packed: Awaited<ReturnType<typeof pack>>
  beforeAll(async () => {
    packed = await pack(join(root, 'packages', folder))
  }, 60_000)

  test('can be installed and imported as its manifest says', async () => {
    const end = await publint(packed.tarball)
    expect(end, end.stdout).toMatchObject({ code: 0 })
  })

  test('has types wherever it has code', async () => {
    const end = await typesResolve(packed.tarball)
    expect(end, end.stdout).toMatchObject({ code: 0, stdout: expect.stringContaining('(ESM)') })
  })

  test('has versions of its siblings, a license, and no tests', () => {
    expect(JSON.stringify(readManifest(packed.unpacked))).not.toContain('workspace:')
    const files = readdirSync(packed.unpacked, { recursive: true, encoding: 'utf8' })
    expect(files).toContain('LICENSE')
    expect(files).toContain('dist/index.js')
    expect(files.filter((file) => /\btests?\b|\.test\./.test(file))).toEqual([])
  })
})

test('a package whose manifest names what is not there is found out', async () => {
  const folder = join(directory, 'broken')
  mkdirSync(folder)
  for (const file of ['index.js', 'index.d.ts']) writeFileSync(join(folder, file), 'export {}\n')
  const entry = (name: string) => ({ types: `./${name}.d.ts`, default: `./${name}.js` })
  const exports = { '.': entry('index'), './more': entry('missing') }
  const manifest = { name: 'broken', version: '1.0.0', type: 'module', exports }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  const { tarball } = await pack(folder)
  expect((await publint(tarball)).code).not.toBe(0)
  expect((await typesResolve(tarball)).code).not.toBe(0)
}, 60_000)
