import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryDirectory, withoutRoot, writeFiles } from './fixtures/temporary.js'
import { listSkillFiles, readResource } from './resources.js'

function codeOf(action: () => unknown): unknown {
  try {
    return action()
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error
  }
}

describe('listSkillFiles()', () => {
  test('lists files in a stable order, without what is no part of a skill', () => {
    const directory = temporaryDirectory({
      'SKILL.md': '',
      'b.txt': '',
      'a/z.txt': '',
      'a/.hidden': '',
      '.git/config': '',
      'node_modules/x/index.js': '',
      'a/__pycache__/x.pyc': '',
    })
    expect(listSkillFiles(directory)).toEqual({
      files: ['SKILL.md', 'a/.hidden', 'a/z.txt', 'b.txt'],
      diagnostics: [],
    })
  })

  test('lists links to files inside; tells of links out, links to nothing and special files', () => {
    const directory = temporaryDirectory({ 'real.txt': '', 'd/x.txt': '' })
    symlinkSync('real.txt', join(directory, 'alias.txt'))
    symlinkSync('d', join(directory, 'alias-directory'))
    symlinkSync('/etc/passwd', join(directory, 'out'))
    symlinkSync('/etc', join(directory, 'out-directory'))
    symlinkSync('nowhere', join(directory, 'broken'))
    execFileSync('mkfifo', [join(directory, 'pipe')])
    const { files, diagnostics } = listSkillFiles(directory)
    expect(files).toEqual(['alias.txt', 'd/x.txt', 'real.txt'])
    expect(diagnostics.map(({ message }) => message)).toEqual([
      '"broken" is not listed: the link leads nowhere',
      '"out" is not listed: the link leads outside the skill',
      '"out-directory" is not listed: the link leads outside the skill',
      '"pipe" is not listed: it is not a regular file',
    ])
  })

  test('goes 8 levels deep, and says so', () => {
    const path = (depth: number) => 'd/'.repeat(depth)
    const directory = temporaryDirectory({ [`${path(8)}in.txt`]: '', [`${path(9)}out.txt`]: '' })
    const { files, diagnostics } = listSkillFiles(directory)
    expect(files).toEqual([`${path(8)}in.txt`])
    expect(diagnostics.map(({ code }) => code)).toEqual(['resources-depth-limit'])
  })

  test('leaves out a name that is not UTF-8', () => {
    const directory = temporaryDirectory()
    execFileSync('sh', ['-c', 'touch "$(printf \'a\\377\')"'], { cwd: directory })
    const { files, diagnostics } = listSkillFiles(directory)
    expect(files).toEqual([])
    expect(diagnostics.map(({ code }) => code)).toEqual(['resource-not-listed'])
  })
})

describe('readResource()', () => {
  const read = (directory: string, path: string, maxBytes?: number) =>
    codeOf(() => readResource({ directory }, path, maxBytes === undefined ? {} : { maxBytes }).toString())

  test('reads a file of the skill, also through a link that stays inside', () => {
    const directory = temporaryDirectory({ 'docs/a.txt': 'text', 'empty.txt': '' })
    symlinkSync('docs', join(directory, 'link'))
    symlinkSync('docs/a.txt', join(directory, 'a'))
    const paths = ['docs/a.txt', './docs/../docs/a.txt', 'link/a.txt', 'a', 'empty.txt']
    expect(paths.map((path) => read(directory, path))).toEqual(['text', 'text', 'text', 'text', ''])
  })

  test.each([
    ['../secret.txt', 'RESOURCE_OUTSIDE_SKILL'],
    ['../skill-two/secret.txt', 'RESOURCE_OUTSIDE_SKILL'],
    ['a/../../secret.txt', 'RESOURCE_OUTSIDE_SKILL'],
    ['/etc/passwd', 'RESOURCE_OUTSIDE_SKILL'],
    ['a.txt\0.png', 'RESOURCE_OUTSIDE_SKILL'],
    ['link-file', 'RESOURCE_OUTSIDE_SKILL'],
    ['link-directory/secret.txt', 'RESOURCE_OUTSIDE_SKILL'],
    ['link-sibling/secret.txt', 'RESOURCE_OUTSIDE_SKILL'],
    ['nowhere.txt', 'RESOURCE_NOT_FOUND'],
    ['a.txt/x', 'RESOURCE_NOT_FOUND'],
    ['x'.repeat(5_000), 'RESOURCE_NOT_FOUND'],
    ['broken', 'RESOURCE_NOT_FOUND'],
    ['circle', 'RESOURCE_NOT_FOUND'],
    ['', 'RESOURCE_NOT_A_FILE'],
    ['.', 'RESOURCE_NOT_A_FILE'],
    ['pipe', 'RESOURCE_NOT_A_FILE'],
    ['link-pipe', 'RESOURCE_NOT_A_FILE'],
    ['big.txt', 'RESOURCE_TOO_LARGE'],
  ])('refuses %j with %s', (path, code) => {
    const root = temporaryDirectory({
      'secret.txt': 'secret',
      'skill-two/secret.txt': 'secret',
      'skill/a.txt': 'a',
      'skill/big.txt': 'x'.repeat(101),
    })
    const directory = join(root, 'skill')
    symlinkSync('../secret.txt', join(directory, 'link-file'))
    symlinkSync('..', join(directory, 'link-directory'))
    symlinkSync('../skill-two', join(directory, 'link-sibling'))
    symlinkSync('nowhere', join(directory, 'broken'))
    symlinkSync('circle', join(directory, 'circle'))
    execFileSync('mkfifo', [join(directory, 'pipe')])
    symlinkSync('pipe', join(directory, 'link-pipe'))
    expect(read(directory, path, 100)).toBe(code)
  })

  test('refuses a file that it may not read', () => {
    const directory = temporaryDirectory({ 'a.txt': 'a' })
    chmodSync(join(directory, 'a.txt'), 0)
    expect(withoutRoot(() => read(directory, 'a.txt'))).toBe('RESOURCE_UNREADABLE')
  })

  test('reads up to the limit and not a byte more', () => {
    const directory = temporaryDirectory({ 'a.txt': 'x'.repeat(100) })
    expect([read(directory, 'a.txt', 100), read(directory, 'a.txt', 99)]).toEqual([
      'x'.repeat(100),
      'RESOURCE_TOO_LARGE',
    ])
  })

  test('never gives the content of another file while directories are being swapped for links', async () => {
    const root = temporaryDirectory({ 'outside/f': 'secret', 'skill/real/f': 'mine' })
    const directory = join(root, 'skill')
    mkdirSync(join(directory, 'x'))
    writeFiles(directory, { 'x/f': 'mine' })
    const swap = 'while true; do mv x y; ln -s ../outside x; rm x; mv y x; done'
    const swapper = spawn('sh', ['-c', swap], { cwd: directory, stdio: 'ignore' })
    const seen = new Set<unknown>()
    const end = performance.now() + 700
    while (performance.now() < end) seen.add(read(directory, 'x/f'))
    swapper.kill('SIGKILL')
    await once(swapper, 'close')
    expect(seen.has('secret')).toBe(false)
    expect(seen.has('mine')).toBe(true)
  })
})
