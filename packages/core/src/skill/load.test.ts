import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { temporarySkill } from './fixtures/temporary.js'
import { loadSkill } from './load.js'
import type { SkillInfo } from './skill-info.js'

function load(text: string, files: Record<string, string> = {}, name = 'my-skill'): SkillInfo {
  const { skill, diagnostics } = loadSkill(temporarySkill(name, text, files), 'project')
  if (!skill) throw new Error(JSON.stringify(diagnostics))
  return skill
}
const codes = (skill: SkillInfo) =>
  skill.diagnostics.map(({ code, line }) => (line ? `${code}:${line}` : code))
const document = (front: string, body = '') => `---\n${front}\n---\n${body}`
const named = 'name: my-skill\ndescription: d\n'

describe('loadSkill()', () => {
  test('gives the whole skill', () => {
    const directory = temporarySkill('my-skill', document(`${named}color: red`, '\n# Body\n'), {
      'scripts/a.py': 'print(1)',
      'references/r.md': 'x',
    })
    const { skill } = loadSkill(directory, 'user')
    expect({ ...skill, scripts: skill?.scripts.map((script) => ({ ...script })) }).toEqual({
      name: 'my-skill',
      description: 'd',
      directory,
      file: `${directory}/SKILL.md`,
      body: '# Body',
      runtime: {},
      extra: Object.assign(Object.create(null), { color: 'red' }),
      scripts: [{ path: 'scripts/a.py', language: 'python', runnable: true }],
      resources: ['references/r.md'],
      diagnostics: [],
      scope: 'user',
    })
  })

  test.each([
    ['a name that is not the directory', 'name: other\ndescription: d', 'other', ['name-mismatch:2']],
    [
      'a name that is too long',
      `name: ${'a'.repeat(70)}\ndescription: d`,
      'a'.repeat(70),
      ['name-invalid:2', 'name-mismatch:2'],
    ],
    ['no name', 'description: d', 'my-skill', ['name-missing']],
    ['a name that is a list', 'description: d\nname: [a]', 'my-skill', ['name-missing:3']],
    [
      'a description that is too long',
      `name: my-skill\ndescription: ${'x'.repeat(1_100)}`,
      'my-skill',
      ['description-too-long:3'],
    ],
    [
      'a compatibility that is too long',
      `${named}compatibility: ${'x'.repeat(501)}`,
      'my-skill',
      ['compatibility-too-long:4'],
    ],
    ['a list of allowed tools', `${named}allowed-tools: [Read, Bash]`, 'my-skill', ['allowed-tools-list:4']],
    ['a license that is a mapping', `${named}license: {a: b}`, 'my-skill', ['field-invalid:4']],
    ['metadata that is text', `${named}metadata: x`, 'my-skill', ['field-invalid:4']],
    ['unknown fields', `${named}author: me`, 'my-skill', []],
  ])('takes %s, with a diagnostic', (_what, front, name, expected) => {
    const skill = load(document(front))
    expect({ name: skill.name, codes: codes(skill) }).toEqual({ name, codes: expected })
  })

  test.each([
    ['missing', 'name: my-skill'],
    ['empty', 'name: my-skill\ndescription:'],
    ['blank', 'name: my-skill\ndescription: "  "'],
    ['a list', 'name: my-skill\ndescription: [a]'],
  ])('does not take a skill whose description is %s', (_what, front) => {
    const { skill, diagnostics } = loadSkill(temporarySkill('my-skill', document(front)), 'host')
    expect(skill).toBeUndefined()
    expect(diagnostics).toMatchObject([{ code: 'description-missing', severity: 'error' }])
  })

  test.each([
    ['Use when: asked', 'Use when: asked'],
    ['It\'s for: "this" # and that', 'It\'s for: "this" # and that'],
    ['[BETA] Reads files', '[BETA] Reads files'],
    ['@someone wrote it', '@someone wrote it'],
    ['ends with a colon:', 'ends with a colon:'],
    ['goes on: and\n  on: and on', 'goes on: and on: and on'],
  ])('takes the description %j literally, and says so', (written, read) => {
    const skill = load(document(`name: my-skill\ndescription: ${written}\nlicense: MIT`))
    expect({ description: skill.description, license: skill.license, codes: codes(skill) }).toEqual({
      description: read,
      license: 'MIT',
      codes: ['description-requoted:3'],
    })
  })

  test('keeps nested metadata as it is', () => {
    const skill = load(document(`${named}metadata:\n  openclaw:\n    requires:\n      bins: [jq]`))
    expect(JSON.parse(JSON.stringify(skill.metadata))).toEqual({ openclaw: { requires: { bins: ['jq'] } } })
  })

  test('cannot be changed by one of its users', () => {
    const skill = load(document(named))
    expect(Object.isFrozen(skill)).toBe(true)
    expect(() => Object.assign(skill, { name: 'x' })).toThrow(TypeError)
  })
})

