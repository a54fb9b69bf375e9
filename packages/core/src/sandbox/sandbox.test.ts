import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { buildPolicy } from '../policy/build-policy.js'
import { DEFAULT_LIMITS } from '../policy/default-limits.js'
import type { SandboxPolicy } from '../policy/sandbox-policy.js'
import { compileSpec, type RunPlan } from './compile-spec.js'
import { exitCodeOf } from './complete-run.js'
import { parseOutput } from './parse-output.js'
import { readReport } from './read-report.js'
import type { RunEnd, SandboxReport } from './report.js'
import { RunQueue } from './run-queue.js'
import { requireSkillbox } from './skillbox-binary.js'
import { SkillboxSandbox } from './skillbox-sandbox.js'
import type { SandboxSpec } from './spec.js'
import { violationMessage } from './violation-message.js'

const root = mkdtempSync(path.join(tmpdir(), 'sandbox-'))
afterAll(() => rmSync(root, { recursive: true }))

const policy: SandboxPolicy = {
  level: 2,
  skillDirectory: '/srv/skills/x',
  programs: [],
  hosts: [],
  readPaths: [],
  writePaths: [],
  files: 'listed',
  environment: [],
  limits: DEFAULT_LIMITS,
}
const plan = (changes: Partial<SandboxPolicy> = {}, environment: RunPlan['environment'] = {}): RunPlan => ({
  policy: { ...policy, ...changes },
  skillName: 'x',
  environment,
  command: ['/usr/bin/python3', '-B', '/srv/skills/x/main.py'],
  mounts: [
    { kind: 'symlink', path: '/lib', target: 'usr/lib' },
    { kind: 'bind', path: '/usr/lib/python3' },
  ],
  programs: { mounts: [{ kind: 'bind', path: '/usr/bin/cat' }], exec: ['/usr/bin/cat'] },
  backend: 'namespaces',
  host: { timeZone: 'Europe/Berlin', certificates: '/etc/ssl/certs/ca-certificates.crt' },
  collectInto: '/var/tmp/out',
})

const placesOf = (spec: SandboxSpec): string[] => spec.mounts.map(({ to }) => to)

