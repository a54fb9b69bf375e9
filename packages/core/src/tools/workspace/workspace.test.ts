import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { answerCall } from '../../answer/answer-call.js'
import { SkillManager } from '../../manager.js'

const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'workspace-')))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const secret = path.join(root, 'secret.txt')
const outside = path.join(root, 'outside')
const directory = path.join(root, 'work')

let manager: SkillManager
beforeEach(async () => {
  for (const old of [secret, outside, directory]) rmSync(old, { recursive: true, force: true })
  mkdirSync(path.join(directory, 'notes'), { recursive: true })
  mkdirSync(outside)
  writeFileSync(secret, 'a secret')
  writeFileSync(path.join(outside, 'file.txt'), 'a secret')
  writeFileSync(path.join(directory, 'notes', 'a.txt'), 'one\ntwo\nthree\n')
  manager = await SkillManager.load({ skillsDir: path.join(root, 'none'), workspace: directory })
})

const call = async (name: string, args: Record<string, unknown>) => {
  const { content, isError } = await answerCall(manager, { name, arguments: args })
  return { content, isError }
}
const words = (pattern: string) => ({
  isError: true,
  content: expect.stringMatching(new RegExp(`^<skilllite>\\w+: .*${pattern}`)),
})

describe('read_file', () => {
  test('reads a file, or some of its lines', async () => {
    const file = 'notes/a.txt'
    expect(await call('read_file', { path: file })).toEqual({ isError: false, content: 'one\ntwo\nthree' })
    expect((await call('read_file', { path: `./notes//${'a.txt'}` })).content).toBe('one\ntwo\nthree')
    expect((await call('read_file', { path: file, first_line: 2, lines: 1 })).content).toBe('two')
    expect((await call('read_file', { path: file, first_line: 3 })).content).toBe('three')
    expect(await call('read_file', { path: file, first_line: 9 })).toMatchObject(words('only \\d lines'))
  })

  test.each([
    ['../secret.txt', 'has \\.\\. in it'],
    ['notes/../../secret.txt', 'has \\.\\. in it'],
    ['/etc/passwd', 'not a path relative'],
    ['link', 'is a link|cannot be used'],
    ['away/file.txt', 'is not a directory, or a link|is a link'],
    ['notes', 'not a regular file|is a directory'],
    ['.', 'is a directory'],
    ['', 'is a directory'],
    ['missing.txt', 'does not exist'],
    ['notes/a.txt/b', 'is not a directory'],
    ['pipe', 'not a regular file'],
    ['binary', 'not a text file'],
    ['huge', 'at most \\d+ can be read'],
    ['a\0b', 'not a path'],
  ])('does not read %j, and says why without a path of the host', async (file, problem) => {
    symlinkSync(secret, path.join(directory, 'link'))
    symlinkSync(outside, path.join(directory, 'away'))
    execFileSync('mkfifo', [path.join(directory, 'pipe')])
    writeFileSync(path.join(directory, 'binary'), Buffer.from([0xff, 0xfe, 0xff]))
    writeFileSync(path.join(directory, 'huge'), Buffer.alloc(5 * 1024 * 1024, 'x'))
    const answer = await call('read_file', { path: file })
    expect(answer).toMatchObject(words(`(${problem})`))
    expect(answer.content).not.toContain(root)
    expect(answer.content).not.toContain('a secret')
  })

  test.each([
    'skilllite.config.cjs',
    'deep/SkillLite.Config.json',
    '.env',
    '.env.local',
    '.skilllite/approvals.json',
    '.git/hooks/pre-commit',
  ])('does not write %j, which would decide what later runs may do', async (file) => {
    const answer = await call('write_file', { path: file, content: 'x' })
    expect(answer).toMatchObject(words('would decide what later runs may do'))
    expect(existsSync(path.join(directory, file))).toBe(false)
  })

  test('does not read a .env', async () => {
    writeFileSync(path.join(directory, '.env'), 'KEY=a secret')
    const answer = await call('read_file', { path: '.env' })
    expect(answer).toMatchObject(words('secrets are kept'))
    expect(answer.content).not.toContain('a secret')
  })

  test('is not led out by a directory that is exchanged for a link all the time', async () => {
    mkdirSync(path.join(directory, 'swap'))
    writeFileSync(path.join(directory, 'swap', 'file.txt'), 'inside')
    const worker = new Worker(
      `const { renameSync } = require('node:fs'); const { workerData: d } = require('node:worker_threads')
       for (;;) { renameSync(d + '/swap', d + '/kept'); renameSync(d + '/link', d + '/swap')
                  renameSync(d + '/swap', d + '/link'); renameSync(d + '/kept', d + '/swap') }`,
      { eval: true, workerData: directory },
    )
    symlinkSync(outside, path.join(directory, 'link'))
    const seen = new Set<string>()
    const byName = new Set<string>()
    for (let turn = 0; turn < 300 || !byName.has('a secret'); turn++) {
      try {
        byName.add(readFileSync(path.join(directory, 'swap', 'file.txt'), 'utf8'))
      } catch {
        // in between there is no such directory
      }
      seen.add(
        (await call('read_file', { path: 'swap/file.txt' })).content.replace(/^<skilllite>.*/s, 'refused'),
      )
      await new Promise((resolve) => setImmediate(resolve))
    }
    await worker.terminate()
    expect(seen).toContain('inside')
    expect(seen).not.toContain('a secret')
  })
})

