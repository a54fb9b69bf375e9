import { mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { availableSkillsBlock } from './catalog.js'
import { temporaryDirectory, temporarySkill, writeFiles } from './fixtures/temporary.js'
import { parseFrontMatter } from './front-matter.js'
import { loadSkill } from './load.js'
import { findSkillFile } from './skill-file.js'
import type { SkillInfo } from './skill-info.js'
import { validateSkill } from './validate.js'

// The 40 tests of the reference library (skills-ref 0.1.0), in its order.

const plain = (front: string, body = '# My Skill\n') => `---\n${front}\n---\n${body}`

function load(directory: string): SkillInfo {
  const { skill, diagnostics } = loadSkill(directory, 'host')
  if (!skill) throw new Error(JSON.stringify(diagnostics))
  return skill
}

describe('the parser, as the reference library', () => {
  test('1 reads front matter and body', () => {
    const parsed = parseFrontMatter(plain('name: my-skill\ndescription: A test skill'))
    expect({ ...parsed.data }).toEqual({ name: 'my-skill', description: 'A test skill' })
    expect(parsed.body).toBe('# My Skill')
  })
  test.each([
    ['2 missing front matter', '# No frontmatter here', 'must start with YAML frontmatter'],
    ['3 unclosed front matter', '---\nname: my-skill\ndescription: A test skill\n', 'not properly closed'],
    ['4 invalid YAML', plain('name: [invalid'), 'Invalid YAML'],
    ['5 a list as front matter', plain('- just\n- a\n- list'), 'must be a YAML mapping'],
  ])('%s is an error', (_what, text, message) => {
    expect(() => parseFrontMatter(text)).toThrow(message)
  })
  test('6 reads a valid skill', () => {
    const skill = load(
      temporarySkill('my-skill', plain('name: my-skill\ndescription: A test skill\nlicense: MIT')),
    )
    expect(skill).toMatchObject({
      name: 'my-skill',
      description: 'A test skill',
      license: 'MIT',
      diagnostics: [],
    })
  })
  test('7 keeps metadata values as strings', () => {
    const front = 'name: my-skill\ndescription: d\nmetadata:\n  author: Test Author\n  version: 1.0'
    expect({ ...load(temporarySkill('my-skill', plain(front))).metadata }).toEqual({
      author: 'Test Author',
      version: '1.0',
    })
  })
  test('8 a missing SKILL.md is an error', () => {
    const { skill, diagnostics } = loadSkill(temporaryDirectory(), 'host')
    expect(skill).toBeUndefined()
    expect(diagnostics).toMatchObject([{ code: 'file-missing', severity: 'error' }])
  })
  test.each([
    ['9', 'description: A test skill', 'Missing required field in frontmatter: name'],
    ['10', 'name: my-skill', 'Missing required field in frontmatter: description'],
  ])('%s a missing required field is an error', (_number, front, message) => {
    expect(validateSkill(temporarySkill('my-skill', plain(front)))).toEqual([message])
  })
  test('11 prefers SKILL.md to skill.md', () => {
    const directory = temporaryDirectory({ 'SKILL.md': 'upper', 'skill.md': 'lower' })
    expect(findSkillFile(directory)).toBe(join(directory, 'SKILL.md'))
  })
  test('12 accepts skill.md', () => {
    const directory = temporaryDirectory({ 'skill.md': 'lower' })
    expect(basename(findSkillFile(directory) ?? '')).toBe('skill.md')
  })
  test('13 finds nothing where there is nothing', () => {
    expect(findSkillFile(temporaryDirectory({ 'Skill.md': 'neither' }))).toBeUndefined()
  })
  test('14 reads a skill from skill.md', () => {
    const directory = join(temporaryDirectory(), 'my-skill')
    mkdirSync(directory)
    writeFiles(directory, { 'skill.md': plain('name: my-skill\ndescription: d') })
    expect(load(directory).file).toBe(join(directory, 'skill.md'))
    expect(validateSkill(directory)).toEqual([])
  })
  test('15 reads allowed-tools', () => {
    const front = 'name: my-skill\ndescription: d\nallowed-tools: Bash(jq:*) Bash(git:*)'
    expect(load(temporarySkill('my-skill', plain(front))).allowedTools).toBe('Bash(jq:*) Bash(git:*)')
  })
})

describe('the catalog, as the reference library', () => {
  const text = (...skills: SkillInfo[]) => availableSkillsBlock(skills).text
  const skill = (name: string, description: string) =>
    load(temporarySkill(name, plain(`name: ${name}\ndescription: ${description}`)))

  test('16 is empty without skills', () => {
    expect(text()).toBe('<available_skills>\n</available_skills>')
  })
  test('17 has one tag a line', () => {
    const one = skill('my-skill', 'A test skill')
    expect(text(one)).toBe(
      [
        '<available_skills>\n<skill>\n<name>\nmy-skill\n</name>\n<description>\nA test skill\n</description>',
        `<location>\n${one.directory}/SKILL.md\n</location>\n</skill>\n</available_skills>`,
      ].join('\n'),
    )
  })
  test('18 has every skill', () => {
    const both = text(skill('skill-a', 'First'), skill('skill-b', 'Second'))
    expect(both.match(/<skill>/g)).toHaveLength(2)
    expect(both.match(/<\/skill>/g)).toHaveLength(2)
    expect(both).toContain('skill-a')
    expect(both).toContain('skill-b')
  })
  test('19 escapes markup, quotes too', () => {
    const escaped = text(skill('my-skill', `Use <foo> & <bar> "tags" of one's own`))
    expect(escaped).toContain('Use &lt;foo&gt; &amp; &lt;bar&gt; &quot;tags&quot; of one&#x27;s own')
  })
})

describe('validateSkill(), as the reference library', () => {
  const description = 'description: A test skill'
  const check = (name: string, front: string, directory = name) =>
    validateSkill(temporarySkill(directory, plain(`name: ${name}\n${front}`)))

  test('20 accepts a valid skill', () => {
    expect(check('my-skill', description)).toEqual([])
  })
  test('21 reports a path that does not exist', () => {
    const path = join(temporaryDirectory(), 'nope')
    expect(validateSkill(path)).toEqual([`Path does not exist: ${path}`])
  })
  test('22 reports a path that is no directory', () => {
    const path = join(temporaryDirectory({ 'file.txt': 'x' }), 'file.txt')
    expect(validateSkill(path)).toEqual([`Not a directory: ${path}`])
  })
  test('23 reports a missing SKILL.md', () => {
    expect(validateSkill(temporaryDirectory())).toEqual(['Missing required file: SKILL.md'])
  })
  test.each([
    ['24', 'MySkill', "Skill name 'MySkill' must be lowercase"],
    ['25', 'a'.repeat(70), `Skill name '${'a'.repeat(70)}' exceeds 64 character limit (70 chars)`],
    ['26', '-my-skill', 'Skill name cannot start or end with a hyphen'],
    ['27', 'my--skill', 'Skill name cannot contain consecutive hyphens'],
    [
      '28',
      'my_skill',
      "Skill name 'my_skill' contains invalid characters. Only letters, digits, and hyphens are allowed.",
    ],
    ['36', 'НАВЫК', "Skill name 'НАВЫК' must be lowercase"],
  ])('%s reports the name %s', (_number, name, message) => {
    expect(check(name, description)).toEqual([message])
  })
  test('29 reports a name that is not the directory', () => {
    expect(check('correct-name', description, 'wrong-name')).toEqual([
      "Directory name 'wrong-name' must match skill name 'correct-name'",
    ])
  })
  test('30 reports unknown fields', () => {
    expect(check('my-skill', `${description}\nunknown_field: x\nauthor: y`)).toEqual([
      'Unexpected fields in frontmatter: author, unknown_field. Only allowed-tools, compatibility, description, license, metadata, name are allowed.',
    ])
  })
  test.each([
    ['31 license and metadata', `${description}\nlicense: MIT\nmetadata:\n  author: Test`],
    ['32 allowed-tools', `${description}\nallowed-tools: Bash(jq:*) Bash(git:*)`],
    ['38 compatibility', `${description}\ncompatibility: Requires Python 3.11+`],
  ])('%s are accepted', (_what, front) => {
    expect(check('my-skill', front)).toEqual([])
  })
  test.each([
    ['33', '技能'],
    ['34', 'мой-навык'],
    ['35', 'навык'],
  ])('%s accepts the name %s', (_number, name) => {
    expect(check(name, description)).toEqual([])
  })
  test.each([
    [
      '37',
      'my-skill',
      `description: ${'x'.repeat(1_100)}`,
      'Description exceeds 1024 character limit (1100 chars)',
    ],
    [
      '39',
      'my-skill',
      `${description}\ncompatibility: ${'x'.repeat(550)}`,
      'Compatibility exceeds 500 character limit (550 chars)',
    ],
  ])('%s reports a text that is too long', (_number, name, front, message) => {
    expect(check(name, front)).toEqual([message])
  })
  test('40 compares names composed', () => {
    expect(check('cafe\u0301', description, 'caf\u00e9')).toEqual([])
    expect(check('caf\u00e9', description, 'cafe\u0301')).toEqual([])
  })

  test('accumulates every error in the order of the reference', () => {
    const front = `zeta: 1\ncompatibility:\n  - x\ndescription: ${'x'.repeat(1_025)}`
    expect(check('-My__Skill--', front, 'other')).toEqual([
      'Unexpected fields in frontmatter: zeta. Only allowed-tools, compatibility, description, license, metadata, name are allowed.',
      "Skill name '-My__Skill--' must be lowercase",
      'Skill name cannot start or end with a hyphen',
      'Skill name cannot contain consecutive hyphens',
      "Skill name '-My__Skill--' contains invalid characters. Only letters, digits, and hyphens are allowed.",
      "Directory name 'other' must match skill name '-My__Skill--'",
      'Description exceeds 1024 character limit (1025 chars)',
      "Field 'compatibility' must be a string",
    ])
  })
  test.each([
    ['name:\ndescription: d', "Field 'name' must be a non-empty string"],
    ['name: "  "\ndescription: d', "Field 'name' must be a non-empty string"],
    ['name:\n  a: b\ndescription: d', "Field 'name' must be a non-empty string"],
    ['name: my-skill\ndescription: " "', "Field 'description' must be a non-empty string"],
  ])('reports %j', (front, message) => {
    expect(validateSkill(temporarySkill('my-skill', plain(front)))).toEqual([message])
  })
  test('counts characters, not code units', () => {
    expect(check('my-skill', `description: ${'😀'.repeat(1_024)}`)).toEqual([])
    expect(check('my-skill', `description: ${'😀'.repeat(1_025)}`)).toEqual([
      'Description exceeds 1024 character limit (1025 chars)',
    ])
  })
  test('accepts the path of the SKILL.md itself', () => {
    const directory = temporarySkill('my-skill', plain('name: my-skill\ndescription: d'))
    expect(validateSkill(join(directory, 'SKILL.md'))).toEqual([])
  })
})
