import { execFileSync } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { collectOutput } from './collect-output.js'

const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'collect-')))
afterAll(() => rmSync(root, { recursive: true }))

let from = ''
let into = ''
let host = ''
beforeEach(() => {
  const base = mkdtempSync(path.join(root, 'case-'))
  ;[from, into, host] = ['from', 'into', 'host'].map((name) => path.join(base, name)) as [
    string,
    string,
    string,
  ]
  for (const directory of [from, into, host]) mkdirSync(directory)
})
const put = (name: string, text: string): void => {
  mkdirSync(path.dirname(path.join(from, name)), { recursive: true })
  writeFileSync(path.join(from, name), text)
}
const collect = (maxBytes = 1_000) => collectOutput(from, into, maxBytes)

describe('collectOutput()', () => {
  test('copies files, in order, with the rights of a new file', async () => {
    put('b/c.txt', 'cc')
    put('a.txt', 'a')
    execFileSync('chmod', ['6777', path.join(from, 'a.txt')])
    expect(await collect()).toEqual({
      artifacts: [
        { path: 'a.txt', bytes: 1 },
        { path: 'b/c.txt', bytes: 2 },
      ],
      leftOut: [],
    })
    expect(readFileSync(path.join(into, 'b/c.txt'), 'utf8')).toBe('cc')
    expect(statSync(path.join(into, 'a.txt')).mode & 0o7111).toBe(0)
  })

  test('leaves out what is no file, and does not follow links', async () => {
    writeFileSync(path.join(host, 'secret'), 'secret')
    symlinkSync(path.join(host, 'secret'), path.join(from, 'link'))
    symlinkSync(host, path.join(from, 'linked'))
    execFileSync('mkfifo', [path.join(from, 'pipe')])
    expect(await collect()).toEqual({
      artifacts: [],
      leftOut: [
        { path: 'link', reason: 'is a symbolic link' },
        { path: 'linked', reason: 'is a symbolic link' },
        { path: 'pipe', reason: 'is not a regular file' },
      ],
    })
  })

  test("never writes through a link in the host's directory, and over nothing", async () => {
    put('linked/x.txt', 'overwritten')
    put('deep/linked/x.txt', 'overwritten')
    put('file.txt', 'overwritten')
    put('dangling.txt', 'overwritten')
    put('there.txt', 'overwritten')
    writeFileSync(path.join(host, 'x.txt'), 'untouched')
    mkdirSync(path.join(into, 'deep'))
    symlinkSync(host, path.join(into, 'linked'))
    symlinkSync(host, path.join(into, 'deep/linked'))
    symlinkSync(path.join(host, 'x.txt'), path.join(into, 'file.txt'))
    symlinkSync(path.join(host, 'new.txt'), path.join(into, 'dangling.txt'))
    writeFileSync(path.join(into, 'there.txt'), 'untouched')
    const { artifacts, leftOut } = await collect()
    expect(artifacts).toEqual([])
    expect(leftOut.map((left) => left.path)).toEqual([
      'dangling.txt',
      'deep/linked/x.txt',
      'file.txt',
      'linked/x.txt',
      'there.txt',
    ])
    expect(readFileSync(path.join(host, 'x.txt'), 'utf8')).toBe('untouched')
    expect(readFileSync(path.join(into, 'there.txt'), 'utf8')).toBe('untouched')
    expect(existsSync(path.join(host, 'new.txt'))).toBe(false)
  })

  test("takes the host's own directory where that is a link", async () => {
    put('a.txt', 'a')
    const link = path.join(path.dirname(into), 'link')
    symlinkSync(into, link)
    await collectOutput(from, link, 10)
    expect(lstatSync(path.join(into, 'a.txt')).isFile()).toBe(true)
  })

  test('stays within its bytes, also for a sparse file', async () => {
    put('a.txt', 'x'.repeat(600))
    put('b.txt', 'x'.repeat(600))
    put('c.txt', 'x'.repeat(400))
    put('d.txt', '')
    truncateSync(path.join(from, 'd.txt'), 2 ** 40)
    expect(await collect()).toEqual({
      artifacts: [
        { path: 'a.txt', bytes: 600 },
        { path: 'c.txt', bytes: 400 },
      ],
      leftOut: ['b.txt', 'd.txt'].map((name) => ({
        path: name,
        reason: 'is larger than what may still be collected',
      })),
    })
  })

  test('tells of so many files with long names only as much as fits a result', async () => {
    const long = Array(14).fill('d'.repeat(250)).join('/')
    const directory = path.join(from, long)
    mkdirSync(directory, { recursive: true })
    for (let i = 0; i < 400; i++) writeFileSync(path.join(directory, `${i}`.padStart(250, '0')), '')
    const result = await collect()
    expect(JSON.stringify(result).length).toBeLessThan(1024 * 1024)
    expect(result.artifacts.length).toBeGreaterThan(60)
    expect(result.leftOut).toHaveLength(101)
    expect(result.leftOut.at(-1)?.reason).toMatch(/^\d+ more files were left out$/)
  })

  test('goes no deeper than 16 directories', async () => {
    put(`${'d/'.repeat(16)}kept`, 'x')
    put(`${'e/'.repeat(17)}left`, 'x')
    const { artifacts, leftOut } = await collect()
    expect(artifacts).toHaveLength(1)
    expect(leftOut).toEqual([{ path: 'e/'.repeat(17).slice(0, -1), reason: 'is nested too deeply' }])
  })
})
