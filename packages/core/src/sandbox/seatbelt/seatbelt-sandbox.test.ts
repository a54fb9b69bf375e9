import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { buildPolicy } from '../../policy/build-policy.js'
import { resolveEnvironment } from '../../policy/environment.js'
import type { PolicyOptions } from '../../policy/policy-options.js'
import type { LaunchPlan } from '../launch.js'
import { examineSeatbelt } from './examine-seatbelt.js'
import { SeatbeltSandbox } from './seatbelt-sandbox.js'

const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'seatbelt-')))
afterAll(() => rmSync(root, { recursive: true }))
const skill = path.join(root, 'skill')
const out = path.join(root, 'out')
for (const directory of [skill, out]) mkdirSync(directory)

/**
 * Stands in for Apple's program, which is nowhere but on a Mac: takes the same options, keeps what it was given, and
 * starts the command without confining it.
 */
function sandboxExec(code = ''): {
  readonly path: string
  given(): { profile: string; parameters: string[] }
} {
  const directory = mkdtempSync(path.join(root, 'exec-'))
  const file = path.join(directory, 'sandbox-exec')
  const script = `#!/bin/bash
[ "$1" = -p ] || exit 64
printf %s "$2" >${directory}/profile
shift 2
while [ "$1" = -D ]; do printf '%s\\n' "$2" >>${directory}/parameters; shift 2; done
[ "$1" = -- ] && shift
${code}
exec "$@"
`
  writeFileSync(file, script)
  chmodSync(file, 0o755)
  const read = (name: string): string => readFileSync(path.join(directory, name), 'utf8')
  return {
    path: file,
    given: () => ({ profile: read('profile'), parameters: read('parameters').trimEnd().split('\n') }),
  }
}

function planFor(script: string, options: PolicyOptions = {}): LaunchPlan {
  return {
    policy: buildPolicy({ directory: skill }, options, {}),
    environment: resolveEnvironment(options.env, {}),
    skillName: 'x',
    command: ['/bin/sh', '-c', script],
    mounts: [{ kind: 'bind', path: '/bin/sh' }],
    programs: { mounts: [], exec: [] },
    host: { timeZone: 'UTC' },
    collectInto: out,
  }
}

