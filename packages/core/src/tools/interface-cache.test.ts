import { chmodSync, readdirSync, readFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryDirectory } from '../skill/fixtures/temporary.js'
import { InterfaceCache } from './interface-cache.js'

const digest = 'a'.repeat(64)

describe('InterfaceCache', () => {
  test('gives back what it was given, also to another process', () => {
    const directory = temporaryDirectory()
    const value = { tools: [{ script: 'main.py', text: 'ü\n' }] }
    new InterfaceCache(directory, '1').write(digest, value)
    expect(new InterfaceCache(directory, '1').read(digest)).toEqual(value)
  })

  test('finds nothing under another digest or of another version', () => {
    const directory = temporaryDirectory()
    new InterfaceCache(directory, '1').write(digest, {})
    expect(new InterfaceCache(directory, '1').read('b'.repeat(64))).toBeUndefined()
    expect(new InterfaceCache(directory, '2').read(digest)).toBeUndefined()
  })

  const damages: [string, (file: string) => void][] = [
    ['cut short', (file) => truncateSync(file, 80)],
    ['emptied', (file) => truncateSync(file, 0)],
    ['changed', (file) => writeFileSync(file, readFileSync(file, 'utf8').replace('main', 'evil'))],
    ['no text', (file) => writeFileSync(file, Buffer.from([0xff, 0x0a, 0xfe]))],
    ['writable by others', (file) => chmodSync(file, 0o666)],
  ]
  test.each(damages)('ignores a file that is %s, and replaces it', (_damage, damage) => {
    const directory = temporaryDirectory()
    const cache = new InterfaceCache(directory, '1')
    cache.write(digest, { script: 'main.py' })
    damage(join(directory, 'interfaces-1', `${digest}.json`))
    expect(cache.read(digest)).toBeUndefined()
    cache.write(digest, { script: 'other.py' })
    expect(cache.read(digest)).toEqual({ script: 'other.py' })
  })

  test('does without a directory that is not there', () => {
    const cache = new InterfaceCache(join(temporaryDirectory(), 'none'), '1')
    cache.write(digest, {})
    expect(cache.read(digest)).toBeUndefined()
  })

  test('removes what versions of long ago left, and nothing else', () => {
    const directory = temporaryDirectory({
      'interfaces-old/x.json': '',
      'interfaces-recent/x.json': '',
      'other/x.json': '',
    })
    for (const name of ['interfaces-old', 'other']) utimesSync(join(directory, name), 0, 0)
    new InterfaceCache(directory, '1').write(digest, {})
    expect(readdirSync(directory).sort()).toEqual(['interfaces-1', 'interfaces-recent', 'other'])
  })
})
