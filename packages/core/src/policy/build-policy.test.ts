import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildPolicy } from './build-policy.js'
import { DEFAULT_LIMITS } from './default-limits.js'
import { explainPolicy } from './explain-policy.js'
import type { PolicyOptions } from './policy-options.js'

const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'policy-')))
const skill = { directory: path.join(root, 'skill') }
const socket = createServer()

beforeAll(async () => {
  mkdirSync(skill.directory)
  writeFileSync(path.join(root, 'data.csv'), '')
  symlinkSync('data.csv', path.join(root, 'link'))
  await new Promise<void>((resolve) => socket.listen(path.join(root, 'socket'), resolve))
})
afterAll(() => {
  socket.close()
  rmSync(root, { recursive: true })
})

describe('buildPolicy()', () => {
  test('grants nothing by default', () => {
    expect(buildPolicy(skill, {})).toEqual({
      level: 3,
      skillDirectory: skill.directory,
      programs: [],
      hosts: [],
      readPaths: [],
      writePaths: [],
      files: 'listed',
      environment: [],
      limits: DEFAULT_LIMITS,
    })
  })

  test('resolves relative paths and links, and names host variables', () => {
    const options = {
      cwd: root,
      allowRead: ['link', './data.csv'],
      outputDir: 'out',
      env: { TOKEN: true, MODE: 'x' },
    } as const
    expect(buildPolicy(skill, options, { TOKEN: 'secret', OTHER: 'unseen' })).toMatchObject({
      readPaths: [path.join(root, 'data.csv')],
      outputDirectory: path.join(root, 'out'),
      environment: ['TOKEN', 'MODE'],
    })
  })

  test('raises CPU time with the time limit, unless told otherwise', () => {
    expect(buildPolicy(skill, { timeoutMs: 90_000 }).limits).toMatchObject({ wallMs: 90_000, cpuMs: 90_000 })
    const both = { timeoutMs: 90_000, limits: { cpuMs: 5 } }
    expect(buildPolicy(skill, both).limits).toMatchObject({ wallMs: 90_000, cpuMs: 5 })
  })

  test.each([1, 2, 3] as const)('keeps level %i', (level) => {
    expect(buildPolicy(skill, { level }).level).toBe(level)
  })

  test('writes granted hosts in one spelling, each once', () => {
    const allowHosts = ['Example.ORG.', 'example.org', '0x7f.1:8080', '*.Example.org:443', '*']
    expect(buildPolicy(skill, { allowHosts }).hosts).toEqual([
      'example.org',
      '127.0.0.1:8080',
      '*.example.org:443',
      '*',
    ])
  })

  const refused: [unknown, string][] = [
    [{ timeoutMs: Number.NaN }, 'timeoutMs'],
    [{ timeoutMs: -1 }, 'timeoutMs'],
    [{ timeoutMs: 0 }, 'timeoutMs'],
    [{ timeoutMs: '5' }, 'timeoutMs'],
    [{ timeoutMs: Number.POSITIVE_INFINITY }, 'timeoutMs'],
    [{ memoryMb: 0 }, 'memoryMb'],
    [{ limits: { wallMS: 1 } }, 'wallMS'],
    [{ limits: { pids: 0 } }, 'limits.pids'],
    [{ limits: { stdoutBytes: 2 ** 30 } }, 'limits.stdoutBytes'],
    [{ level: 4 }, 'level'],
    [{ level: '2' }, 'level'],
    [{ allowHosts: ['https://example.org'] }, 'https://example.org'],
    [{ allowHosts: ['example.org:0'] }, 'is not a port'],
    [{ allowHosts: ['*.org'] }, 'top-level domain'],
    [{ limits: { connections: 0 } }, 'limits.connections'],
    [{ allowRead: ['missing'] }, 'does not exist'],
    [{ allowRead: 'data.csv' }, 'allowRead'],
    [{ allowRead: ['/'] }, 'whole file system'],
    [{ allowRead: ['/proc/self/environ'] }, '/proc'],
    [{ allowRead: ['socket'] }, 'neither a file nor a directory'],
    [{ allowWrite: ['skill'] }, 'never change'],
    [{ allowWrite: ['new-directory'] }, 'does not exist'],
    [{ outputDir: 'skill/out' }, 'own directory'],
    [{ allowPrograms: [''] }, 'allowPrograms'],
    [{ env: { PATH: '/x' } }, 'PATH'],
    [{ env: { SKILL_DIR: '/x' } }, 'SKILL_DIR'],
    [{ env: { LD_PRELOAD: '/x' } }, 'LD_PRELOAD'],
    [{ env: { 'A=B': 'x' } }, '"A"'],
    [{ files: 'all' }, 'files'],
    [{ env: { UNSET: true } }, 'UNSET'],
    [{ env: { A: 'x\0y' } }, 'env.A'],
  ]
  test.each(refused)('refuses %o and says so', (options, mentioned) => {
    expect(() => buildPolicy(skill, { cwd: root, ...(options as PolicyOptions) }, {})).toThrow(
      expect.objectContaining({
        code: 'OPTION_INVALID',
        message: expect.stringContaining(mentioned),
        hint: expect.any(String),
      }),
    )
  })

  test.each(['/', '/usr/lib', '/tmp', '/proc/self', '/dev/x', homedir()])(
    'refuses %s as a skill directory',
    (directory) => {
      expect(() => buildPolicy({ directory }, {})).toThrow(
        expect.objectContaining({ code: 'OPTION_INVALID' }),
      )
    },
  )
})

describe('explainPolicy()', () => {
  test('gives a reason for every line and never shows the value of a variable', () => {
    const policy = buildPolicy(skill, {
      cwd: root,
      allowRead: ['data.csv'],
      env: { TOKEN: 's3cret' },
      timeoutMs: 1_000,
    })
    const lines = explainPolicy(policy)
    expect(lines.every(({ text, why }) => text !== '' && why !== '')).toBe(true)
    expect(JSON.stringify(lines)).not.toContain('s3cret')
    expect(lines).toContainEqual({
      topic: 'files',
      text: `read ${path.join(root, 'data.csv')}`,
      why: 'granted by the host',
    })
    expect(explainPolicy(policy, { 'env.TOKEN': 'call', timeoutMs: '/p/f.json#defaults.timeoutMs' })).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ text: 'TOKEN=…', origin: 'call' }),
        expect.objectContaining({ text: `read ${path.join(root, 'data.csv')}`, origin: 'default' }),
        expect.objectContaining({
          text: 'cpuMs 1000 (processor time of all processes)',
          origin: '/p/f.json#defaults.timeoutMs',
        }),
      ]),
    )
    expect(lines).toContainEqual({
      topic: 'limits',
      text: 'wallMs 1000 (time from start to end)',
      why: 'set by the host; the default is 30000',
    })
  })
})
