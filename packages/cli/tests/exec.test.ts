import { join } from 'node:path'
import { expect, test } from 'vitest'
import { skilllite } from './support/command.js'
import { temporaryDirectory, writeSkill } from './support/skills.js'

const skills = temporaryDirectory()
const directory = writeSkill(skills, 'plain', { 'data.txt': 'content\n' })
const exec = (args: readonly string[], input = '') =>
  skilllite(['exec', 'plain', '--skills-dir', skills, ...args], { input })

test("exec runs a command in the skill's directory", async () => {
  expect(await exec(['--', '/bin/cat', 'data.txt'])).toEqual({
    status: 0,
    signal: null,
    stdout: 'content\n',
    stderr: '',
  })
})

test('exec passes arguments on as they are, also those that look like options', async () => {
  const result = await exec([
    '--',
    'python3',
    '-c',
    'import sys; print(sys.argv[1:])',
    '--help',
    '--',
    '-x',
    '$HOME',
  ])
  expect(result).toMatchObject({ status: 0, stdout: "['--help', '--', '-x', '$HOME']\n" })
})

test('exec sees the sandbox, not the host', async () => {
  const code = `import os; print(os.path.exists(${JSON.stringify(join(process.cwd(), 'package.json'))}), os.getcwd())`
  expect(await exec(['--', 'python3', '-c', code])).toMatchObject({
    status: 0,
    stdout: `False ${directory}\n`,
  })
})

test("exec exits with the command's own code", async () => {
  expect(await exec(['--', 'python3', '-c', 'raise SystemExit(9)'])).toMatchObject({ status: 9 })
})

test('exec --stdin passes stdin on; without it stdin is empty', async () => {
  expect(await exec(['--stdin', '--', '/bin/cat'], 'given')).toMatchObject({ status: 0, stdout: 'given' })
  expect(await exec(['--', '/bin/cat'], 'given')).toMatchObject({ status: 0, stdout: '' })
})

test('exec of a program that does not exist fails with 125 or 127 and names it', async () => {
  const result = await exec(['--', 'no-such-program'])
  expect([125, 127]).toContain(result.status)
  expect(result.stderr).toContain('no-such-program')
})