describe('compileSpec()', () => {
  test('gives a run with granted hosts the way to its proxy, and nothing else of the network', () => {
    const network = { socketPath: '/run/proxy', nodePreload: '/srv/node-proxy.cjs' }
    const spec = compileSpec({ ...plan({}, { http_proxy: 'http://elsewhere' }), network })
    const without = compileSpec(plan({}, { http_proxy: 'http://elsewhere' }))
    expect(spec.network).toEqual({ kind: 'proxy', socket: '/run/proxy', port: 3128 })
    expect(without.network).toEqual({ kind: 'none' })
    const added = Object.entries(spec.env).filter(([name, value]) => without.env[name] !== value)
    expect(Object.fromEntries(added)).toEqual({
      HTTP_PROXY: 'http://127.0.0.1:3128',
      http_proxy: 'http://127.0.0.1:3128',
      HTTPS_PROXY: 'http://127.0.0.1:3128',
      https_proxy: 'http://127.0.0.1:3128',
      ALL_PROXY: 'http://127.0.0.1:3128',
      all_proxy: 'http://127.0.0.1:3128',
      NODE_USE_ENV_PROXY: '1',
      NODE_OPTIONS: '--use-openssl-ca --require=/etc/skilllite/node-proxy.cjs',
      SSL_CERT_FILE: '/etc/ssl/certs/ca-certificates.crt',
      REQUESTS_CA_BUNDLE: '/etc/ssl/certs/ca-certificates.crt',
      CURL_CA_BUNDLE: '/etc/ssl/certs/ca-certificates.crt',
    })
    expect(placesOf(spec).filter((place) => !placesOf(without).includes(place))).toEqual([
      '/etc/skilllite/node-proxy.cjs',
    ])
  })

  test('writes every decision down', () => {
    expect(compileSpec(plan({}, { TOKEN: 's' }))).toMatchInlineSnapshot(`
      {
        "backend": "namespaces",
        "cwd": "/srv/skills/x",
        "env": {
          "HOME": "/home/skill",
          "LANG": "C.UTF-8",
          "PATH": "/usr/bin:/bin",
          "SKILL_DIR": "/srv/skills/x",
          "SKILL_NAME": "x",
          "SKILL_OUTPUT_DIR": "/output",
          "TMPDIR": "/tmp",
          "TOKEN": "s",
          "TZ": "Europe/Berlin",
        },
        "exec": [
          "/usr/bin/cat",
        ],
        "limits": {
          "cpuMs": 30000,
          "fileBytes": 67108864,
          "files": 256,
          "memoryBytes": 268435456,
          "pids": 64,
          "stderrBytes": 1048576,
          "stdoutBytes": 1048576,
          "wallMs": 30000,
        },
        "mounts": [
          {
            "kind": "dev",
            "to": "/dev",
          },
          {
            "bytes": 67108864,
            "inodes": 8192,
            "kind": "tmpfs",
            "to": "/dev/shm",
          },
          {
            "kind": "file",
            "text": "skill:x:1000:
      ",
            "to": "/etc/group",
          },
          {
            "kind": "file",
            "text": "127.0.0.1 localhost
      ::1 localhost
      ",
            "to": "/etc/hosts",
          },
          {
            "kind": "file",
            "text": "passwd: files
      group: files
      hosts: files dns
      ",
            "to": "/etc/nsswitch.conf",
          },
          {
            "kind": "file",
            "text": "skill:x:1000:1000:skill:/home/skill:/bin/sh
      ",
            "to": "/etc/passwd",
          },
          {
            "kind": "file",
            "text": "",
            "to": "/etc/resolv.conf",
          },
          {
            "exec": false,
            "from": "/etc/ssl/certs/ca-certificates.crt",
            "kind": "bind",
            "mapOwner": false,
            "mode": "ro",
            "to": "/etc/ssl/certs/ca-certificates.crt",
            "untrusted": false,
          },
          {
            "bytes": 67108864,
            "inodes": 8192,
            "kind": "tmpfs",
            "to": "/home/skill",
          },
          {
            "kind": "symlink",
            "target": "usr/lib",
            "to": "/lib",
          },
          {
            "kind": "proc",
            "to": "/proc",
          },
          {
            "exec": false,
            "from": "/srv/skills/x",
            "kind": "bind",
            "mapOwner": true,
            "mode": "ro",
            "to": "/srv/skills/x",
            "untrusted": true,
          },
          {
            "bytes": 67108864,
            "inodes": 8192,
            "kind": "tmpfs",
            "to": "/tmp",
          },
          {
            "exec": true,
            "from": "/usr/bin/cat",
            "kind": "bind",
            "mapOwner": false,
            "mode": "ro",
            "to": "/usr/bin/cat",
            "untrusted": false,
          },
          {
            "exec": true,
            "from": "/usr/lib/python3",
            "kind": "bind",
            "mapOwner": false,
            "mode": "ro",
            "to": "/usr/lib/python3",
            "untrusted": false,
          },
        ],
        "network": {
          "kind": "none",
        },
        "output": {
          "bytes": 67108864,
          "collectInto": "/var/tmp/out",
          "disposable": true,
          "inodes": 8192,
          "to": "/output",
        },
        "program": [
          "/usr/bin/python3",
          "-B",
          "/srv/skills/x/main.py",
        ],
        "version": 1,
      }
    `)
  })

  test('puts parents before what lies in them, wherever the skill is', () => {
    for (const skillDirectory of [
      '/tmp/a',
      '/home/skill/a',
      '/dev/shm/a',
      '/usr/lib/python3/a',
      '/usr-x',
      '/etc/a',
    ]) {
      const places = placesOf(compileSpec(plan({ skillDirectory })))
      expect(places).toContain(skillDirectory)
      for (const [index, place] of places.entries()) {
        for (const earlier of places.slice(0, index)) expect(earlier.startsWith(`${place}/`)).toBe(false)
      }
    }
  })

  test('leaves out what would have to be made in a granted directory of the host', () => {
    const spec = compileSpec(plan({ readPaths: ['/etc', '/home'] }))
    expect(placesOf(spec).filter((to) => to.startsWith('/etc') || to.startsWith('/home'))).toEqual([
      '/etc',
      '/etc/ssl/certs/ca-certificates.crt',
      '/home',
    ])
    expect(spec.env).toMatchObject({ HOME: '/tmp', TMPDIR: '/tmp' })
  })

  test("uses the host's /tmp only where writing to it is granted", () => {
    expect(compileSpec(plan({ readPaths: ['/tmp'] })).env.TMPDIR).toBe('/home/skill')
    const spec = compileSpec(plan({ writePaths: ['/tmp'] }))
    expect(spec.env.TMPDIR).toBe('/tmp')
    expect(spec.mounts.filter(({ to }) => to === '/tmp')).toMatchObject([{ kind: 'bind', mode: 'rw' }])
  })

  test('keeps the skill directory read-only inside a directory that may be written', () => {
    const spec = compileSpec(plan({ writePaths: ['/srv'] }))
    expect(spec.mounts.filter(({ to }) => to.startsWith('/srv'))).toMatchObject([
      { mode: 'rw' },
      { mode: 'ro' },
    ])
  })

  test('moves the output directory out of the way', () => {
    expect(compileSpec(plan({ skillDirectory: '/output/skill' }))).toMatchObject({
      output: { to: '/skill-output' },
      env: { SKILL_OUTPUT_DIR: '/skill-output' },
    })
  })
})

