import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryDirectory, temporarySkill, writeFiles } from '../skill/fixtures/temporary.js'
import { loadSkill } from '../skill/load.js'
import type { SkillInfo } from '../skill/skill-info.js'
import { type DefineOptions, defineTools } from './define-tools.js'
import { InterfaceCache } from './interface-cache.js'
import { interfaceDigest } from './interface-digest.js'

const resize = `"""Resizes pictures."""
import argparse

parser = argparse.ArgumentParser()
parser.add_argument('input', help='Picture to read')
parser.add_argument('--width', type=int, default=100)
print(parser.parse_args())
`
const reads = 'import json, sys\nargs = json.load(sys.stdin)\nprint(args["input"])\n'

function skillFile(name: string, frontMatter: readonly string[] = [], body = ''): string {
  return ['---', `name: ${name}`, 'description: Works with pictures.', ...frontMatter, '---', body].join('\n')
}

function load(directory: string): SkillInfo {
  const { skill } = loadSkill(directory, 'host')
  if (skill === undefined) throw new Error('no skill')
  return skill
}

const pictures = (frontMatter: readonly string[], files: Readonly<Record<string, string>>) =>
  load(temporarySkill('pictures', skillFile('pictures', frontMatter), files))

async function define(skill: SkillInfo, options: DefineOptions = {}) {
  const { tools, diagnostics, origins } = await defineTools([skill], options)
  const [tool] = tools
  const origin = origins.get(tool?.name ?? '')
  return { tool, tools, diagnostics, kind: origin?.kind, evidence: await origin?.evidence() }
}

describe('defineTools()', () => {
  test('reads what a script takes from its code, and says where', async () => {
    const skill = pictures([], { 'main.py': resize })
    expect(await define(skill)).toMatchObject({
      tool: {
        name: 'pictures',
        description: 'Works with pictures.\nResizes pictures.',
        skill: 'pictures',
        script: 'main.py',
        inputSchema: {
          properties: {
            input: { type: 'string', description: 'Picture to read' },
            width: { type: 'integer', default: 100 },
          },
          required: ['input'],
          additionalProperties: false,
        },
        argvPlan: { kind: 'command-line' },
      },
      diagnostics: [],
      kind: 'argparse',
      evidence: [
        { property: 'input', kind: 'argparse', file: 'main.py', line: 5 },
        { property: 'width', kind: 'argparse', file: 'main.py', line: 6 },
      ],
    })
  })

  test('puts the script first in the descriptions of several', async () => {
    const skill = pictures([], { 'resize.py': resize, 'other.sh': '#!/bin/sh\necho\n' })
    const { tools } = await define(skill)
    expect(tools.map(({ name, description }) => [name, description])).toEqual([
      ['pictures_other', 'Works with pictures. (runs other.sh)'],
      ['pictures_resize', 'Resizes pictures.\nWorks with pictures. (runs resize.py)'],
    ])
  })

  test('says that one schema for several scripts is not used', async () => {
    const skill = pictures(['input_schema: {type: object}'], { 'a.py': resize, 'b.py': resize })
    const { tools, diagnostics } = await define(skill)
    expect(tools.map(({ inputSchema }) => inputSchema)).toEqual(
      Array(2).fill(expect.objectContaining({ required: ['input'] })),
    )
    expect(diagnostics).toEqual([expect.objectContaining({ code: 'input-schema-ambiguous' })])
  })
})