describe('the runtime declaration', () => {
  const block = (yaml: string, heading = '## Runtime') =>
    `# Title\n\n${heading}\n\nSome text.\n\n\`\`\`yaml\n${yaml}\n\`\`\`\n`

  test('is read from the front matter', () => {
    const front = `${named}version: 1.10\nentry_point: ./scripts/a.py\nlanguage: python\ndependencies:\n  - requests>=2\nnetwork: true\nenv: [API_KEY]`
    const skill = load(document(front), { 'scripts/a.py': '' })
    expect({ runtime: skill.runtime, extra: Object.keys(skill.extra) }).toEqual({
      runtime: {
        version: '1.10',
        entryPoint: 'scripts/a.py',
        language: 'python',
        dependencies: ['requests>=2'],
        network: true,
        env: ['API_KEY'],
      },
      extra: [],
    })
  })

  test.each([
    [
      'YAML',
      'input_schema:\n  type: object\n  properties:\n    n:\n      type: integer\n      minimum: 1\n      default: 5\n    s:\n      enum: ["1", two]\n  required: [n]',
    ],
    [
      'JSON on a line',
      'input_schema: {"type":"object","properties":{"n":{"type":"integer","minimum":1,"default":5},"s":{"enum":["1","two"]}},"required":["n"]}',
    ],
    [
      'JSON text',
      `input_schema: '{"type":"object","properties":{"n":{"type":"integer","minimum":1,"default":5},"s":{"enum":["1","two"]}},"required":["n"]}'`,
    ],
  ])('reads a schema written as %s, with typed values that a validator takes', (_what, yaml) => {
    const { inputSchema } = load(document(named, block(yaml))).runtime
    expect(JSON.parse(JSON.stringify(inputSchema))).toEqual({
      type: 'object',
      properties: { n: { type: 'integer', minimum: 1, default: 5 }, s: { enum: ['1', 'two'] } },
      required: ['n'],
    })
    const validate = new Ajv2020().compile(inputSchema ?? false)
    expect([validate({ n: 2, s: '1' }), validate({ n: 0 }), validate({})]).toEqual([true, false, false])
  })

  test('of the body wins, and two of them are reported', () => {
    const skill = load(document(`${named}network: false\nlanguage: node`, block('network: true')))
    expect(skill.runtime).toEqual({ network: true, language: 'node' })
    expect(codes(skill)).toEqual(['runtime-declared-twice'])
  })

  test.each([
    ['below another heading', block('network: true', '## Usage')],
    ['below a deeper heading', block('network: true', '### Runtime')],
    ['after the section', `## Runtime\n\ntext\n\n## Next\n\n\`\`\`yaml\nnetwork: true\n\`\`\``],
    ['in an example', `\`\`\`\`md\n${block('network: true')}\n\`\`\`\``],
    ['in another language', '## Runtime\n```json\n{"network": true}\n```'],
  ])('is not read %s', (_what, body) => {
    expect(load(document(named, body)).runtime).toEqual({})
  })

  test.each([
    ['~~~ fences', '## runtime ##\n~~~yml\nnetwork: true\n~~~'],
    ['a block that never ends', '## Runtime\n```yaml\nnetwork: true'],
    ['CRLF', block('network: true').replaceAll('\n', '\r\n')],
  ])('is read from %s', (_what, body) => {
    expect(load(document(named, body)).runtime).toEqual({ network: true })
  })

  test.each([
    ['hosts', 'network: [api.example.org, "*.example.com:443"]', ['api.example.org', '*.example.com:443']],
    ['one host', 'network: api.example.org', ['api.example.org']],
    ['a mapping', 'network:\n  enabled: true\n  outbound: ["a.example:443"]', ['a.example:443']],
    ['a mapping that says no', 'network:\n  enabled: false\n  outbound: [a.example]', false],
    ['no', 'network: no', false],
  ])('reads network as %s', (_what, yaml, network) => {
    expect(load(document(named, block(yaml))).runtime).toEqual({ network })
  })

  test.each([
    ['network: [https://example.org/x]', ['network-invalid:12']],
    ['env: ["A=b", GOOD]', ['env-invalid:12']],
    ['entry_point: ../../bin/sh', ['entry-point-invalid:12']],
    ['entry_point: /bin/sh', ['entry-point-invalid:12']],
    ['entry_point: scripts/none.py', ['entry-point-missing']],
    ['dependencies:\n  python: x', ['dependencies-invalid:12']],
    ['version: [1]', ['version-invalid:12']],
    ['input_schema: not json', ['input-schema-invalid:12']],
    ['input_schema: [a]', ['input-schema-invalid:12']],
    ['input_schema: {default: .nan}', ['input-schema-invalid:12']],
    [`input_schema: '${'{"a":'.repeat(500)}1${'}'.repeat(500)}'`, ['input-schema-invalid:12']],
    ['a: [', ['runtime-block-invalid:12']],
    ['a: b\nnetwork: *x', ['runtime-block-invalid:13']],
  ])('turns %j into a diagnostic', (yaml, expected) => {
    expect(codes(load(document(named.trim(), block(yaml))))).toEqual(expected)
  })

  test('keeps __proto__ in a schema as an own key', () => {
    const { inputSchema } = load(
      document(`${named}input_schema: '{"__proto__": {"polluted": true}}'`),
    ).runtime
    expect([Object.keys(inputSchema ?? {}), Reflect.get({}, 'polluted')]).toEqual([['__proto__'], undefined])
  })
})
