import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { cacheDirectory } from './cache-directory.js'
import { findInterpreter } from './find-interpreter.js'
import { findProgram } from './find-program.js'
import { readProbes } from './probe-cache.js'
import { grantPrograms } from './programs.js'
import { mergeMounts } from './runtime-mount.js'
import { utilitiesFor } from './shell-utilities.js'
import { librariesInMaps } from './system-libraries.js'

const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'runtime-')))
const realPython = (await findInterpreter('python3')).program
let round = 0
let cache = ''
let bin = ''

beforeEach(() => {
  cache = path.join(root, `cache-${++round}`)
  bin = path.join(root, `bin-${round}`)
  mkdirSync(bin)
})
afterAll(() => rmSync(root, { recursive: true }))

function writeProgram(name: string, text: string): string {
  const file = path.join(bin, name)
  writeFileSync(file, text)
  chmodSync(file, 0o755)
  return file
}

const environment = () => ({ PATH: bin, SKILLLITE_CACHE_DIR: cache, HOME: root })

describe('findInterpreter()', () => {
  test("finds the interpreter behind a version manager's shim, asking the shim once", async () => {
    const log = path.join(root, 'asked')
    writeProgram('python3', `#!/bin/sh\necho asked >> ${log}\nexec ${realPython} "$@"\n`)
    const python = await findInterpreter('python3', environment())
    expect(python.program).toBe(realPython)
    expect(python.version).toMatch(/^3\.\d+\.\d+$/)
    await findInterpreter('python3', environment())
    expect(readFileSync(log, 'utf8')).toBe('asked\n')
    expect(statSync(cache).mode & 0o777).toBe(0o700)
    expect([...readProbes(environment()).values()].map(({ executable }) => executable)).toEqual([realPython])
  })

  test('shows Python no directory that holds more than libraries', async () => {
    const { mounts } = await findInterpreter('python3')
    const paths = mounts.flatMap((mount) => (mount.kind === 'bind' ? [mount.path] : []))
    for (const path of paths)
      expect(['/', '/usr', '/usr/local', '/etc', '/home', '/root', '/var']).not.toContain(path)
  })

  test('says how to get on where an interpreter is missing or broken', async () => {
    await expect(findInterpreter('python3', environment())).rejects.toMatchObject({
      code: 'INTERPRETER_MISSING',
    })
    const broken = writeProgram('python3', '#!/bin/sh\necho no such version >&2\nexit 1\n')
    await expect(findInterpreter('python3', environment())).rejects.toMatchObject({
      code: 'INTERPRETER_MISSING',
      message: expect.stringMatching(`${broken}.*no such version`),
      hint: expect.stringContaining('--version'),
    })
  })

  test('starts the Node that runs this process', async () => {
    expect((await findInterpreter('node')).program).toBe(process.execPath)
  })
})

describe('the cache of probes', () => {
  const facts = {
    executable: '/evil/python',
    version: '3.1.1',
    prefix: '/evil',
    basePrefix: '/evil',
    libraryDirectories: [],
    mapped: [],
  }
  const plant = (text: string, mode = 0o600): void => {
    mkdirSync(cache, { mode: 0o700 })
    writeFileSync(path.join(cache, 'python-1.json'), text)
    chmodSync(path.join(cache, 'python-1.json'), mode)
  }

  test('is read back when it is sound', () => {
    plant(JSON.stringify([['key', facts]]))
    expect(readProbes(environment())).toEqual(new Map([['key', facts]]))
  })

  test.each([
    ['damaged', '[["key", {'],
    ['of another shape', JSON.stringify([['key', { ...facts, executable: 'python' }]])],
    ['not a list', '{}'],
  ])('counts as empty when it is %s', (_name, text) => {
    plant(text)
    expect(readProbes(environment()).size).toBe(0)
  })

  test('counts as empty when others may write to it or to its directory', () => {
    plant(JSON.stringify([['key', facts]]), 0o666)
    expect(readProbes(environment()).size).toBe(0)
    chmodSync(path.join(cache, 'python-1.json'), 0o600)
    chmodSync(cache, 0o777)
    expect(readProbes(environment()).size).toBe(0)
    expect(cacheDirectory(environment())).toBeUndefined()
  })

  test('is not reached through a link', () => {
    plant(JSON.stringify([['key', facts]]))
    const link = `${cache}-link`
    symlinkSync(cache, link)
    expect(cacheDirectory({ SKILLLITE_CACHE_DIR: link })).toBeUndefined()
  })

  test.each([
    [{ SKILLLITE_CACHE_DIR: '/proc/nowhere/deep' }],
    [{ SKILLLITE_CACHE_DIR: '/dev/null' }],
    [{ XDG_CACHE_HOME: 'relative', HOME: 'relative' }],
  ])('has no place for %j', (given) => {
    expect(cacheDirectory(given)).toBeUndefined()
  })
})

test('findProgram() skips relative entries of PATH and files that cannot be executed', () => {
  writeFileSync(path.join(bin, 'tool'), '')
  expect(findProgram('tool', `.:${bin}:`)).toBeUndefined()
  chmodSync(path.join(bin, 'tool'), 0o755)
  expect(findProgram('tool', `.:${bin}:`)).toBe(path.join(bin, 'tool'))
})

describe('grantPrograms()', () => {
  test('resolves a name to its binary and keeps the name', async () => {
    symlinkSync(realpathSync('/bin/cat'), path.join(bin, 'my-cat'))
    const { exec, mounts } = await grantPrograms(['my-cat'], environment())
    const real = realpathSync('/bin/cat')
    expect(exec).toEqual([real, '/usr/bin/my-cat'])
    expect(mounts).toContainEqual({ kind: 'bind', path: real })
    expect(mounts).toContainEqual({ kind: 'symlink', path: '/usr/bin/my-cat', target: real })
  })

  test.each(['absent', './relative', '/etc/passwd'])('refuses %s', async (name) => {
    await expect(grantPrograms([name], environment())).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  })

  test('refuses a script, whose interpreter it would start', async () => {
    writeProgram('wrapper', '#!/bin/sh\n')
    await expect(grantPrograms(['wrapper'], environment())).rejects.toMatchObject({
      message: expect.stringContaining('script'),
    })
  })
})

test('utilitiesFor() grants the utilities that a script names, and none that starts programs', () => {
  const { exec } = utilitiesFor('cat x | sort -u; env xargs find timeout nohup sh bash perl; # "grep"')
  expect(exec.map((file) => path.basename(file)).sort()).toEqual(['cat', 'grep', 'sort'])
})

test('mergeMounts() drops what lies in another mount', () => {
  const binds = ['/usr/lib', '/usr/lib/x', '/usr/lib64', '/usr/lib'].map(
    (path) => ({ kind: 'bind', path }) as const,
  )
  const link = { kind: 'symlink', path: '/usr/lib/y', target: 'x' } as const
  expect(mergeMounts([...binds, link]).map(({ path }) => path)).toEqual(['/usr/lib', '/usr/lib64'])
})

test('librariesInMaps() reads paths with spaces and leaves other mappings out', () => {
  const maps = [
    '7f-80 r-xp 0 fe:00 1   /opt/my libs/libc.so.6',
    '80-81 rw-p 0 00:00 0   [heap]',
    '81-82 r--p 0 fe:00 2 /bin/cat',
  ]
  expect(librariesInMaps(maps.join('\n'))).toEqual(['/opt/my libs/libc.so.6'])
})
