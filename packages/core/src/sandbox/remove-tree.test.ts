import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { removeTree } from './remove-tree.js'

test('removes what is locked, and what lies deeper than a path can name, and follows no link', async () => {
  const root = mkdtempSync(path.join(tmpdir(), 'remove-'))
  const [tree, other] = ['tree', 'other'].map((name) => path.join(root, name)) as [string, string]
  for (const directory of [tree, other]) mkdirSync(directory)
  writeFileSync(path.join(other, 'kept'), 'kept')
  symlinkSync(other, path.join(tree, 'link'))
  const deep = `
import os
for name in ('a' * 100, 'b'):
    os.chdir(${JSON.stringify(tree)})
    for _ in range(200):
        os.mkdir(name); open('file', 'w').close(); os.symlink(${JSON.stringify(other)}, 'link-' + name[:1])
        os.chdir(name)
    os.chmod('.', 0)
    os.chdir(${JSON.stringify(tree)})
`
  execFileSync('python3', ['-c', deep])
  await removeTree(tree)
  expect(existsSync(tree)).toBe(false)
  expect(readFileSync(path.join(other, 'kept'), 'utf8')).toBe('kept')
  await removeTree(root)
  expect(existsSync(root)).toBe(false)
})
