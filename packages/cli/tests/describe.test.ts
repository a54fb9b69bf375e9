import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { onTerminal, skilllite } from './support/command.js'
import { inputSchema, temporaryDirectory, writeSkill } from './support/skills.js'

const skills = temporaryDirectory()
const env = { SKILLLITE_SKILLS_DIR: skills }

const greeter = writeSkill(
  skills,
  'greeter',
  { 'scripts/main.py': 'print("hello")\n', 'references/notes.md': '# Notes\n' },
  {
    frontMatter: `license: MIT\nnetwork:\n  - api.example.org\ndependencies:\n  - requests\n${inputSchema({ who: { type: 'string', description: 'Whom to greet' } }, ['who'])}`,
  },
)
const valid = writeSkill(skills, 'plain', {})
const nameless = writeSkill(skills, 'broken', { 'SKILL.md': '---\nname: broken\n---\n' })
const misnamed = writeSkill(skills, 'misnamed', {
  'SKILL.md': '---\nname: other\ndescription: Has another name.\n---\n',
})

describe('skilllite list', () => {
  test('shows every skill on stdout and what is wrong on stderr, with a hint', async () => {
    const { status, stdout, stderr } = await skilllite(['list'], { env })
    expect(status).toBe(0)
    expect(stdout).toMatch(/^NAME +TOOLS +FROM +DESCRIPTION\n/)
    expect(stdout).toMatch(/^greeter +1 +host +Test skill greeter\.$/m)
    expect(stdout).not.toContain('broken')
    expect(stderr).toMatch(new RegExp(`^error \\[[a-z-]+\\] ${nameless}.*description`, 'm'))
    expect(stderr).toMatch(new RegExp(`^warning \\[name-mismatch\\] ${misnamed}`, 'm'))
  })

  test('--format json gives skills and diagnostics', async () => {
    const { stdout, stderr } = await skilllite(['list', '--format', 'json'], { env })
    expect(stderr).toBe('')
    const { skills: list, diagnostics } = JSON.parse(stdout)
    expect(list).toContainEqual({
      name: 'greeter',
      description: 'Test skill greeter.',
      directory: greeter,
      scope: 'host',
      tools: ['greeter'],
    })
    expect(diagnostics).toContainEqual(
      expect.objectContaining({ code: 'name-mismatch', severity: 'warning' }),
    )
  })

  test('reports a shadowed skill', async () => {
    const second = temporaryDirectory()
    const shadowed = writeSkill(second, 'plain', {})
    const { stderr } = await skilllite(['list', '--skills-dir', skills, '--skills-dir', second])
    expect(stderr).toContain(shadowed)
  })

  test('with no skill says so on stderr, and prints nothing', async () => {
    const empty = temporaryDirectory()
    const result = await skilllite(['list', '--skills-dir', empty])
    expect(result).toMatchObject({ status: 0, stdout: '' })
    expect(result.stderr).toContain('no skill found')
  })

  test('colours a terminal only, and not where NO_COLOR is set', async () => {
    const coloured = await onTerminal(['list'], { env: { ...env, TERM: 'xterm' } })
    const plain = await onTerminal(['list'], { env: { ...env, TERM: 'xterm', NO_COLOR: '1' } })
    expect(coloured.stdout).toContain('\u001b[1mNAME')
    expect(plain.stdout).not.toContain('\u001b')
  })
})

describe('skilllite show', () => {
  test('shows metadata, tools and requests', async () => {
    const { status, stdout } = await skilllite(['show', 'greeter'], { env })
    expect(status).toBe(0)
    expect(stdout).toContain(`Directory:     ${greeter}\n`)
    expect(stdout).toContain('License:       MIT\n')
    expect(stdout).toContain('greeter  scripts/main.py\n')
    expect(stdout).toContain('who (string, required): Whom to greet\n')
    expect(stdout).toContain('network: api.example.org\n')
    expect(stdout).toContain(
      'scripts/main.py: requests (not installed; declared in the dependencies of SKILL.md)\n',
    )
    expect(stdout).toContain('references/notes.md\n')
  })

  test('--format json gives the same as data', async () => {
    const { stdout } = await skilllite(['show', 'greeter', '--format', 'json'], { env })
    expect(JSON.parse(stdout)).toMatchObject({
      name: 'greeter',
      license: 'MIT',
      directory: greeter,
      runtime: { network: ['api.example.org'], dependencies: ['requests'] },
      tools: [{ name: 'greeter', skill: 'greeter', script: 'scripts/main.py' }],
      diagnostics: [],
    })
  })

  test('an unknown skill: exit 127 and the nearest name', async () => {
    const result = await skilllite(['show', 'greetr'], { env })
    expect(result).toMatchObject({ status: 127, stdout: '' })
    expect(result.stderr).toContain('Did you mean greeter?')
  })

  test('a skill that could not be loaded: exit 127 and why', async () => {
    const result = await skilllite(['show', 'broken'], { env })
    expect(result.status).toBe(127)
    expect(result.stderr).toContain('could not be loaded')
  })
})

