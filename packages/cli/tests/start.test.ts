import { statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { bin, start } from './support/command.js'
import { temporaryDirectory, writeSkill } from './support/skills.js'

const dist = fileURLToPath(new URL('../dist/', import.meta.url))
const skills = temporaryDirectory()
const schema = `entry_point: scripts/main.py
input_schema:
  type: object
  properties:
    a:
      type: number
`
writeSkill(skills, 'plain', { 'scripts/main.py': 'print("ran")\n' }, { frontMatter: schema })
writeSkill(
  skills,
  'flowing',
  { 'scripts/main.py': 'print("ran")\n' },
  { frontMatter: `${schema}extra: {a: [1, {b: "c"}]}\n` },
)
// Not the same in any two runs of this file, so that none finds it in the cache.
writeSkill(skills, 'undeclared', {
  'scripts/main.py': `import sys\nprint("ran", sys.argv[1])\n# ${skills}\n`,
})

/** Which of our files a start loads, by their names. */
async function loadedFiles(...args: string[]): Promise<{ stdout: string; files: string[] }> {
  const hook = join(skills, 'hook.cjs')
  const report = `process.on('exit', () => process.stderr.write(JSON.stringify(Object.keys(require.cache))))`
  writeFileSync(hook, report)
  const { stdout, stderr } = await start(process.execPath, ['-r', hook, bin, ...args, '--skills-dir', skills])
  const paths: string[] = JSON.parse(stderr)
  return {
    stdout,
    files: paths.filter((path) => path.startsWith(dist)).map((path) => path.slice(dist.length)),
  }
}

test('the first run of a skill loads the scan, and a later one does not', async () => {
  const fresh = writeSkill(
    temporaryDirectory(),
    'fresh',
    { 'scripts/main.py': `print("ran") # ${skills}\n` },
    { frontMatter: schema },
  )
  const first = await loadedFiles('run', fresh)
  const second = await loadedFiles('run', fresh)
  expect([first.files, second.files]).toEqual([['cli.cjs', 'engine-scan-parts.cjs'], ['cli.cjs']])
})

test('a run of a plain skill loads one file, and no library', async () => {
  await loadedFiles('run', join(skills, 'plain'), 'a=1')
  const { stdout, files } = await loadedFiles('run', join(skills, 'plain'), 'a=1')
  expect({ stdout, files }).toEqual({ stdout: 'ran\n', files: ['cli.cjs'] })
})

test('front matter that needs the YAML library gets it from one more file', async () => {
  await loadedFiles('run', join(skills, 'flowing'))
  const { stdout, files } = await loadedFiles('run', join(skills, 'flowing'))
  expect({ stdout, files }).toEqual({ stdout: 'ran\n', files: ['cli.cjs', 'engine-yaml.cjs'] })
})

test('only a run with a granted host loads what carries its network', async () => {
  const { files } = await loadedFiles('run', join(skills, 'plain'), 'a=1', '--allow-host', 'example.org')
  expect(files).toEqual(['cli.cjs', 'engine-egress-proxy.cjs'])
})

test('only a run with a configuration loads what reads it, and the library for code only where it is code', async () => {
  const project = temporaryDirectory()
  const run = ['run', join(skills, 'plain'), 'a=1', '--config'] as const
  const file = join(project, 'skilllite.config.json')
  writeFileSync(file, '{}')
  expect((await loadedFiles(...run, file)).files).toEqual(['cli.cjs', 'engine-load-config.cjs'])
  writeFileSync(join(project, 'skilllite.config.yaml'), '{}')
  const yaml = await loadedFiles(...run, join(project, 'skilllite.config.yaml'))
  expect(yaml.files).toEqual([
    'cli.cjs',
    'engine-load-config.cjs',
    'engine-parse-yaml.cjs',
    'engine-yaml.cjs',
  ])
})

test('only a run with a variable loads what redacts, and only one with files of arguments what looks for them', async () => {
  const run = ['run', join(skills, 'plain'), 'a=1'] as const
  expect((await loadedFiles(...run, '--env', 'KEY=long-enough')).files).toEqual([
    'cli.cjs',
    'engine-redaction.cjs',
  ])
  expect((await loadedFiles(...run, '--files', 'arguments')).files).toEqual([
    'cli.cjs',
    'engine-argument-files.cjs',
  ])
})

test('a script without a schema is read once, with the parts for its language alone, and scanned, and not again', async () => {
  const first = await loadedFiles('run', join(skills, 'undeclared'), 'arg1=well')
  expect(first).toEqual({
    stdout: 'ran well\n',
    files: [
      'cli.cjs',
      'engine-infer-script.cjs',
      'engine-python-reader.cjs',
      'engine-scan-parts.cjs',
      'engine-build-invocation.cjs',
    ],
  })
  const second = await loadedFiles('run', join(skills, 'undeclared'), 'arg1=well')
  expect(second).toEqual({ stdout: 'ran well\n', files: ['cli.cjs', 'engine-build-invocation.cjs'] })
})

test('what every start reads stays small, and is compiled already', () => {
  expect(statSync(join(dist, 'cli.cjs')).size).toBeLessThan(160 * 1024)
  const { compile } = createRequire(import.meta.url)(bin) as { compile(): { cachedDataRejected?: boolean } }
  expect(compile().cachedDataRejected).toBe(false)
})
