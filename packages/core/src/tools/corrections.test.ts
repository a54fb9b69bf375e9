import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryDirectory, temporarySkill } from '../skill/fixtures/temporary.js'
import { loadSkill } from '../skill/load.js'
import { defineTools } from './define-tools.js'
import { readSchemaFile } from './schema-file.js'

const resize = `import argparse
parser = argparse.ArgumentParser()
parser.add_argument('input')
parser.add_argument('--width', type=int)
print(parser.parse_args())
`
const schema = (properties: object) => ({ type: 'object', properties, additionalProperties: false })
const narrow = schema({ input: { type: 'string' }, width: { type: 'integer', maximum: 500 } })

interface Setting {
  readonly frontMatter?: string
  readonly script?: string
  /** What is in the skill's own file. */
  readonly own?: unknown
}

/** Defines the tool of a skill with the corrections of a project and of the skill itself. */
async function correct(project: unknown, { frontMatter = '', script = resize, own }: Setting = {}) {
  const text = (content: unknown) =>
    typeof content === 'string' ? content : JSON.stringify(content, null, 2)
  const directory = temporarySkill('pictures', `---\nname: pictures\ndescription: d\n${frontMatter}---\n`, {
    'main.py': script,
    ...(own === undefined ? {} : { '.skilllite/schema.json': text(own) }),
  })
  const { skill } = loadSkill(directory, 'host')
  if (skill === undefined) throw new Error('no skill')
  const root = temporaryDirectory(project === undefined ? {} : { '.skilllite/schema.json': text(project) })
  const { schemaFile: corrections, diagnostics: problems } = readSchemaFile(root)
  const { tools, diagnostics, origins } = await defineTools([skill], { corrections })
  const evidence = await origins.get('pictures')?.evidence()
  return {
    tool: tools[0],
    evidence,
    diagnostics: [...problems, ...diagnostics],
    file: join(root, '.skilllite/schema.json'),
  }
}

const entry = { skill: 'pictures', script: 'main.py' }

