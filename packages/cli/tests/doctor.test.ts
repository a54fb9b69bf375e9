import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { skilllite } from './support/command.js'
import { temporaryDirectory } from './support/skills.js'

const directory = temporaryDirectory()

/** A binary that answers as `skillbox doctor --json` would. */
function answering(name: string, answer: unknown): Record<string, string> {
  const path = join(directory, name)
  writeFileSync(path, `#!/bin/sh\ncat <<'END'\n${JSON.stringify(answer)}\nEND\n`, { mode: 0o755 })
  return { SKILLLITE_SKILLBOX: path }
}

const on = { name: 'landlock', on: true, reason: 'ABI 7', fix: '' }
const off = {
  name: 'userns',
  on: false,
  reason: 'AppArmor forbids it',
  fix: 'sysctl kernel.apparmor_restrict_unprivileged_userns=0',
}

test('doctor exits with 0 where a run at level 2 would work', async () => {
  const env = answering('works', {
    version: '0.1.0',
    backends: [{ name: 'namespaces', usable: true, layers: [on] }],
  })
  const { status, stdout, stderr } = await skilllite(['doctor'], { env })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toContain('Backend namespaces: usable\n  on   landlock  ABI 7\n')
  expect(stdout).toMatch(/^ {2}node {5}\/.+, \d+\./m)
})

test('doctor exits with 1 and tells reason and fix where the sandbox cannot be had', async () => {
  const env = answering('partly', {
    version: '0.1.0',
    backends: [
      { name: 'namespaces', usable: false, layers: [off] },
      { name: 'landlock', usable: true, layers: [on] },
    ],
  })
  const { status, stdout } = await skilllite(['doctor'], { env })
  expect(status).toBe(1)
  expect(stdout).toContain(`off  userns  ${off.reason}\n       fix: ${off.fix}\n`)
  expect(stdout).toContain('With --backend landlock it would.')
})

test('doctor --format json gives the same as data', async () => {
  const backends = [{ name: 'namespaces', usable: false, layers: [off] }]
  const env = answering('json', { version: '0.1.0', backends })
  const { status, stdout } = await skilllite(['doctor', '--format', 'json'], { env })
  expect(status).toBe(1)
  expect(JSON.parse(stdout)).toMatchObject({
    ready: false,
    versions: { skilllite: '0.1.0', node: process.versions.node, skillbox: '0.1.0' },
    backends,
    interpreters: [{ name: 'python3' }, { name: 'node' }, { name: 'bash' }, { name: 'sh' }],
  })
})

test.each([
  ['a missing binary', { SKILLLITE_SKILLBOX: '/nonexistent/skillbox' }, 'there is no such file'],
  ['a binary that answers nonsense', answering('nonsense', 1), 'is not understood'],
])('doctor reports %s', async (_case, env, problem) => {
  const { status, stdout } = await skilllite(['doctor'], { env })
  expect(status).toBe(1)
  expect(stdout).toContain(problem)
})
