import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { skilllite } from './support/command.js'
import { inputSchema, temporaryDirectory, writeSkill } from './support/skills.js'

const skills = temporaryDirectory()
const cache = temporaryDirectory()
const env = { SKILLLITE_SKILLS_DIR: skills, SKILLLITE_CACHE_DIR: cache }

const parser = `import argparse, os
parser = argparse.ArgumentParser(description='Resizes pictures.')
parser.add_argument('input', help='Picture to read')
parser.add_argument('--width', type=int, default=100, help='In pixels')
parser.add_argument('--format', choices=['png', 'jpeg'])
args = parser.parse_args()
print(args.input, args.width, args.format, os.environ.get('RESIZE_KEY'))
`
const resize = writeSkill(skills, 'resize', { 'scripts/main.py': parser })
writeSkill(
  skills,
  'greeter',
  { 'scripts/main.py': 'import json, sys\nprint(json.load(sys.stdin))\n' },
  { frontMatter: inputSchema({ who: { type: 'string' }, times: { type: 'integer' } }, ['who']) },
)
const notes = writeSkill(skills, 'notes', {})

describe('skilllite tools', () => {
  test('prints a table with what each takes, needed arguments first', async () => {
    const { status, stdout, stderr } = await skilllite(['tools'], { env })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^TOOL +ARGUMENTS +DESCRIPTION$/),
      expect.stringMatching(/^greeter +who \[times\] +Test skill greeter\.$/),
      expect.stringMatching(/^resize +input \[width\] \[format\] +Test skill resize\. Resizes pictures\.$/),
      '',
    ])
  })

  test('--format json gives the definitions', async () => {
    const { stdout } = await skilllite(['tools', 'resize', '--format', 'json'], { env })
    const list = JSON.parse(stdout)
    expect(list).toEqual([
      {
        name: 'resize',
        description: 'Test skill resize.\nResizes pictures.',
        skill: 'resize',
        script: 'scripts/main.py',
        inputSchema: {
          type: 'object',
          properties: {
            input: { type: 'string', description: 'Picture to read' },
            width: { type: 'integer', default: 100, description: 'In pixels' },
            format: { type: 'string', enum: ['png', 'jpeg'] },
          },
          required: ['input'],
          additionalProperties: false,
        },
        argvPlan: expect.objectContaining({ kind: 'command-line' }),
      },
    ])
    expect(Object.keys(list[0])).toEqual([
      'name',
      'description',
      'skill',
      'script',
      'inputSchema',
      'argvPlan',
    ])
  })

  test('--format openai gives what a request takes, with --activation also the way to instructions', async () => {
    const { stdout } = await skilllite(['tools', '--format', 'openai', '--activation'], { env })
    const list: { type: string; function: { name: string; parameters: { type: string } } }[] =
      JSON.parse(stdout)
    expect(list.map((tool) => [tool.type, tool.function.name, tool.function.parameters.type])).toEqual([
      ['function', 'activate_skill', 'object'],
      ['function', 'read_skill_file', 'object'],
      ['function', 'greeter', 'object'],
      ['function', 'resize', 'object'],
    ])
  })

  test('takes paths of skills', async () => {
    const { stdout } = await skilllite(['tools', resize, notes, '--format', 'json'], { env })
    expect(JSON.parse(stdout)).toMatchObject([{ name: 'resize' }])
  })

  test.each([
    [['tools', 'resise'], 127, 'Did you mean resize?'],
    [['tools', '/nowhere'], 127, 'No skill at "/nowhere"'],
    [['tools', 'resize', './resize'], 2, 'not both'],
    [['tools', '--format', 'xml'], 2, 'table, json, openai'],
  ])('%j ends with %i and a way on', async (args, status, message) => {
    const result = await skilllite(args, { env })
    expect(result).toMatchObject({ status, stdout: '' })
    expect(result.stderr).toContain(message)
  })

  test('says on stderr that there is none', async () => {
    const result = await skilllite(['tools', 'notes'], { env })
    expect(result).toMatchObject({ status: 0, stdout: '' })
    expect(result.stderr).toContain('no tool found')
  })
})