describe('a correction', () => {
  test('of the project replaces the schema and keeps the way to the script', async () => {
    const { tool, evidence, diagnostics } = await correct([{ ...entry, inputSchema: narrow }])
    expect(tool).toMatchObject({ inputSchema: narrow, argvPlan: { kind: 'command-line', prefixes: '-' } })
    expect(diagnostics).toEqual([])
    expect(evidence).toEqual([
      {
        property: 'input',
        kind: 'declared',
        file: expect.stringMatching(/\.skilllite\/schema\.json$/),
        line: 8,
      },
      { property: 'width', kind: 'declared', file: expect.any(String), line: 11 },
    ])
  })

  test('may be of the description alone', async () => {
    const { tool } = await correct([{ ...entry, description: 'Makes pictures small.' }])
    expect(tool).toMatchObject({ description: 'Makes pictures small.', inputSchema: { required: ['input'] } })
  })

  test('of the description is cut to what models are given', async () => {
    const { tool } = await correct([{ ...entry, description: 'x'.repeat(2_000) }])
    expect(tool?.description).toBe(`${'x'.repeat(1_023)}…`)
  })

  test('of the project stands before that of the skill, which stands before what it declares', async () => {
    const own = [{ script: 'main.py', inputSchema: schema({ width: { type: 'integer', maximum: 7 } }) }]
    const frontMatter = 'input_schema: {type: object, properties: {width: {type: integer, maximum: 3}}}\n'
    const widths = async (project: unknown, setting: Setting) =>
      (await correct(project, setting)).tool?.inputSchema.properties
    expect(await widths(undefined, { frontMatter })).toMatchObject({ width: { maximum: 3 } })
    expect(await widths(undefined, { frontMatter, own })).toMatchObject({ width: { maximum: 7 } })
    expect(await widths([{ ...entry, inputSchema: narrow }], { frontMatter, own })).toMatchObject({
      width: { maximum: 500 },
    })
  })

  test('of another skill or script changes nothing', async () => {
    const others = [
      { skill: 'other', script: 'main.py', inputSchema: narrow },
      { skill: 'pictures', script: 'other.py', inputSchema: narrow },
      { script: 'main.py', inputSchema: narrow },
    ]
    expect((await correct(others)).tool?.inputSchema).toMatchObject({ required: ['input'] })
  })

  test('gives a script that nobody understands its arguments, with a plan', async () => {
    const script = 'import sys\nfrom somewhere import go\ngo(*sys.orig_argv)\n'
    const argvPlan = {
      kind: 'command-line',
      prefixes: '',
      endOfOptions: false,
      arguments: [{ kind: 'positional', name: 'input', takes: 'one' }],
    }
    const { tool, diagnostics } = await correct(
      [{ ...entry, inputSchema: schema({ input: { type: 'string' } }), argvPlan }],
      { script },
    )
    expect(diagnostics).toEqual([])
    expect(tool?.argvPlan).toEqual(argvPlan)
  })

  test('brings back a tool whose declared schema cannot be used', async () => {
    const frontMatter = 'input_schema: {type: object, properties: {a: {type: strng}}}\n'
    const script = 'import json, sys\nprint(json.load(sys.stdin))\n'
    const corrected = await correct([{ ...entry, inputSchema: narrow }], { frontMatter, script })
    expect(corrected).toMatchObject({ tool: { inputSchema: narrow, argvPlan: { kind: 'stdin-json' } } })
    expect(corrected.diagnostics).toEqual([])
  })

  const unusable: [string, object, string][] = [
    [
      'a schema that is none',
      { inputSchema: { type: 'object', properties: { input: { type: 'strng' } } } },
      'its inputSchema cannot be used: it /properties/input/type',
    ],
    [
      'a name that has no place',
      { inputSchema: schema({ inptu: { type: 'string' } }) },
      'its inputSchema names "inptu", for which the argvPlan has no place',
    ],
    [
      'a plan of no kind',
      { argvPlan: { kind: 'telepathy' } },
      'its argvPlan cannot be used: kind must be one of',
    ],
    [
      'a plan without its parts',
      { argvPlan: { kind: 'command-line', prefixes: '-', endOfOptions: true } },
      'its argvPlan cannot be used: arguments is missing',
    ],
    [
      'a plan with a wrong part',
      {
        argvPlan: {
          kind: 'command-line',
          prefixes: '-',
          endOfOptions: true,
          arguments: [{ kind: 'flag', name: 'width' }],
        },
      },
      'its argvPlan cannot be used: arguments[0].flag is missing',
    ],
  ]
  test.each(unusable)('with %s is not used, and says why', async (_kind, change, problem) => {
    const { tool, diagnostics, file } = await correct([{ ...entry, ...change }])
    expect(tool).toMatchObject({ inputSchema: { required: ['input'] }, argvPlan: { kind: 'command-line' } })
    expect(diagnostics).toEqual([
      expect.objectContaining({
        code: 'schema-file-entry-invalid',
        message: expect.stringContaining(problem),
        path: file,
        line: 3,
      }),
    ])
  })

  const files: [unknown, string][] = [
    ['{', 'JSON'],
    [{}, 'expected a list, got {}'],
    [[1, entry], 'entry 1 is no object'],
    [[{ skill: 'pictures' }], 'entry 1 has no "script"'],
    [[{ ...entry, inputSchema: 'x' }], 'entry 1 has an "inputSchema" that is no object'],
    [[{ ...entry, description: 1 }], 'entry 1 has a "description" that is no text'],
  ]
  test.each(files)('that is not one is told of: %j', async (project, problem) => {
    const { tool, diagnostics } = await correct(project)
    expect(tool?.inputSchema).toMatchObject({ required: ['input'] })
    expect(diagnostics).toEqual([
      expect.objectContaining({ code: 'schema-file-invalid', message: expect.stringContaining(problem) }),
    ])
  })
})
