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

test('doctor tells of the backend that a run would get, and what that cannot promise', async () => {
  const env = answering('partly', {
    version: '0.1.0',
    backends: [
      { name: 'namespaces', usable: false, layers: [off] },
      { name: 'landlock', usable: true, layers: [on] },
    ],
  })
  const { status, stdout } = await skilllite(['doctor'], { env })
  expect(status).toBe(0)
  expect(stdout).toContain(`off  userns  ${off.reason}\n       fix: `)
  expect(stdout).toContain('It gets the backend landlock')
  expect(stdout).toMatch(/weaker than promised:\n {2}- the script can ask whether a path of the host exists/)
  expect(stdout).toMatch(/^ {2}memoryBytes +268435456 +the supervisor, which watches$/m)
})

test('doctor exits with 1 where no backend works', async () => {
  const backends = ['namespaces', 'landlock'].map((name) => ({ name, usable: false, layers: [off] }))
  const { status, stdout } = await skilllite(['doctor'], {
    env: answering('none', { version: '0.1.0', backends }),
  })
  expect(status).toBe(1)
  expect(stdout).toContain('A run at level 2 does not work. Only --level 1, without a sandbox, would.')
})

test('doctor ends with 0 exactly where a run works, here and now', async () => {
  const { status, stdout } = await skilllite(['doctor', '--format', 'json'])
  const { ready, chosen, backends } = JSON.parse(stdout)
  expect([ready, status]).toEqual([chosen !== null, chosen === null ? 1 : 0])
  expect(backends.map((backend: { name: string }) => backend.name)).toEqual(['namespaces', 'landlock'])
})

test('doctor --format json gives the same as data', async () => {
  const backends = [{ name: 'namespaces', usable: false, layers: [off] }]
  const env = answering('json', { version: '0.1.0', backends })
  const { status, stdout } = await skilllite(['doctor', '--format', 'json'], { env })
  expect(status).toBe(1)
  expect(JSON.parse(stdout)).toMatchObject({
    ready: false,
    versions: { skilllite: '0.1.0', node: process.versions.node, skillbox: '0.1.0' },
    chosen: null,
    backends: [
      { name: 'namespaces', usable: false, layers: [{ name: 'userns', on: false, reason: off.reason }] },
    ],
    limits: [{ name: 'wallMs', default: 30_000 }, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}],
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