const report: SandboxReport = {
  version: 1,
  backend: 'namespaces',
  layers: { userns: true, landlock: 7, cgroup: 'v2' },
  end: { kind: 'exited', code: 0 },
  usage: { wallMs: 1.5, cpuMs: 1, peakMemoryBytes: 2, maxPids: 1 },
  violations: [{ kind: 'exec', what: '/bin/sh', count: 2 }],
  artifacts: [{ path: 'a/b.txt', bytes: 3 }],
  leftOut: [{ path: 'link', reason: 'is a symbolic link' }],
}

describe('readReport()', () => {
  test('returns exactly what was reported', () => {
    expect(readReport(JSON.stringify(report))).toEqual(report)
  })

  const wrong: unknown[] = [
    null,
    [],
    { ...report, version: 2 },
    { ...report, backend: 'none' },
    { ...report, end: { kind: 'exited' } },
    { ...report, end: { kind: 'finished' } },
    { ...report, end: { kind: 'output', stream: 'stdin', limitBytes: 1 } },
    { ...report, usage: { ...report.usage, wallMs: '1' } },
    { ...report, usage: { ...report.usage, cpuMs: -1 } },
    { ...report, layers: { userns: null } },
    { ...report, violations: [{ kind: 'exec', what: 1, count: 1 }] },
    { ...report, artifacts: [{ path: '../../etc/passwd', bytes: 1 }] },
    { ...report, artifacts: [{ path: '/etc/passwd', bytes: 1 }] },
    { ...report, artifacts: undefined },
  ]
  test.each(wrong)('refuses %j', (data) => {
    expect(() => readReport(JSON.stringify(data))).toThrow(
      expect.objectContaining({ code: 'SANDBOX_PROTOCOL' }),
    )
  })
})

test('readReport() is never confused: it reads a report, or throws that it is none', () => {
  const fragment = fc.jsonValue({ maxDepth: 3 })
  const keys = Object.keys(report)
  fc.assert(
    fc.property(fc.constantFrom(...keys), fragment, fc.string(), (key, value, text) => {
      for (const answer of [JSON.stringify({ ...report, [key]: value }), JSON.stringify(value), text]) {
        try {
          expect(readReport(answer).version).toBe(1)
        } catch (error) {
          expect(error).toMatchObject({ code: 'SANDBOX_PROTOCOL' })
        }
      }
    }),
  )
})

