import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { DiscoverResult } from './discover.js'
import { discoverSkills } from './discover.js'
import { temporaryDirectory } from './fixtures/temporary.js'

const skill = (name: string) => `---\nname: ${name}\ndescription: d\n---\n`
const found = (result: DiscoverResult) => result.skills.map(({ name, scope }) => `${scope}:${name}`)
const codes = (result: DiscoverResult) => result.diagnostics.map(({ code }) => code)

describe('discoverSkills()', () => {
  test('searches no scope that is not given, and is silent about default directories that are missing', () => {
    const empty = temporaryDirectory()
    expect([discoverSkills({}), discoverSkills({ projectDirectory: empty, homeDirectory: empty })]).toEqual([
      { skills: [], shadowed: [], diagnostics: [] },
      { skills: [], shadowed: [], diagnostics: [] },
    ])
  })

  test('takes host paths, then the project, then the user, each in its order', () => {
    const project = temporaryDirectory({
      '.skills/e/SKILL.md': skill('e'),
      'skills/d/SKILL.md': skill('d'),
      '.claude/skills/c/SKILL.md': skill('c'),
      '.agents/skills/b/SKILL.md': skill('b'),
      '.skilllite/skills/a/SKILL.md': skill('a'),
    })
    const home = temporaryDirectory({
      '.claude/skills/y/SKILL.md': skill('y'),
      '.agents/skills/x/SKILL.md': skill('x'),
      'skills/never/SKILL.md': skill('never'),
    })
    const host = temporaryDirectory({ 'z/SKILL.md': skill('z'), 'group/w/SKILL.md': skill('w') })
    const result = discoverSkills({ paths: [host], projectDirectory: project, homeDirectory: home })
    expect({ found: found(result), codes: codes(result) }).toEqual({
      found: [
        'host:z',
        'host:w',
        'project:a',
        'project:b',
        'project:c',
        'project:d',
        'project:e',
        'user:x',
        'user:y',
      ],
      codes: [],
    })
  })

  test('takes a skill directory or its SKILL.md as a host path', () => {
    const directory = temporaryDirectory({ 'a/SKILL.md': skill('a'), 'b/SKILL.md': skill('b') })
    const result = discoverSkills({ paths: [join(directory, 'a'), join(directory, 'b', 'SKILL.md')] })
    expect(found(result)).toEqual(['host:a', 'host:b'])
  })

  test('reports what is shadowed, by precedence', () => {
    const project = temporaryDirectory({
      'skills/a/SKILL.md': skill('same'),
      'skills/b/SKILL.md': skill('same'),
    })
    const home = temporaryDirectory({ '.agents/skills/same/SKILL.md': skill('same') })
    const result = discoverSkills({ projectDirectory: project, homeDirectory: home })
    expect(result.skills.map(({ directory }) => directory)).toEqual([join(project, 'skills/a')])
    expect(result.shadowed.map(({ skill: hidden, by }) => [hidden.directory, by.directory])).toEqual([
      [join(project, 'skills/b'), join(project, 'skills/a')],
      [join(home, '.agents/skills/same'), join(project, 'skills/a')],
    ])
    expect(codes(result).filter((code) => code === 'skill-shadowed')).toHaveLength(2)
  })

  test('does not call a skill its own shadow when two paths lead to it', () => {
    const directory = temporaryDirectory({ 'skills/a/SKILL.md': skill('a') })
    mkdirSync(join(directory, '.claude'))
    symlinkSync('../skills', join(directory, '.claude/skills'))
    const result = discoverSkills({ paths: [join(directory, 'skills')], projectDirectory: directory })
    expect({ found: found(result), shadowed: result.shadowed, codes: codes(result) }).toEqual({
      found: ['host:a'],
      shadowed: [],
      codes: [],
    })
  })

  test('is an error diagnostic for a host path that is missing or a file, and goes on', () => {
    const directory = temporaryDirectory({ 'a/SKILL.md': skill('a'), 'file.txt': '' })
    const result = discoverSkills({
      paths: [join(directory, 'nope'), join(directory, 'file.txt'), directory],
    })
    expect(found(result)).toEqual(['host:a'])
    expect(result.diagnostics).toMatchObject([
      { code: 'path-missing', severity: 'error' },
      { code: 'path-missing', severity: 'error' },
    ])
  })

  test('does not search below a skill, nor in .git and node_modules', () => {
    const directory = temporaryDirectory({
      'a/SKILL.md': skill('a'),
      'a/inner/SKILL.md': skill('inner'),
      '.git/b/SKILL.md': skill('b'),
      'node_modules/c/SKILL.md': skill('c'),
    })
    expect(found(discoverSkills({ paths: [directory] }))).toEqual(['host:a'])
  })

  test('searches 6 levels deep, and says so', () => {
    const directory = temporaryDirectory({
      '1/2/3/4/5/in/SKILL.md': skill('in'),
      '1/2/3/4/5/6/out/SKILL.md': skill('out'),
    })
    const result = discoverSkills({ paths: [directory] })
    expect({ found: found(result), codes: codes(result) }).toEqual({
      found: ['host:in'],
      codes: ['discovery-depth-limit'],
    })
  })

  test.each([
    [
      'a skill',
      (project: string, outside: string) => {
        mkdirSync(join(project, 'skills'))
        symlinkSync(outside, join(project, 'skills/a'))
      },
    ],
    [
      'the skills directory',
      (project: string, outside: string) => symlinkSync(join(outside, '..'), join(project, 'skills')),
    ],
  ])('does not follow a link that makes %s lie outside the project, and says so', (_what, link) => {
    const outside = join(temporaryDirectory({ 'a/SKILL.md': skill('a') }), 'a')
    const project = temporaryDirectory()
    link(project, outside)
    const result = discoverSkills({ projectDirectory: project })
    expect({ found: found(result), codes: codes(result) }).toEqual({
      found: [],
      codes: ['link-outside-scope'],
    })
  })

  test('compares a linked skill with the name of the link', () => {
    const directory = temporaryDirectory({ 'pool/a-v2/SKILL.md': skill('a') })
    mkdirSync(join(directory, 'skills'))
    symlinkSync('../pool/a-v2', join(directory, 'skills/a'))
    const result = discoverSkills({ projectDirectory: directory })
    expect(result.skills.map((one) => one.directory)).toEqual([join(directory, 'pool/a-v2')])
    expect(codes(result)).toEqual([])
  })
})
