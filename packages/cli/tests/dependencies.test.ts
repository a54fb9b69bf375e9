import { execFile, spawn } from 'node:child_process'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Workplace } from '../../core/tests/dependencies/fixtures/dependent-skill.js'
import { type PackageServer, pythonIndex } from '../../core/tests/dependencies/fixtures/package-server.js'
import { wheel } from '../../core/tests/dependencies/fixtures/wheel.js'
import { bin, plainEnvironment, skilllite } from './support/command.js'

const [fileName, bytes] = wheel('greeting', '1.0', { 'greeting.py': 'WORD = "hello"\n' })
const work = new Workplace()
const skill = work.skill({
  'main.py':
    '# /// script\n# requires-python = ">=3.8"\n# dependencies = ["greeting"]\n# ///\nimport greeting\nprint(greeting.WORD)\n',
})
const environments = path.join(work.cache, 'environments')
let index: PackageServer
let env: Record<string, string>

beforeAll(async () => {
  index = await pythonIndex(new Map([[fileName, bytes]]))
  env = {
    SKILLLITE_CACHE_DIR: work.cache,
    PIP_CONFIG_FILE: '/dev/null',
    PIP_INDEX_URL: `${index.address}/simple/`,
  }
})
beforeEach(() => {
  rmSync(work.cache, { recursive: true, force: true })
  rmSync(path.join(work.project, '.skilllite'), { recursive: true, force: true })
  index.asked.length = 0
})
afterAll(() => {
  index.close()
  work.close()
})

const command = (...args: string[]) => skilllite(args, { cwd: work.project, env })

describe('skilllite run --install', () => {
  test('installs once; what is installed is used without it, and without the index', async () => {
    const without = await command('run', skill)
    expect(without.status).toBe(1)
    expect(without.stderr).toContain('skilllite run needs-packages --install')
    expect(index.asked).toEqual([])
    const own = await pythonIndex(new Map([[fileName, bytes]]))
    env = { ...env, PIP_INDEX_URL: `${own.address}/simple/` }
    expect(await command('run', skill, '--install')).toMatchObject({
      status: 0,
      stdout: 'hello\n',
      stderr: '',
    })
    own.close()
    const again = await command('run', skill, '--install')
    env = { ...env, PIP_INDEX_URL: `${index.address}/simple/` }
    expect(again).toMatchObject({ status: 0, stdout: 'hello\n' })
  })

  test('several at the same time build one environment', async () => {
    const results = await Promise.all([1, 2, 3].map(() => command('run', skill, '--install')))
    expect(results.map(({ stdout }) => stdout)).toEqual(['hello\n', 'hello\n', 'hello\n'])
    expect(index.asked.filter((url) => url.startsWith('/files/'))).toEqual([`/files/${fileName}`])
    expect(readdirSync(path.join(environments, 'locks'))).toEqual([])
  })

  test('killed in the middle, it leaves nothing that is used, and the next one installs', async () => {
    const stuck = await pythonIndex(new Map(), undefined, true)
    const child = spawn(process.execPath, [bin, 'run', skill, '--install'], {
      cwd: work.project,
      env: plainEnvironment({ ...env, PIP_INDEX_URL: `${stuck.address}/simple/` }),
      stdio: 'ignore',
    })
    for (let tries = 0; stuck.asked.length === 0 && tries < 200; tries++) await sleep(50)
    expect(stuck.asked).toEqual(['/simple/greeting/'])
    child.kill('SIGKILL')
    await new Promise((resolve) => child.on('close', resolve))
    stuck.close()
    // What it has left, and the lock that it holds.
    expect(readdirSync(path.join(environments, 'building'))).toHaveLength(1)
    expect(readdirSync(path.join(environments, 'locks'))).toHaveLength(1)
    expect((await command('cache', 'list', '--format', 'json')).stdout).toBe('[]\n')
    expect(await command('run', skill, '--install')).toMatchObject({ status: 0, stdout: 'hello\n' })
    expect(readdirSync(path.join(environments, 'building'))).toEqual([])
    expect(readdirSync(path.join(environments, 'locks'))).toEqual([])
  })

  test('a failure is one sentence, and what to do', async () => {
    const missing = work.skill({ 'main.py': 'import absent\n', 'requirements.txt': 'absent==1' })
    const { status, stderr } = await command('run', missing, '--install')
    expect(status).toBe(125)
    expect(stderr).toMatch(/^skilllite: Fetching packages with pip failed: .*absent==1/)
    expect(stderr.trimEnd().split('\n')).toHaveLength(2)
  })
})

test('show, lock, cache list and cache prune tell of it', async () => {
  const shown = async () => (await command('show', skill)).stdout
  expect(await shown()).toContain(
    'main.py: greeting, python >=3.8 (not installed; declared in the script block of main.py)',
  )
  const locked = await command('lock', skill)
  expect(locked.stdout).toMatch(/main\.py +greeting +1\.0/)
  expect(locked.stderr).toContain('.skilllite/dependencies.lock.json')
  expect(await shown()).toContain('(installed, locked; declared in')
  expect((await command('cache', 'list')).stdout).toMatch(/Python 3\.\d+\.\d+ +greeting==1\.0/)
  expect((await command('cache', 'prune')).stderr).toContain('removed 0 environments')
  expect((await command('cache', 'prune', '--all')).stderr).toContain('removed 1 environments')
  expect(await shown()).toContain('(not installed; declared in')
})

test('data-analyzer works with packages from the index of this machine', {
  timeout: 300_000,
}, async (context) => {
  const here = { ...process.env, SKILLLITE_CACHE_DIR: work.cache }
  const check = [
    '-m',
    'pip',
    'download',
    '--no-deps',
    '--only-binary',
    ':all:',
    '--dest',
    path.join(work.root, 'check'),
    'tzdata',
  ]
  const reached = await promisify(execFile)('python3', check, { timeout: 60_000 }).then(
    () => true,
    () => false,
  )
  if (!reached) context.skip('needs a package index that pip of python3 reaches')
  const skills = fileURLToPath(new URL('../../../skills', import.meta.url))
  const run = (...flags: string[]) =>
    promisify(execFile)(
      process.execPath,
      [
        bin,
        'run',
        'data-analyzer',
        'operation=describe',
        'data=a,b\n1,2\n3,4\n',
        '--skills-dir',
        skills,
        ...flags,
      ],
      { cwd: work.project, env: here },
    )
  expect(JSON.parse((await run('--install')).stdout)).toMatchObject({ read: { rows: 2 } })
  expect(JSON.parse((await run()).stdout)).toMatchObject({ read: { rows: 2 } })
  expect(existsSync(environments)).toBe(true)
})