describe('skilllite run', () => {
  test('types pairs by the schema that was read from the code, and passes them on as flags', async () => {
    const result = await skilllite(['run', 'resize', 'input=a.svg', 'width=20', 'format=png'], { env })
    expect(result).toMatchObject({ status: 0, stdout: 'a.svg 20 png None\n', stderr: '' })
  })

  test('says what it read otherwise than it was given', async () => {
    const result = await skilllite(['run', 'resize', '--input', '{"input": "a.svg", "width": "20"}'], { env })
    expect(result).toMatchObject({
      status: 0,
      stdout: 'a.svg 20 None None\n',
      stderr: 'skilllite: read: width: "20" as 20\n',
    })
  })

  test('says what is wrong with an argument', async () => {
    const result = await skilllite(['run', 'resize', 'input=a.svg', 'format=gif', 'widht=3'], { env })
    expect(result).toMatchObject({ status: 125, stdout: '' })
    expect(result.stderr).toContain(
      [
        'Arguments of resize: 2 problems',
        '- widht is not an argument; did you mean width? (there are input, width, format)',
        '- format must be one of "png", "jpeg", got "gif"',
      ].join('\n'),
    )
  })
})

describe('skilllite show --why', () => {
  test('says of each argument what showed it', async () => {
    const { stdout } = await skilllite(['show', 'resize', '--why'], { env })
    expect(stdout).toContain(
      [
        '  resize  scripts/main.py',
        '    input (string, required): Picture to read',
        '      argparse, scripts/main.py:3',
        '    width (integer): In pixels',
        '      argparse, scripts/main.py:4',
        '    format (string)',
        '      argparse, scripts/main.py:5',
      ].join('\n'),
    )
    expect(stdout).toContain('Environment variables that its code reads\n  RESIZE_KEY\n')
  })

  test('is silent about that without it', async () => {
    const { stdout } = await skilllite(['show', 'resize'], { env })
    expect(stdout).not.toContain('argparse')
  })

  test('--format json gives it as data', async () => {
    const { stdout } = await skilllite(['show', 'greeter', '--why', '--format', 'json'], { env })
    expect(JSON.parse(stdout).why).toEqual([
      {
        tool: 'greeter',
        kind: 'declared',
        needs: [],
        evidence: ['who', 'times'].map((property) => ({
          property,
          kind: 'declared',
          file: 'SKILL.md',
          line: 4,
        })),
      },
    ])
  })
})

describe('.skilllite/schema.json of the project', () => {
  test('corrects a tool, and a list of tools is one', async () => {
    const project = temporaryDirectory()
    const listed = await skilllite(['tools', 'resize', '--format', 'json'], { env })
    writeSkill(project, '.skilllite', {
      'schema.json': listed.stdout
        .replace('"default": 100', '"default": 50')
        .replace('In pixels', 'At most 50'),
    })
    const run = await skilllite(['run', 'resize', 'input=a.svg'], { env, cwd: project })
    const shown = await skilllite(['show', 'resize', '--why'], { env, cwd: project })
    expect(run.stdout).toBe('a.svg 50 None None\n')
    expect(shown.stdout).toContain('width (integer): At most 50\n')
    expect(shown.stdout).toMatch(/declared, .*\.skilllite\/schema\.json:\d+\n/)
  })

  test('is told of where it cannot be used', async () => {
    const project = temporaryDirectory()
    writeSkill(project, '.skilllite', { 'schema.json': '{' })
    const { stderr } = await skilllite(['list'], { env, cwd: project })
    expect(stderr).toContain('warning [schema-file-invalid]')
  })
})

describe('the cache', () => {
  const listTools = async (directory: string) =>
    (await skilllite(['tools', '--format', 'json'], { env: { ...env, SKILLLITE_CACHE_DIR: directory } }))
      .stdout
  const entriesOf = (directory: string): string[] =>
    readdirSync(directory, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.json') && name.startsWith('interfaces-'))
      .map((name) => join(directory, name))

  test('is filled by several processes at once, and serves them all', async () => {
    const directory = temporaryDirectory()
    const cold = await Promise.all(Array.from({ length: 4 }, () => listTools(directory)))
    expect(new Set(cold).size).toBe(1)
    // One for each skill whose code was read, and nothing half written.
    expect(readdirSync(directory, { recursive: true })).toHaveLength(1 + entriesOf(directory).length)
    expect(entriesOf(directory)).toHaveLength(1)
    expect(await listTools(directory)).toBe(cold[0])
  })

  test('does not matter when it is damaged or cannot be written', async () => {
    const directory = temporaryDirectory()
    const expected = await listTools(directory)
    const [entry = ''] = entriesOf(directory)
    truncateSync(entry, readFileSync(entry).length >> 1)
    expect(await listTools(directory)).toBe(expected)
    writeFileSync(entry, 'damaged')
    expect(await listTools(directory)).toBe(expected)
    expect(await listTools('/dev/null/none')).toBe(expected)
  })
})
