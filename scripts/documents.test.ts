import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { localLinks, quotedFiles, runnableBlocks } from './documents.mjs'
import { root, run } from './shared.mjs'

const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'docs/getting-started.md',
  'docs/skills.md',
  'docs/adapters.md',
  'packages/openai/README.md',
  'packages/langchain/README.md',
  'packages/llamaindex/README.md',
  'examples/README.md',
  'examples/01-basic/README.md',
  'examples/02-skill-management/README.md',
  'examples/03-agentic-loop/README.md',
  'examples/04-langchain/README.md',
  'examples/05-llamaindex/README.md',
]

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}

describe.each(documents)('%s', (document) => {
  test('links only to files that exist', () => {
    const missing = localLinks(read(document)).filter(
      (link) => !existsSync(join(root, dirname(document), link)),
    )
    expect(missing).toEqual([])
  })

  test('quotes files as they are', () => {
    for (const { file, code } of quotedFiles(read(document))) expect(code).toBe(read(file))
  })

  const blocks = runnableBlocks(read(document))
  if (blocks.length > 0) {
    test('shows commands that work as written', async () => {
      for (const { code, prints } of blocks) {
        const end = await run(['bash', '-euc', code])
        expect(end, code).toMatchObject({ code: 0 })
        if (prints !== undefined) expect(end.stdout).toBe(prints)
      }
    }, 90_000)
  }

  test('names only npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json'))
    const named = [...read(document).matchAll(/npm run (?:--\S+ )?([\w:]+)/g)].map(([, name]) => name)
    expect(named.filter((name) => name !== undefined && !(name in scripts))).toEqual([])
  })
})

test('the README and the guide contain what the tests above look for', () => {
  expect(runnableBlocks(read('README.md')).length).toBeGreaterThan(1)
  expect(quotedFiles(read('README.md'))).toHaveLength(1)
})

test('every dependency has a reason in docs/dependencies.md', () => {
  const manifests = [
    'package.json',
    ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}/package.json`),
  ]
  const packages = manifests.flatMap((file) => {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(read(file))
    return [...Object.keys(dependencies), ...Object.keys(devDependencies)]
  })
  const crates = [
    ...read('packages/core/native/Cargo.toml').matchAll(
      /^\[(?:.*\.)?(?:dev-)?dependencies\]\n((?:[^[\n].*\n|\n)*)/gm,
    ),
  ]
    .flatMap(([, section = '']) => [...section.matchAll(/^([\w-]+)\s*=/gm)])
    .map(([, name]) => name)
  const explained = read('docs/dependencies.md')
  expect(crates.length).toBeGreaterThan(0)
  expect([...packages, ...crates].filter((name) => !explained.includes(`| \`${name}\` |`))).toEqual([])
})