describe('skilllite validate', () => {
  test('a valid skill: its path on stdout, exit 0', async () => {
    expect(await skilllite(['validate', valid])).toEqual({
      status: 0,
      signal: null,
      stdout: `Valid skill: ${valid}\n`,
      stderr: '',
    })
  })

  test('invalid ones among several: errors on stderr, exit 1', async () => {
    const result = await skilllite(['validate', valid, nameless, join(misnamed, 'SKILL.md')])
    expect(result).toEqual({
      status: 1,
      signal: null,
      stdout: `Valid skill: ${valid}\n`,
      stderr:
        `Validation failed for ${nameless}:\n  - Missing required field in frontmatter: description\n` +
        `Validation failed for ${misnamed}:\n  - Directory name 'misnamed' must match skill name 'other'\n`,
    })
  })

  test('--format json gives every path with its errors', async () => {
    const { status, stdout } = await skilllite(['validate', valid, '/nonexistent', '--format', 'json'])
    expect(status).toBe(1)
    expect(JSON.parse(stdout)).toEqual([
      { path: valid, valid: true, errors: [] },
      { path: '/nonexistent', valid: false, errors: ['Path does not exist: /nonexistent'] },
    ])
  })
})

describe('skilllite prompt', () => {
  test('prints the block of the skills named', async () => {
    const { status, stdout } = await skilllite(['prompt', 'plain'], { env })
    expect(status).toBe(0)
    expect(stdout).toMatch(/^<available_skills>\n[\s\S]*<\/available_skills>\n$/)
    expect(stdout).toContain('plain')
    expect(stdout).not.toContain('greeter')
  })

  test('without a name, of all', async () => {
    const { stdout } = await skilllite(['prompt'], { env })
    expect(stdout.match(/<skill>/g)).toHaveLength(3)
  })

  test('--format json gives the skills and the block', async () => {
    const { stdout } = await skilllite(['prompt', 'plain', '--format', 'json'], { env })
    expect(JSON.parse(stdout)).toEqual({
      skills: [{ name: 'plain', description: 'Test skill plain.', location: join(valid, 'SKILL.md') }],
      prompt: expect.stringContaining('<available_skills>'),
    })
  })
})

describe('skilllite policy', () => {
  test('prints every rule with its reason', async () => {
    const { status, stdout } = await skilllite(
      ['policy', 'greeter', '--allow-program', '/bin/ls', '--allow-read', skills],
      { env },
    )
    expect(status).toBe(0)
    expect(stdout).toMatch(/^programs +start \/.*\/ls +granted by the host +--allow-program$/m)
    expect(stdout).toMatch(new RegExp(`^files +read ${skills} +granted by the host +--allow-read$`, 'm'))
    expect(stdout).toMatch(/^limits +wallMs 30000 .* default +default$/m)
  })

  test('--timeout stands before EXECUTION_TIMEOUT, which stands before the default', async () => {
    const wall = async (...args: string[]) => {
      const { stdout } = await skilllite(['policy', 'greeter', '--format', 'json', ...args], {
        env: { ...env, EXECUTION_TIMEOUT: '7', MAX_MEMORY_MB: '64' },
      })
      return JSON.parse(stdout).policy.limits
    }
    expect(await wall()).toMatchObject({ wallMs: 7000, memoryBytes: 64 * 1024 * 1024 })
    expect(await wall('--timeout', '2.5')).toMatchObject({ wallMs: 2500 })
  })

  test.each([
    ['true', ['api.example.org']],
    ['a.example b.example:8443', ['a.example', 'b.example:8443']],
  ])('ALLOW_NETWORK=%s grants %j', async (value, hosts) => {
    const { stdout } = await skilllite(['policy', 'greeter', '--format', 'json'], {
      env: { ...env, ALLOW_NETWORK: value },
    })
    expect(JSON.parse(stdout).policy.hosts).toEqual(hosts)
  })

  test('--allow-host is refused where it is no host, with what it may be', async () => {
    const result = await skilllite(['policy', 'greeter', '--allow-host', 'https://example.org/x'], { env })
    expect(result).toMatchObject({ status: 125, stdout: '' })
    expect(result.stderr).toBe(
      'skilllite: --allow-host cannot hold "https://example.org/x": it is more than a host\n' +
        '  Give host, *.host, host:port, or * for every public host; no https:// and no path.\n',
    )
  })

  test.each(['false', '0', ''])('ALLOW_NETWORK=%s grants nothing', async (value) => {
    const { stdout } = await skilllite(['policy', 'greeter', '--format', 'json'], {
      env: { ...env, ALLOW_NETWORK: value },
    })
    expect(JSON.parse(stdout).policy.hosts).toEqual([])
  })

  test('names the backend that would enforce it, layer by layer, and none at level 1', async () => {
    const enforcedBy = async (...args: string[]) => {
      const { stdout } = await skilllite(['policy', 'greeter', '--format', 'json', ...args], { env })
      return JSON.parse(stdout).enforcedBy
    }
    const landlock = await enforcedBy('--backend', 'landlock')
    expect(landlock).toMatchObject({ name: 'landlock', usable: expect.any(Boolean) })
    expect(landlock.layers).toContainEqual(expect.objectContaining({ name: 'seccomp', on: true }))
    expect(landlock.weaker).not.toEqual([])
    expect(await enforcedBy('--level', '1')).toBeNull()
    const { stdout } = await skilllite(['policy', 'greeter', '--backend', 'landlock'], { env })
    expect(stdout).toMatch(/^limits .*\n\nBackend landlock: .*usable\n {2}o(n|ff) /m)
  })

  test('does not print the values of variables', async () => {
    const args = ['policy', 'greeter', '--env', 'API_KEY=secret']
    const text = await skilllite(args, { env })
    const json = await skilllite([...args, '--format', 'json'], { env })
    expect(text.stdout).toContain('API_KEY=…')
    expect(json.stdout).toContain('"API_KEY": "…"')
    expect(text.stdout + json.stdout).not.toContain('secret')
  })
})