describe('a declared schema', () => {
  const declared = [
    'input_schema:',
    '  type: object',
    '  properties:',
    '    input:',
    '      type: string',
    '      description: Where the picture is',
    '    "width": {type: integer, maximum: 500}',
  ]

  test('stands before the code, and its arguments still go where the script takes them', async () => {
    expect(await define(pictures(declared, { 'main.py': resize }))).toMatchObject({
      tool: {
        inputSchema: { properties: { width: { type: 'integer', maximum: 500 } } },
        argvPlan: { kind: 'command-line' },
      },
      diagnostics: [],
      kind: 'declared',
      evidence: [
        { property: 'input', kind: 'declared', file: 'SKILL.md', line: 7 },
        { property: 'width', kind: 'declared', file: 'SKILL.md', line: 10 },
      ],
    })
  })

  test('goes to stdin as JSON for a script that reads stdin', async () => {
    const { tool } = await define(pictures(declared, { 'main.py': reads }))
    expect(tool?.argvPlan).toEqual({ kind: 'stdin-json' })
  })

  test('goes to stdin, and says so, where the command line has no place for an argument', async () => {
    const other = [
      'input_schema: {type: object, properties: {input: {type: string}, quality: {type: integer}}}',
    ]
    expect(await define(pictures(other, { 'main.py': resize }))).toMatchObject({
      tool: { argvPlan: { kind: 'stdin-json' } },
      diagnostics: [
        { code: 'input-schema-mismatch', message: expect.stringContaining('names "quality", which') },
      ],
      evidence: [
        { property: 'input', file: 'SKILL.md', line: 4 },
        { property: 'quality', file: 'SKILL.md', line: 4 },
      ],
    })
  })

  test('that cannot be used takes the tool away', async () => {
    const broken = ['input_schema: {type: object, properties: {a: {type: strng}}}']
    expect(await define(pictures(broken, { 'main.py': reads }))).toMatchObject({
      tools: [],
      diagnostics: [{ code: 'SKILL_SCHEMA_INVALID', severity: 'error' }],
    })
  })
})

describe('a cache', () => {
  const withCache = (directory: string) => ({ cache: new InterfaceCache(directory, '1') })

  test('gives the same tools, evidence and diagnostics, wherever the skill lies then', async () => {
    const cache = withCache(temporaryDirectory())
    const files = { 'main.py': `${resize}print((\n` }
    const skill = pictures([], files)
    const first = await define(skill, cache)
    const moved = join(temporaryDirectory(), 'pictures')
    mkdirSync(moved)
    cpSync(skill.directory, moved, { recursive: true })
    rmSync(skill.directory, { recursive: true })
    const second = await define(load(moved), cache)
    expect(first.diagnostics).toEqual([expect.objectContaining({ path: join(skill.directory, 'main.py') })])
    expect(second).toEqual({
      ...first,
      diagnostics: first.diagnostics.map((one) => ({ ...one, path: join(moved, 'main.py') })),
    })
  })

  test('is believed as long as the code is the same, and not longer', async () => {
    const options = withCache(temporaryDirectory())
    const skill = pictures([], { 'main.py': resize })
    await define(skill, options)
    const digest = interfaceDigest(skill)
    const text = JSON.stringify(options.cache.read(digest)).replaceAll('Picture to read', 'From the cache')
    options.cache.write(digest, JSON.parse(text))
    const described = async () => (await define(load(skill.directory), options)).tool?.inputSchema.properties
    expect(await described()).toMatchObject({ input: { description: 'From the cache' } })
    writeFiles(skill.directory, { 'main.py': resize.replace('Picture', 'File') })
    expect(await described()).toMatchObject({ input: { description: 'File to read' } })
  })

  test('remembers that a declared schema can be used, which else takes the full validator', async () => {
    const options = withCache(temporaryDirectory())
    const unusable = { type: 'object', properties: { a: { type: 'strng' } } }
    const text = JSON.stringify(unusable)
    const skill = pictures([`input_schema: ${text}`], { 'main.py': reads })
    expect((await define(skill, options)).tools).toEqual([])
    options.cache.write(`schema-${createHash('sha256').update(text).digest('hex')}`, true)
    expect((await define(skill, options)).tools).toHaveLength(1)
  })

  test('keeps names from code apart from inherited ones', async () => {
    const options = withCache(temporaryDirectory())
    const skill = pictures([], { 'main.py': resize.replace("'--width'", "'--constructor'") })
    await define(skill, options)
    const { tool } = await define(skill, options)
    expect(Object.getPrototypeOf(tool?.inputSchema.properties)).toBeNull()
  })
})
