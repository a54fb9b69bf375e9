import { existsSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { median, quantile } from '../performance/statistics.mjs'
import { bare } from './contenders/bare.mjs'
import { contenders } from './contenders/index.mjs'
import { skilllite } from './contenders/skilllite.mjs'
import { items } from './items/index.mjs'
import { judge, unusable } from './judge.mjs'
import { readOptions } from './options.mjs'
import { markdownEvidence, markdownTable, terminalTable } from './table.mjs'

const result = {
  name: 'example',
  title: 'Example',
  version: '1.0',
  verdicts: Object.fromEntries(
    items.map(({ id }, i) => [id, i === 0 ? { kind: 'harm', evidence: 'a | b' } : { kind: 'blocked' }]),
  ),
}

describe('items', () => {
  test('there are 20 with names of their own, and every attack exists', () => {
    expect(new Set(items.map(({ id }) => id)).size).toBe(20)
    const attacks = items.flatMap((item) => item.attacks)
    const missing = attacks.filter((name) => !existsSync(path.join(import.meta.dirname, 'attacks', name)))
    expect(missing).toEqual([])
  })

  test('their meaning is in the README', async () => {
    const { readFile } = await import('node:fs/promises')
    const readme = await readFile(path.join(import.meta.dirname, 'README.md'), 'utf8')
    expect(items.filter(({ title }) => !readme.includes(`| ${title} |`))).toEqual([])
    expect(contenders.filter(({ name }) => !readme.includes(`| \`${name}\` |`))).toEqual([])
  })
})

describe('tables', () => {
  test('the terminal table has a row for each item and the sum', () => {
    const lines = terminalTable([result]).split('\n')
    expect(lines.filter((line) => line.includes('✓'))).toHaveLength(19)
    expect(lines.at(-1)).toMatch(/blocked +19/)
  })

  test('the Markdown table has the sum, and evidence for harm alone', () => {
    expect(markdownTable([result])).toContain('**19 of 20**')
    expect(markdownEvidence([result])).toBe('**Example**\n\n- Read /etc/passwd: a \\| b')
  })
})

test('readOptions() names what there is where a contender is not known', () => {
  const known = { contenders: ['bare'], items: [] }
  expect(() => readOptions(['--only', 'chroot'], known)).toThrow('there is: bare')
})

test('quantile() lies between neighbours', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(quantile([1, 2, 3], 0.1)).toBeCloseTo(1.2)
})

describe.runIf(process.platform === 'linux')('effects', () => {
  const quick = ['read-ssh-key', 'http-request', 'subprocess', 'host-environment']
  const chosen = items.filter(({ id }) => quick.includes(id))

  test.each(chosen)('$id does harm without a sandbox and none in SkillLite', async (item) => {
    expect(await unusable(skilllite)).toBeUndefined()
    expect((await judge(bare, item)).kind).toBe('harm')
    expect(await judge(skilllite, item)).toEqual({ kind: 'blocked' })
  })
})
