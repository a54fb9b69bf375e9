import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { buildPolicy } from '../policy/build-policy.js'
import type { SandboxReport } from './report.js'
import { type CommandRun, runCommand } from './run-command.js'

const root = mkdtempSync(path.join(tmpdir(), 'backends-'))
afterAll(() => rmSync(root, { recursive: true }))
const before = process.env.SKILLLITE_SKILLBOX
afterEach(() => {
  if (before === undefined) delete process.env.SKILLLITE_SKILLBOX
  else process.env.SKILLLITE_SKILLBOX = before
})
const skill = path.join(root, 'skill')
mkdirSync(skill)

type Name = 'namespaces' | 'landlock'
interface System {
  /** Where a sandbox can be set up at all. */
  readonly usable: readonly Name[]
  /** Where this run's cannot, although others can. */
  readonly failsThisRun?: readonly Name[]
}

/** A stand-in for `skillbox` on a system where only some backends work; keeps a line of each call. */
function skillboxOn({ usable, failsThisRun = [] }: System): () => string[] {
  const directory = mkdtempSync(path.join(root, 'system-'))
  const layer = (name: Name) => ({
    name: 'userns',
    on: usable.includes(name),
    reason: 'forbidden',
    fix: `allow ${name}`,
  })
  const answer = {
    version: '0.1.0',
    backends: (['namespaces', 'landlock'] as const).map((name) => ({
      name,
      usable: usable.includes(name),
      layers: [{ name: 'cgroup', on: false, reason: 'not delegated', fix: 'delegate it' }, layer(name)],
    })),
  }
  const report = (name: Name): SandboxReport => ({
    version: 1,
    backend: name,
    layers: {},
    end:
      usable.includes(name) && !failsThisRun.includes(name)
        ? { kind: 'exited', code: 0 }
        : {
            kind: 'setup-failed',
            layer: 'userns',
            errno: 'EPERM',
            message: 'forbidden',
            hint: `allow ${name}`,
          },
    usage: { wallMs: 1, cpuMs: 1, peakMemoryBytes: 1, maxPids: 1 },
    violations: [],
    artifacts: [],
    leftOut: [],
  })
  const file = path.join(directory, 'skillbox')
  const script = `#!/bin/bash
if [ "$1" = doctor ]; then echo doctor >>${directory}/calls; echo '${JSON.stringify(answer)}'; exit; fi
spec=$(/bin/cat <&3)
if [[ $spec == *'"backend":"namespaces"'* ]]; then name=namespaces; else name=landlock; fi
echo $name >>${directory}/calls
[ $name = namespaces ] && echo '${JSON.stringify(report('namespaces'))}' >&4 || echo '${JSON.stringify(report('landlock'))}' >&4
`
  writeFileSync(file, script)
  chmodSync(file, 0o755)
  process.env.SKILLLITE_SKILLBOX = file
  return () => readFileSync(path.join(directory, 'calls'), 'utf8').trimEnd().split('\n')
}

const run = (backend?: CommandRun['backend']) =>
  runCommand({
    policy: buildPolicy({ directory: skill }, {}, {}),
    environment: {},
    hidden: {},
    skillName: 'x',
    command: ['/bin/true'],
    mounts: [],
    programs: { mounts: [], exec: [] },
    backend,
    streams: { stdin: '' },
  })

describe('the backend of a run', () => {
  test('is namespaces where they work, and nothing is asked for that', async () => {
    const calls = skillboxOn({ usable: ['namespaces', 'landlock'] })
    expect((await run()).isolation).toMatchObject({ backend: 'namespaces', weaker: [] })
    expect(calls()).toEqual(['namespaces'])
  })

  test('is landlock where they do not: found out once, and said in the result', async () => {
    const calls = skillboxOn({ usable: ['landlock'] })
    const { isolation } = await run()
    expect(isolation.backend).toBe('landlock')
    expect(isolation.weaker).toContainEqual(expect.stringContaining('whether a path of the host exists'))
    await run()
    expect(calls()).toEqual(['namespaces', 'doctor', 'landlock', 'landlock'])
  })

  test('is examined once for many runs at the same time', async () => {
    const calls = skillboxOn({ usable: ['landlock'] })
    await Promise.all(Array.from({ length: 8 }, () => run()))
    expect(calls().filter((call) => call === 'doctor')).toHaveLength(1)
  })

  test('never gets weaker because of a run: a skill could bring that about', async () => {
    const calls = skillboxOn({ usable: ['namespaces', 'landlock'], failsThisRun: ['namespaces'] })
    await expect(run()).rejects.toMatchObject({ code: 'SANDBOX_SETUP_FAILED', hint: 'allow namespaces' })
    expect(calls()).toEqual(['namespaces', 'doctor'])
  })

  test('is the named one or none', async () => {
    const calls = skillboxOn({ usable: ['landlock'] })
    await expect(run('namespaces')).rejects.toMatchObject({ code: 'SANDBOX_SETUP_FAILED' })
    await run('landlock')
    expect(calls()).toEqual(['namespaces', 'landlock'])
  })

  test('with none that works, is an error with the reasons and one fix', async () => {
    const calls = skillboxOn({ usable: [] })
    await expect(run()).rejects.toMatchObject({
      code: 'SANDBOX_UNAVAILABLE',
      message:
        'No sandbox can be set up on this system (namespaces: userns: forbidden; landlock: userns: forbidden)',
      hint: expect.any(String),
    })
    expect(calls()).toEqual(['namespaces', 'doctor'])
  })
})
