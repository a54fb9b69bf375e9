import { cpSync, mkdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporarySkill } from '../skill/fixtures/temporary.js'
import { loadSkill } from '../skill/load.js'
import { interfaceDigest } from './interface-digest.js'

const text = '---\nname: pdf\ndescription: d\n---\nUsage: main.py IN OUT\n'
const files = { 'main.py': 'import sys\nprint(sys.argv[1])\n', 'lib/helper.py': 'X = 1\n', 'notes.md': 'a\n' }

function digestOf(directory: string): string {
  const { skill } = loadSkill(directory, 'host')
  if (skill === undefined) throw new Error('no skill')
  return interfaceDigest(skill)
}

describe('interfaceDigest()', () => {
  const changes: [string, (directory: string) => void][] = [
    ['a script', (directory) => writeFileSync(join(directory, 'main.py'), 'import sys\n')],
    ['a module beside it', (directory) => writeFileSync(join(directory, 'lib/helper.py'), 'X = 2\n')],
    ['a new module', (directory) => writeFileSync(join(directory, 'lib/more.py'), '')],
    [
      'the name of a script',
      (directory) => renameSync(join(directory, 'main.py'), join(directory, 'new.py')),
    ],
    ['the instructions', (directory) => writeFileSync(join(directory, 'SKILL.md'), `${text}More.\n`)],
    [
      'what is declared',
      (directory) =>
        writeFileSync(join(directory, 'SKILL.md'), text.replace('\n---\n', '\nentry_point: main.py\n---\n')),
    ],
    [
      'where one script ends and the next begins',
      (directory) => {
        writeFileSync(join(directory, 'lib/helper.py'), '')
        writeFileSync(join(directory, 'main.py'), `X = 1\n${files['main.py']}`)
      },
    ],
  ]
  test.each(changes)('changes with %s', (_what, change) => {
    const directory = temporarySkill('pdf', text, files)
    const before = digestOf(directory)
    change(directory)
    expect(digestOf(directory)).not.toBe(before)
  })

  const others: [string, (directory: string) => string][] = [
    [
      'the place',
      (directory) => {
        const copy = join(dirname(directory), 'elsewhere', basename(directory))
        mkdirSync(dirname(copy))
        cpSync(directory, copy, { recursive: true })
        return copy
      },
    ],
    [
      'the time',
      (directory) => {
        utimesSync(join(directory, 'main.py'), 0, 0)
        return directory
      },
    ],
    [
      'other files',
      (directory) => {
        writeFileSync(join(directory, 'notes.md'), 'b\n')
        return directory
      },
    ],
  ]
  test.each(others)('does not change with %s', (_what, change) => {
    const directory = temporarySkill('pdf', text, files)
    const before = digestOf(directory)
    expect(digestOf(change(directory))).toBe(before)
  })
})