describe('write_file', () => {
  test('writes new files and old ones, whose mode it keeps, and makes directories', async () => {
    chmodSync(path.join(directory, 'notes', 'a.txt'), 0o600)
    expect(await call('write_file', { path: 'notes/a.txt', content: 'new' })).toEqual({
      isError: false,
      content: '3 bytes written to "notes/a.txt"',
    })
    expect(readFileSync(path.join(directory, 'notes', 'a.txt'), 'utf8')).toBe('new')
    expect(statSync(path.join(directory, 'notes', 'a.txt')).mode & 0o777).toBe(0o600)
    expect((await call('write_file', { path: 'x/y/z.txt', content: 'äß' })).isError).toBe(false)
    expect(readFileSync(path.join(directory, 'x/y/z.txt'), 'utf8')).toBe('äß')
    expect(readdirSync(path.join(directory, 'notes'))).toEqual(['a.txt'])
  })

  test.each([
    ['../new.txt', 'has \\.\\. in it'],
    ['/tmp/new.txt', 'not a path relative'],
    ['link', 'not a regular file'],
    ['away/new.txt', 'is not a directory, or a link|is a link'],
    ['notes', 'not a regular file'],
  ])('does not write to %j', async (file, problem) => {
    symlinkSync(secret, path.join(directory, 'link'))
    symlinkSync(outside, path.join(directory, 'away'))
    expect(await call('write_file', { path: file, content: 'changed' })).toMatchObject(words(`(${problem})`))
    expect(readFileSync(secret, 'utf8')).toBe('a secret')
    expect(readdirSync(outside)).toEqual(['file.txt'])
    expect(readdirSync(root).sort()).toEqual(['outside', 'secret.txt', 'work'])
  })

  test('does not write through another name of a file', async () => {
    linkSync(secret, path.join(directory, 'hard'))
    expect((await call('write_file', { path: 'hard', content: 'changed' })).isError).toBe(false)
    expect(readFileSync(secret, 'utf8')).toBe('a secret')
    expect(readFileSync(path.join(directory, 'hard'), 'utf8')).toBe('changed')
  })

  test('refuses too much', async () => {
    const content = 'x'.repeat(1024 * 1024 + 1)
    expect(await call('write_file', { path: 'big', content })).toMatchObject(
      words('at most \\d+ can be written'),
    )
    expect(readdirSync(directory)).toEqual(['notes'])
  })

  test('is not there where the workspace is read only, or there is none', async () => {
    const reading = await SkillManager.load({
      skillsDir: path.join(root, 'none'),
      workspace: { directory, readOnly: true },
    })
    const write = { name: 'write_file', arguments: { path: 'a', content: 'b' } }
    expect(await answerCall(reading, write)).toMatchObject({ error: { code: 'TOOL_UNKNOWN' } })
    const offered = { tools: manager.tools({ workspace: true }) }
    expect(await answerCall(reading, write, offered)).toMatchObject({ error: { code: 'TOOL_UNKNOWN' } })
    expect(readdirSync(directory)).toEqual(['notes'])
  })
})

describe('list_files', () => {
  test('tells files with their size, directories, and what is neither', async () => {
    symlinkSync(secret, path.join(directory, 'link'))
    writeFileSync(path.join(directory, 'odd\nname'), '')
    expect((await call('list_files', {})).content).toBe('"odd\\nname" (0)\nlink (no file)\nnotes/')
    expect((await call('list_files', { path: 'notes' })).content).toBe('a.txt (14)')
    mkdirSync(path.join(directory, 'empty'))
    expect((await call('list_files', { path: 'empty' })).content).toBe('(empty)')
  })

  test.each(['..', '/', 'away', 'notes/a.txt', 'missing'])('does not list %s', async (name) => {
    symlinkSync(outside, path.join(directory, 'away'))
    const answer = await call('list_files', { path: name })
    expect(answer.isError).toBe(true)
    expect(answer.content).not.toContain(root)
  })

  test('is bounded', async () => {
    for (let n = 0; n < 600; n++) writeFileSync(path.join(directory, 'notes', `${n}`), '')
    expect((await call('list_files', { path: 'notes' })).content.split('\n')).toHaveLength(501)
  })
})

test('a workspace that is no directory is the host’s mistake', async () => {
  for (const workspace of [secret, path.join(root, 'nowhere')]) {
    await expect(SkillManager.load({ skillsDir: root, workspace })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
    })
  }
  renameSync(directory, `${directory}-moved`)
  expect((await call('list_files', {})).isError).toBe(true)
  renameSync(`${directory}-moved`, directory)
})
