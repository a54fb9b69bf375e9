import { describe, expect, test } from 'vitest'
import { buildPolicy } from '../../policy/build-policy.js'
import type { SandboxPolicy } from '../../policy/sandbox-policy.js'
import { type HostPath, seatbeltAccess } from './access.js'

const places = { home: '/private/run/home', temp: '/private/run/tmp', output: '/private/run/output' }
const policy = buildPolicy({ directory: '/Users/me/skills/x' }, {}, {})

/** A Mac as far as it matters here: everything is there under its own name, but for these. */
const links: Readonly<Record<string, string | undefined>> = {
  '/tmp/data': '/private/tmp/data',
  '/etc/ssl/cert.pem': '/private/etc/ssl/cert.pem',
  '/opt/homebrew/opt/python@3.12/bin/python3': '/opt/homebrew/Cellar/python@3.12/3.12.1/bin/python3.12',
  '/usr/bin/jq-alias': undefined,
}
function lookup(path: string): HostPath | undefined {
  const real = path in links ? links[path] : path
  if (real === undefined) return undefined
  return { real, kind: /\/(bin\/[^/]+|[^/]+\.(pem|csv|dylib))$/.test(real) ? 'file' : 'directory' }
}

interface Changes {
  readonly policy?: Partial<SandboxPolicy>
  readonly command?: readonly string[]
  readonly mounts?: readonly string[]
  readonly exec?: readonly string[]
}
const accessOf = (changes: Changes = {}) =>
  seatbeltAccess(
    {
      policy: { ...policy, ...changes.policy },
      command: changes.command ?? ['/usr/local/bin/node', '/Users/me/skills/x/main.mjs'],
      mounts: (changes.mounts ?? ['/usr/local/bin/node']).map((path) => ({ kind: 'bind', path })),
      programs: {
        mounts: (changes.exec ?? []).map((path) => ({ kind: 'bind', path })),
        exec: changes.exec ?? [],
      },
      host: { timeZone: 'UTC', certificates: '/etc/ssl/cert.pem' },
    },
    places,
    lookup,
  )

describe('seatbeltAccess()', () => {
  test('shows the skill, the interpreter, the certificates and three private directories', () => {
    const access = accessOf()
    expect(access.files).toEqual([
      { path: '/Users/me/skills/x', kind: 'directory', mode: 'ro', code: false },
      { path: '/private/etc/ssl/cert.pem', kind: 'file', mode: 'ro', code: false },
      { path: '/private/run/home', kind: 'directory', mode: 'rw', code: false },
      { path: '/private/run/output', kind: 'directory', mode: 'rw', code: false },
      { path: '/private/run/tmp', kind: 'directory', mode: 'rw', code: false },
      { path: '/usr/local/bin/node', kind: 'file', mode: 'ro', code: true },
    ])
    expect(access).toMatchObject({ execute: ['/usr/local/bin/node'], fork: false, keep: [] })
  })

  test('lets a lookup pass through the directories above, and no others', () => {
    expect(accessOf().pass).toEqual([
      '/Users',
      '/Users/me',
      '/Users/me/skills',
      '/Users/me/skills/x',
      '/private',
      '/private/etc',
      '/private/etc/ssl',
      '/private/run',
      '/usr',
      '/usr/local',
      '/usr/local/bin',
      '/usr/local/bin/node',
    ])
  })

  test('grants real paths: /tmp is a link on a Mac', () => {
    expect(accessOf({ policy: { readPaths: ['/tmp/data'] } }).files).toContainEqual({
      path: '/private/tmp/data',
      kind: 'directory',
      mode: 'ro',
      code: false,
    })
  })

  test('puts a read-only skill after the directory that it lies in, and keeps that one in its place', () => {
    const access = accessOf({ policy: { writePaths: ['/Users/me'] } })
    const modes = access.files
      .filter(({ path }) => path.startsWith('/Users'))
      .map(({ path, mode }) => [path, mode])
    expect(modes).toEqual([
      ['/Users/me', 'rw'],
      ['/Users/me/skills/x', 'ro'],
    ])
    expect(access.keep).toEqual(['/Users/me', '/Users/me/skills'])
  })

  test('lets what is granted for writing lie in what is granted for reading', () => {
    const { files } = accessOf({ policy: { readPaths: ['/data'], writePaths: ['/data/out'] } })
    expect(files.filter(({ path }) => path.startsWith('/data')).map(({ mode }) => mode)).toEqual(['ro', 'rw'])
  })

  test('does not let code of a skill, of a granted path or of private directories be mapped', () => {
    const { files } = accessOf({ policy: { readPaths: ['/data'], writePaths: ['/out'] } })
    expect(files.filter(({ code }) => code).map(({ path }) => path)).toEqual(['/usr/local/bin/node'])
  })

  test('lets processes be started only with programs granted, and only those that exist', () => {
    const access = accessOf({ exec: ['/usr/bin/jq', '/usr/bin/jq-alias'] })
    expect(access).toMatchObject({ execute: ['/usr/local/bin/node', '/usr/bin/jq'], fork: true })
  })

  test('knows what starts under another name', () => {
    const framework = '/Library/Frameworks/Python.framework/Versions/3.12'
    const python = accessOf({ command: [`${framework}/bin/python3`, 'main.py'], mounts: [framework] })
    expect(python.execute).toEqual([
      `${framework}/bin/python3`,
      `${framework}/Resources/Python.app/Contents/MacOS/Python`,
    ])
    const shell = accessOf({ command: ['/bin/sh', 'main.sh'], mounts: ['/bin/sh'] })
    expect(shell.execute).toEqual(['/bin/sh', '/bin/bash', '/bin/dash', '/bin/zsh'])
    expect(shell.pass).toContain('/private/var/select/sh')
  })

  test("shows Homebrew's libraries to Homebrew's programs, not its data", () => {
    const { files } = accessOf({ command: ['/opt/homebrew/opt/python@3.12/bin/python3'], mounts: [] })
    expect(files.map(({ path }) => path).filter((path) => path.startsWith('/opt'))).toEqual([
      '/opt/homebrew/Cellar',
      '/opt/homebrew/Cellar/python@3.12/3.12.1/bin/python3.12',
      '/opt/homebrew/lib',
      '/opt/homebrew/opt',
    ])
  })
})
