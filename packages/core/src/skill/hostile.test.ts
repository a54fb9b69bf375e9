import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { discoverSkills } from './discover.js'
import { temporaryDirectory, temporarySkill, withoutRoot, writeFiles } from './fixtures/temporary.js'
import { loadSkill } from './load.js'
import { validateSkill } from './validate.js'

const valid = '---\nname: my-skill\ndescription: d\n---\nbody\n'
const inFront = (yaml: string) => `---\nname: my-skill\ndescription: d\n${yaml}\n---\nbody\n`

/** Loads and validates, and gives the codes of both; every attack must end so, and soon. */
function meet(directory: string): { loaded: boolean; codes: string[]; errors: string[] } {
  const start = performance.now()
  const { skill, diagnostics } = loadSkill(directory, 'project')
  const errors = validateSkill(directory)
  expect(performance.now() - start).toBeLessThan(3_000)
  return { loaded: skill !== undefined, codes: diagnostics.map(({ code }) => code), errors }
}

describe('a hostile SKILL.md is an error, in bounded time', () => {
  test.each([
    [
      'an engine',
      '---js\n(globalThis.ran = 1, {name: "my-skill", description: "d"})\n---\n',
      'front-matter-missing',
    ],
    ['an engine by its long name', '---javascript\nglobalThis.ran = 1\n---\n', 'front-matter-missing'],
    ['an engine after a space', '--- js\nglobalThis.ran = 1\n---\n', 'front-matter-missing'],
    ['a function tag', inFront('x: !!js/function "globalThis.ran = 1"'), 'yaml-invalid'],
    ['an alias', inFront('a: &a x\nb: *a'), 'yaml-invalid'],
    [
      'an alias bomb',
      inFront(
        `a: &a [x,x]\n${[...'bcdefghijklmnop'].map((k, n) => `${k}: &${k} [*${'abcdefghijklmno'[n]},*${'abcdefghijklmno'[n]}]`).join('\n')}`,
      ),
      'yaml-invalid',
    ],
    ['duplicate keys', inFront('name: other'), 'yaml-invalid'],
    ['deep brackets', inFront(`a: ${'['.repeat(30_000)}`), 'yaml-invalid'],
    ['deep items', inFront('- '.repeat(15_000)), 'yaml-invalid'],
    [
      'deep mappings',
      inFront(Array.from({ length: 240 }, (_, n) => `${' '.repeat(n)}a:`).join('\n')),
      'yaml-invalid',
    ],
    ['endless front matter', inFront('a: b\n'.repeat(100_000)), 'yaml-invalid'],
    ['NUL in the front matter', inFront('a: b\0c'), 'yaml-invalid'],
    ['only NUL', '\0'.repeat(100_000), 'front-matter-missing'],
    ['UTF-16', Buffer.from(`\ufeff${valid}`, 'utf16le'), 'front-matter-missing'],
    ['no end of the front matter', `---\n${'---x\n'.repeat(150_000)}`, 'front-matter-unclosed'],
    ['a fence of a megabyte', `---${' '.repeat(1_000_000)}x\n`, 'front-matter-missing'],
    ['nothing', '', 'front-matter-missing'],
  ])('%s', (_what, text, code) => {
    const { loaded, codes, errors } = meet(temporarySkill('my-skill', text))
    expect(loaded).toBe(false)
    expect(codes.at(-1)).toBe(code)
    expect(errors).toHaveLength(1)
    expect('ran' in globalThis).toBe(false)
  })

  test('10 MiB', () => {
    const directory = temporarySkill('my-skill', valid + 'x'.repeat(10 * 1_048_576))
    expect(meet(directory)).toEqual({
      loaded: false,
      codes: ['file-too-large'],
      errors: ['SKILL.md exceeds 1048576 byte limit'],
    })
  })

  test('a sparse terabyte costs no memory', () => {
    const directory = temporarySkill('my-skill', valid)
    truncateSync(join(directory, 'SKILL.md'), 2 ** 40)
    const before = process.memoryUsage().rss
    expect(meet(directory).codes).toEqual(['file-too-large'])
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1_048_576)
  })

  test.each([
    ['a FIFO', (file: string) => execFileSync('mkfifo', [file])],
    ['a directory', (file: string) => mkdirSync(file)],
    ['a link to a device', (file: string) => symlinkSync('/dev/zero', file)],
    ['a link out of the skill', (file: string) => symlinkSync('/etc/passwd', file)],
    ['a link to itself', (file: string) => symlinkSync('SKILL.md', file)],
    ['a link to nothing', (file: string) => symlinkSync('nowhere', file)],
  ])('%s named SKILL.md', (_what, make) => {
    const directory = temporarySkill('my-skill', valid)
    rmSync(join(directory, 'SKILL.md'))
    make(join(directory, 'SKILL.md'))
    const { loaded, codes, errors } = meet(directory)
    expect(loaded).toBe(false)
    expect(codes).toHaveLength(1)
    expect(codes[0]).toMatch(/^(?:not-a-file|file-outside-skill|file-missing)$/)
    expect(errors).toHaveLength(1)
  })

  test('a socket named SKILL.md', async () => {
    const directory = temporaryDirectory()
    const server = createServer()
    await new Promise<void>((done) => server.listen(join(directory, 'SKILL.md'), done))
    expect(meet(directory).codes).toEqual(['not-a-file'])
    await new Promise((done) => server.close(done))
  })

  test('a SKILL.md without read permission', () => {
    const directory = temporarySkill('my-skill', valid)
    chmodSync(join(directory, '..'), 0o755)
    chmodSync(join(directory, 'SKILL.md'), 0)
    expect(withoutRoot(() => meet(directory))).toEqual({
      loaded: false,
      codes: ['file-unreadable'],
      errors: ['SKILL.md cannot be read'],
    })
  })

  test('a directory without any permission', () => {
    const directory = temporarySkill('my-skill', valid)
    chmodSync(directory, 0)
    expect(withoutRoot(() => meet(directory)).loaded).toBe(false)
  })
})