describe('SeatbeltSandbox', () => {
  test('starts the command under the profile, in the skill, with an environment and places of its own', async () => {
    const exec = sandboxExec()
    const script = 'pwd; env | sort; echo kept >$SKILL_OUTPUT_DIR/a.txt; cat; ulimit -n; ulimit -c'
    const plan = planFor(script, { env: { TOKEN: 's' }, limits: { files: 77 } })
    const outcome = await new SeatbeltSandbox(exec.path).launch(plan, { stdin: 'given\n' })
    expect(outcome).toMatchObject({ backend: 'seatbelt', end: { kind: 'exited', code: 0 }, stderr: '' })
    const lines = outcome.stdout.split('\n')
    expect(lines[0]).toBe(skill)
    expect(lines.slice(-4)).toEqual(['given', '77', '0', ''])
    const names = lines.slice(1, -4).map((line) => line.split('=')[0])
    expect(names.filter((name) => !['PWD', 'OLDPWD', 'SHLVL', '_'].includes(name ?? ''))).toEqual(
      'HOME LANG PATH SKILL_DIR SKILL_NAME SKILL_OUTPUT_DIR TMPDIR TOKEN TZ'.split(' '),
    )
    expect(outcome.artifacts).toEqual([{ path: 'a.txt', bytes: 5 }])
    expect(readFileSync(path.join(out, 'a.txt'), 'utf8')).toBe('kept\n')

    const { profile, parameters } = exec.given()
    expect(profile).toMatch(/^\(version 1\)\n\(deny default\)\n/)
    const home = lines.find((line) => line.startsWith('HOME='))?.slice(5) ?? ''
    expect(parameters.map((line) => line.replace(/^P\d+=/, ''))).toEqual(
      expect.arrayContaining([skill, home]),
    )
    expect(existsSync(path.dirname(home))).toBe(false)
  })

  test('collects from where nothing can be written any more, and follows no link', async () => {
    const secret = path.join(root, 'secret')
    writeFileSync(secret, 'secret')
    const script = `ln -s ${secret} $SKILL_OUTPUT_DIR/link; mkdir $SKILL_OUTPUT_DIR/locked; chmod 0 $SKILL_OUTPUT_DIR/locked`
    const outcome = await new SeatbeltSandbox(sandboxExec().path).launch(planFor(script), { stdin: '' })
    expect(outcome.artifacts).toEqual([])
    expect(outcome.leftOut).toContainEqual({ path: 'link', reason: 'is a symbolic link' })
  })

  test('ends at the time limit and at the output limit', async () => {
    const sandbox = new SeatbeltSandbox(sandboxExec().path)
    const slow = await sandbox.launch(planFor('sleep 60', { timeoutMs: 300 }), { stdin: '' })
    expect(slow.end).toEqual({ kind: 'time', limitMs: 300 })
    const loud = await sandbox.launch(planFor('while :; do echo y; done', { limits: { stdoutBytes: 10 } }), {
      stdin: '',
    })
    expect(loud).toMatchObject({
      end: { kind: 'output', stream: 'stdout', limitBytes: 10 },
      stdout: 'y\ny\ny\ny\ny\n',
    })
  })

  test('ends at the memory limit, and tells the most that was seen', async () => {
    const hold = `exec python3 -c 'a = bytearray(b"x") * (200 << 20); import time; time.sleep(60)'`
    const outcome = await new SeatbeltSandbox(sandboxExec().path).launch(planFor(hold, { memoryMb: 100 }), {
      stdin: '',
    })
    expect(outcome.end).toMatchObject({ kind: 'memory', limitBytes: 100 * 1024 * 1024 })
    expect(outcome.usage.peakMemoryBytes).toBeGreaterThan(100 * 1024 * 1024)
  })

  test('tells a sandbox that could not begin from a script that says so', async () => {
    const words = 'echo "sandbox-exec: sandbox_apply: Operation not permitted" >&2; exit 71'
    const broken = new SeatbeltSandbox(sandboxExec(words).path)
    await expect(broken.launch(planFor('true'), { stdin: '' })).rejects.toMatchObject({
      code: 'SANDBOX_SETUP_FAILED',
      message: expect.stringContaining('sandbox_apply: Operation not permitted'),
      hint: expect.stringContaining('inside another one'),
    })
    const liar = await new SeatbeltSandbox(sandboxExec().path).launch(planFor(words), { stdin: '' })
    expect(liar.end).toEqual({ kind: 'exited', code: 71 })
  })

  test('says so where there is no sandbox-exec', async () => {
    await expect(
      new SeatbeltSandbox('/nowhere/sandbox-exec').launch(planFor('true'), { stdin: '' }),
    ).rejects.toMatchObject({
      code: 'SANDBOX_SETUP_FAILED',
      message: expect.stringContaining('there is no /nowhere/sandbox-exec'),
    })
  })

  test('keeps a path with a line break out of the profile by refusing it', async () => {
    const odd = path.join(root, 'odd\nname')
    mkdirSync(odd)
    symlinkSync(odd, path.join(root, 'link'))
    const plan = planFor('true', { allowRead: [path.join(root, 'link')] })
    await expect(new SeatbeltSandbox(sandboxExec().path).launch(plan, { stdin: '' })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
    })
  })
})

test('examineSeatbelt() tries it, and tells what it cannot promise', async () => {
  const works = await examineSeatbelt(sandboxExec().path)
  expect(works.backends).toMatchObject([{ name: 'seatbelt', usable: true, layers: [{ on: true }, {}, {}] }])
  expect(works.backends[0]?.weaker).toContain('this backend has not been run on a Mac by the authors yet')
  const fails = await examineSeatbelt(sandboxExec('echo no >&2; exit 71').path)
  expect(fails.backends).toMatchObject([{ usable: false, layers: [{ on: false, reason: '"no"' }, {}, {}] }])
})
