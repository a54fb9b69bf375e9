import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { SkillManager } from '../manager.js'
import { findInterpreter } from './find-interpreter.js'

const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'layouts-')))
const PATH = process.env.PATH ?? ''
afterEach(() => {
  process.env.PATH = PATH
})
afterAll(() => rmSync(root, { recursive: true }))

const skill = path.join(root, 'skill')
mkdirSync(skill)
writeFileSync(path.join(skill, 'SKILL.md'), '---\nname: skill\ndescription: Tells where it runs.\n---\n')
writeFileSync(
  path.join(skill, 'main.py'),
  'import json, sys\nprint(json.dumps([sys.executable, sys.prefix]))\n',
)

/** `sys.executable` and `sys.prefix` inside, with this directory first on `PATH`. */
async function runWith(directory: string): Promise<unknown> {
  process.env.PATH = `${directory}:${PATH}`
  const manager = await SkillManager.load({ skillsDir: skill })
  const result = await manager.run('skill')
  if (result.status !== 'completed' || result.exitCode !== 0) throw new Error(JSON.stringify(result))
  return result.output
}

test('a python3 that is a link to a link, through a linked directory, runs', async () => {
  const { program } = await findInterpreter('python3')
  mkdirSync(path.join(root, 'versions/real'), { recursive: true })
  symlinkSync('real', path.join(root, 'versions/current'))
  symlinkSync(realpathSync(program), path.join(root, 'versions/real/python'))
  mkdirSync(path.join(root, 'bin'))
  symlinkSync('../versions/current/python', path.join(root, 'bin/python3'))
  const [executable] = (await runWith(path.join(root, 'bin'))) as string[]
  expect(executable).toBe(path.join(root, 'bin/python3'))
})

test("the system's own python3 runs", async (context) => {
  if (PATH.split(':').every((directory) => directory !== '/usr/bin')) context.skip('needs /usr/bin on PATH')
  const [executable] = (await runWith('/usr/bin')) as string[]
  expect(executable).toBe('/usr/bin/python3')
})

test('a virtual environment is found through its own python3', async () => {
  const { program } = await findInterpreter('python3')
  const environment = path.join(root, 'venv')
  execFileSync(program, ['-m', 'venv', '--without-pip', environment])
  expect(await runWith(path.join(environment, 'bin'))).toEqual([
    path.join(environment, 'bin/python3'),
    environment,
  ])
})

test('a home directory that one may not enter does not keep Python from being found', async () => {
  const home = path.join(root, 'closed')
  mkdirSync(home, { mode: 0o000 })
  const { program } = await findInterpreter('python3')
  const environment = {
    PATH: path.dirname(program),
    HOME: home,
    SKILLLITE_CACHE_DIR: path.join(root, 'cache'),
  }
  await expect(findInterpreter('python3', environment)).resolves.toMatchObject({ name: 'python3' })
})