describe('an odd SKILL.md is loaded, with a diagnostic', () => {
  test.each([
    ['a byte order mark', `\ufeff${valid}`, ['byte-order-mark']],
    [
      'text that is not UTF-8',
      Buffer.concat([Buffer.from(valid), Buffer.from([0xe9, 0xff])]),
      ['encoding-invalid'],
    ],
    ['NUL in the body', `${valid}\0`, ['control-character']],
    ['CRLF', valid.replaceAll('\n', '\r\n'), []],
    ['CR', valid.replaceAll('\n', '\r'), []],
    [
      '__proto__ at every level',
      inFront('__proto__:\n  a: b\nmetadata:\n  __proto__: x\n  constructor: y'),
      [],
    ],
    ['fences in the body', `${valid}---\nname: other\n---\n`, []],
  ])('%s', (_what, text, codes) => {
    const { skill, diagnostics } = loadSkill(temporarySkill('my-skill', text), 'host')
    expect(skill).toMatchObject({ name: 'my-skill', description: 'd' })
    expect(skill?.body).toMatch(/^body/)
    expect(diagnostics.map(({ code }) => code)).toEqual(codes)
    expect(Reflect.get({}, 'a')).toBeUndefined()
  })

  test('a link that stays inside the skill', () => {
    const directory = temporarySkill('my-skill', valid, { 'docs/real.md': valid })
    rmSync(join(directory, 'SKILL.md'))
    symlinkSync('docs/real.md', join(directory, 'SKILL.md'))
    expect(meet(directory)).toEqual({ loaded: true, codes: [], errors: [] })
  })
})

describe('a hostile directory', () => {
  test('with links in a circle ends, and its skill is found once', () => {
    const root = temporaryDirectory({ 'a/my-skill/SKILL.md': valid })
    symlinkSync('..', join(root, 'a', 'up'))
    symlinkSync('.', join(root, 'a', 'here'))
    symlinkSync('../a', join(root, 'a', 'again'))
    const { skills, shadowed, diagnostics } = discoverSkills({ paths: [root] })
    expect({ names: skills.map(({ name }) => name), shadowed, diagnostics }).toEqual({
      names: ['my-skill'],
      shadowed: [],
      diagnostics: [],
    })
  })

  test('does not hide the good skill beside bad ones', () => {
    const root = temporaryDirectory({
      'a/SKILL.md': '---js\n---\n',
      'b/SKILL.md': Buffer.from([0xff, 0xfe]),
      'good/SKILL.md': '---\nname: good\ndescription: d\n---\n',
      'z/SKILL.md/nested': 'x',
    })
    mkdirSync(join(root, 'locked'), { mode: 0 })
    execFileSync('mkfifo', [join(root, 'pipe')])
    const { skills, diagnostics } = withoutRoot(() => {
      const result = discoverSkills({ paths: [root] })
      return { skills: result.skills, diagnostics: result.diagnostics }
    })
    expect(skills.map(({ name }) => name)).toEqual(['good'])
    expect(diagnostics.map(({ code }) => code).sort()).toEqual([
      'directory-unreadable',
      'encoding-invalid',
      'front-matter-missing',
      'front-matter-missing',
      'not-a-file',
    ])
  })

  test('with 3,000 directories is searched to the bound, and says so', () => {
    const root = temporaryDirectory()
    for (let n = 0; n < 3_000; n++) mkdirSync(join(root, `d${n}`))
    writeFiles(root, { 'zz/SKILL.md': valid })
    const { skills, diagnostics } = discoverSkills({ paths: [root] })
    expect(skills).toEqual([])
    expect(diagnostics).toMatchObject([{ code: 'discovery-limit', severity: 'warning', path: root }])
  })

  test('with 3,000 files is listed to the bound, and says so', () => {
    const directory = temporarySkill('my-skill', valid)
    for (let n = 0; n < 3_000; n++) writeFileSync(join(directory, `f${n}.txt`), '')
    const { skill, diagnostics } = loadSkill(directory, 'host')
    expect(skill?.resources.length).toBe(1_999)
    expect(diagnostics.map(({ code }) => code)).toEqual(['resources-limit'])
  })

  test('with 1,000 FIFOs does not flood the diagnostics', () => {
    const directory = temporarySkill('my-skill', valid)
    execFileSync(
      'mkfifo',
      Array.from({ length: 1_000 }, (_, n) => join(directory, `p${n}`)),
    )
    expect(loadSkill(directory, 'host').diagnostics.length).toBe(50)
  })
})
