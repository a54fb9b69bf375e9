import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { skillDigest } from './digest.js'
import { temporaryDirectory, withoutRoot } from './fixtures/temporary.js'

const files = { 'SKILL.md': 'text', 'a/b.txt': 'b', 'run.sh': '#!/bin/sh\n' }

describe('skillDigest()', () => {
  test('is the same for the same content, wherever and whenever it was written', () => {
    const directory = temporaryDirectory(files)
    const copy = join(temporaryDirectory(), 'another-name')
    cpSync(directory, copy, { recursive: true })
    utimesSync(join(copy, 'SKILL.md'), 1, 1)
    expect(skillDigest(copy)).toBe(skillDigest(directory))
    expect(skillDigest(directory)).toMatch(/^sha256:[0-9a-f]{64}$/)
  })

  test('is pinned, because locks and caches hold it', () => {
    expect(skillDigest(temporaryDirectory(files))).toMatchInlineSnapshot(
      `"sha256:6a2390afb9538e1704350f86b35719bc5106691b34c19a50853d494c2216ba66"`,
    )
  })

  test.each<[string, (directory: string) => void]>([
    ['a byte', (directory) => writeFileSync(join(directory, 'a/b.txt'), 'c')],
    ['a name', (directory) => renameSync(join(directory, 'a/b.txt'), join(directory, 'a/c.txt'))],
    [
      'a directory of a file',
      (directory) => renameSync(join(directory, 'a/b.txt'), join(directory, 'b.txt')),
    ],
    ['an empty directory', (directory) => mkdirSync(join(directory, 'empty'))],
    ['an empty file', (directory) => writeFileSync(join(directory, 'empty'), '')],
    ['the executable bit', (directory) => chmodSync(join(directory, 'run.sh'), 0o755)],
    ['a hidden file', (directory) => writeFileSync(join(directory, '.x'), '')],
    ['compiled code', (directory) => mkdirSync(join(directory, '__pycache__'))],
    [
      'a link in place of the file',
      (directory) => {
        rmSync(join(directory, 'a/b.txt'))
        symlinkSync('b', join(directory, 'a/b.txt'))
      },
    ],
    [
      'a boundary between files',
      (directory) => {
        writeFileSync(join(directory, 'SKILL.md'), 'tex')
        writeFileSync(join(directory, 'a/b.txt'), 'tb')
      },
    ],
  ])('changes with %s', (_what, change) => {
    const directory = temporaryDirectory(files)
    const before = skillDigest(directory)
    change(directory)
    expect(skillDigest(directory)).not.toBe(before)
  })

  test('changes with the target of a link, which is not followed', () => {
    const [one, two] = ['/etc/passwd', '/dev/zero'].map((target) => {
      const directory = temporaryDirectory()
      symlinkSync(target, join(directory, 'link'))
      return skillDigest(directory)
    })
    expect(one).not.toBe(two)
  })

  test('tells names apart that are not UTF-8', () => {
    const digests = ['376', '377'].map((byte) => {
      const directory = temporaryDirectory()
      execFileSync('sh', ['-c', `echo x > "$(printf 'a\\${byte}')"`], { cwd: directory })
      return skillDigest(directory)
    })
    expect(new Set(digests).size).toBe(2)
  })

  test.each<[string, string, (directory: string) => void]>([
    ['a FIFO', 'SKILL_NOT_A_FILE', (directory) => execFileSync('mkfifo', [join(directory, 'pipe')])],
    [
      'too much content',
      'SKILL_TOO_LARGE',
      (directory) => truncateSync(join(directory, 'SKILL.md'), 2 ** 40),
    ],
    [
      'too many levels',
      'SKILL_TOO_LARGE',
      (directory) => mkdirSync(join(directory, 'd/'.repeat(40)), { recursive: true }),
    ],
    ['no directory', 'SKILL_NOT_FOUND', (directory) => rmSync(directory, { recursive: true })],
    [
      'a file that may not be read',
      'SKILL_UNREADABLE',
      (directory) => chmodSync(join(directory, 'SKILL.md'), 0),
    ],
    [
      'a directory that may not be read',
      'SKILL_UNREADABLE',
      (directory) => chmodSync(join(directory, 'a'), 0),
    ],
  ])('refuses %s with %s', (_what, code, change) => {
    const directory = temporaryDirectory(files)
    change(directory)
    expect(() => withoutRoot(() => skillDigest(directory))).toThrow(expect.objectContaining({ code }))
  })
})