describe('SkillboxSandbox', () => {
  /** A stand-in for the binary: any program may be put in its place through SKILLLITE_SKILLBOX. */
  function answer(script: string): SkillboxSandbox {
    const file = path.join(root, `skillbox-${Math.random().toString(36).slice(2)}`)
    writeFileSync(file, `#!/bin/sh\n${script}\n`)
    chmodSync(file, 0o755)
    return new SkillboxSandbox(file)
  }
  const spec = compileSpec(plan())
  const failed: RunEnd = {
    kind: 'setup-failed',
    layer: 'userns',
    errno: 'EPERM',
    message: 'refused',
    hint: 'do this',
  }

  test.each([
    ['exit 3', 'no report and ended with status 3'],
    ['echo broken >&2; kill -9 $$', 'no report and ended with SIGKILL, saying "broken"'],
    ['echo "{" >&4', 'not JSON'],
    ['echo \'{"version": 9}\' >&4', 'version 9'],
  ])('throws what it saw when skillbox does: %s', async (script, seen) => {
    await expect(answer(script).launch(spec, { stdin: 'unread'.repeat(100_000) })).rejects.toMatchObject({
      code: 'SANDBOX_PROTOCOL',
      message: expect.stringContaining(seen),
    })
  })

  test('throws the layer and the remedy when the sandbox cannot be set up', async () => {
    const sandbox = answer(`echo '${JSON.stringify({ ...report, end: failed })}' >&4`)
    await expect(sandbox.launch(spec, { stdin: '' })).rejects.toMatchObject({
      code: 'SANDBOX_SETUP_FAILED',
      message: 'The sandbox could not be set up: userns: refused (EPERM)',
      hint: 'do this',
    })
  })

  test('gives the spec on fd 3 and nothing of the environment', async () => {
    process.env.PLANTED_SECRET = 'planted'
    const sandbox = answer(`/bin/cat <&3 >&2; /usr/bin/env; echo '${JSON.stringify(report)}' >&4`)
    const outcome = await sandbox.launch(spec, { stdin: '' })
    expect(JSON.parse(outcome.stderr)).toEqual(spec)
    expect(outcome.stdout).not.toMatch(/planted|HOME=/)
  })

  test('says how to build a binary that is missing', () => {
    expect(() => requireSkillbox({ SKILLLITE_SKILLBOX: '/nowhere/skillbox' })).toThrow(
      expect.objectContaining({
        code: 'SANDBOX_BINARY_MISSING',
        hint: expect.stringContaining('npm run build'),
      }),
    )
  })
})

describe('RunQueue', () => {
  test('never runs more than its limit, in order, and skips those that give up', async () => {
    const queue = new RunQueue(2)
    const order: number[] = []
    const release: (() => void)[] = []
    const work = (n: number) => async () => {
      order.push(n)
      await new Promise<void>((resolve) => release.push(resolve))
    }
    const stop = new AbortController()
    const runs = [1, 2, 3, 4].map((n) => queue.run(n === 3 ? stop.signal : undefined, work(n)))
    await Promise.resolve()
    expect([order, queue.ahead]).toEqual([[1, 2], 3])
    stop.abort()
    while (order.length < 4) {
      release.shift()?.()
      await new Promise((resolve) => setImmediate(resolve))
    }
    while (release.length > 0) release.shift()?.()
    await Promise.all(runs)
    expect([order, queue.ahead]).toEqual([[1, 2, 3, 4], 0])
  })
})

test.each<[string, unknown]>([
  ['{"a": 1}\n', { a: 1 }],
  ['42', 42],
  ['"x"', 'x'],
  ['null\r\n', null],
  ['plain text\n', 'plain text'],
  ['{broken', '{broken'],
  ['two\nlines\n\n', 'two\nlines\n'],
  ['', ''],
  ['['.repeat(600) + ']'.repeat(600), '['.repeat(600) + ']'.repeat(600)],
  [`"${'['.repeat(600)}"`, '['.repeat(600)],
])('parseOutput() reads %j', (stdout, output) => {
  expect(parseOutput(stdout)).toEqual(output)
})

test.each<[RunEnd, number]>([
  [{ kind: 'exited', code: 3 }, 3],
  [{ kind: 'signalled', signal: 11 }, 139],
  [{ kind: 'time', limitMs: 1 }, 124],
  [{ kind: 'cpu', limitMs: 1, usedMs: 2 }, 124],
  [{ kind: 'memory', limitBytes: 1, usedBytes: 2 }, 137],
  [{ kind: 'pids', limit: 1 }, 137],
  [{ kind: 'disk', usedBytes: 2 }, 137],
  [{ kind: 'cancelled' }, 143],
])('exitCodeOf(%j) is %i', (end, code) => {
  expect(exitCodeOf(end)).toBe(code)
})

test.each([
  ['exec', '/bin/sh', 1, 'the script tried to start /bin/sh; this skill may not start programs'],
  ['exec', '', 3, 'the script tried to start a program (3 times); this skill may not start programs'],
  ['socket', 'AF_INET', 1, 'the script tried to open a network socket (AF_INET); this skill has no network'],
  [
    'bpf',
    'x\u001b[2J',
    1,
    'the script tried to use bpf "x\\u001b[2J"; the sandbox does not allow that to any skill',
  ],
])('violationMessage() tells of %s %j', (kind, what, count, message) => {
  expect(violationMessage({ kind, what, count }, buildPolicy({ directory: root }, {}))).toBe(message)
})
