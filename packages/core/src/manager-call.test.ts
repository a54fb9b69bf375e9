import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from 'vitest'
import { SkillManager } from './manager.js'
import type { OfferedTool } from './tools/own-tools.js'
import type { ToolDefinition } from './tools/tool-definition.js'

const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'manager-call-')))
afterAll(() => rmSync(root, { recursive: true }))

const skillFile = `---
name: adder
description: Adds numbers.
input_schema:
  type: object
  properties:
    numbers: { type: array, items: { type: number } }
    precise: { type: boolean }
  required: [numbers]
---
# Adder

See {baseDir}/guide.md.
`
const script = 'import json, sys\nprint(json.dumps(json.load(sys.stdin)))\n'

let manager: SkillManager
beforeAll(async () => {
  const directory = path.join(root, 'skills', 'adder')
  mkdirSync(directory, { recursive: true })
  for (const [name, content] of [
    ['SKILL.md', skillFile],
    ['main.py', script],
    ['guide.md', '# Guide\n'],
    ['picture.png', Buffer.from([0x89, 0x50, 0xff])],
    ['large.txt', 'x'.repeat(300 * 1024)],
  ] as const) {
    writeFileSync(path.join(directory, name), content)
  }
  writeFileSync(path.join(root, 'secret.txt'), 'secret')
  symlinkSync(path.join(root, 'secret.txt'), path.join(directory, 'link.txt'))
  // One of them has a link out, of which a scan would ask.
  manager = await SkillManager.load({ skillsDir: path.join(root, 'skills'), sandboxLevel: 2 })
})

describe('call()', () => {
  test('takes the JSON text that a model gives, and says what it read otherwise', async () => {
    const result = await manager.call('adder', '{"numbers": ["1", 2], "precise": "true"}')
    expect(result).toMatchObject({
      output: { numbers: [1, 2], precise: true },
      coerced: [
        { argument: 'numbers[0]', from: '1', to: 1 },
        { argument: 'precise', from: 'true', to: true },
      ],
    })
  })

  test('says nothing of coercions where there are none', async () => {
    expect(await manager.call('adder', { numbers: [] })).not.toHaveProperty('coerced')
  })

  test.each([
    ['{"numbers": [1}', 'Arguments of "adder" are not JSON: '],
    ['[1]', 'Arguments of "adder" must be a JSON object, got "[1]"'],
    ['', 'Arguments of adder: numbers is missing; it must be an array'],
  ])('refuses %j', async (text, message) => {
    await expect(manager.call('adder', text)).rejects.toMatchObject({
      code: 'ARGUMENTS_INVALID',
      message: expect.stringContaining(message),
    })
  })
})

describe('an activation tool', () => {
  test('gives the instructions, by name and by definition', async () => {
    const tools = manager.tools({ activation: true })
    const [definition] = tools
    if (definition === undefined) throw new Error('no tools')
    const results = [
      await manager.call('activate_skill', '{"name": "adder"}'),
      await manager.run(definition, { name: 'adder' }),
    ]
    for (const result of results) {
      expect(result).toMatchObject({
        status: 'completed',
        exitCode: 0,
        output: expect.stringMatching(
          /^<skill_content name="adder">\n# Adder\n\nSee \/.*\/adder\/guide\.md\./,
        ),
        isolation: { backend: 'none', layers: {} },
      })
    }
  })

  test('reads a text file of a skill', async () => {
    expect(await manager.call('read_skill_file', { skill: 'adder', path: 'guide.md' })).toMatchObject({
      exitCode: 0,
      output: '# Guide\n',
    })
  })

  test.each([
    ['guid.md', '"guid.md"'],
    ['../../secret.txt', 'not inside the skill directory'],
    ['/etc/passwd', 'not inside the skill directory'],
    ['link.txt', 'not inside the skill directory'],
    ['picture.png', 'not a text file'],
    ['large.txt', 'Use a script of the skill'],
    ['.', 'not a regular file'],
  ])('does not read %s, and says why', async (file, problem) => {
    const result = await manager.call('read_skill_file', { skill: 'adder', path: file })
    expect(result).toMatchObject({
      exitCode: 1,
      output: '',
      stderr: expect.stringContaining(problem),
    })
  })

  test('refuses a skill that is not there as any tool refuses an argument', async () => {
    await expect(manager.call('activate_skill', { name: 'addr' })).rejects.toMatchObject({
      code: 'ARGUMENTS_INVALID',
      message: 'Arguments of activate_skill: name must be "adder", got "addr"; did you mean "adder"?',
    })
  })

  test('is unknown where there are no skills', async () => {
    const empty = await SkillManager.load({ skillsDir: path.join(root, 'nowhere') })
    expect(empty.tools({ activation: true })).toEqual([])
    await expect(empty.call('activate_skill', { name: 'x' })).rejects.toMatchObject({ code: 'TOOL_UNKNOWN' })
  })
})

test('tools() has activation tools in its type only where they were asked for', () => {
  expectTypeOf(manager.tools()).toEqualTypeOf<readonly ToolDefinition[]>()
  expectTypeOf(manager.tools({ include: ['*'] })).toEqualTypeOf<readonly ToolDefinition[]>()
  expectTypeOf(manager.tools({ activation: true })).toEqualTypeOf<readonly OfferedTool[]>()
  expect(manager.tools({ include: ['*'] })).toEqual(manager.tools())
})

describe('load() with toolsOf', () => {
  const load = (...toolsOf: string[]) => SkillManager.load({ skillsDir: path.join(root, 'skills'), toolsOf })

  test('defines tools for these skills only', async () => {
    expect((await load('adder')).tools()).toHaveLength(1)
    const without = await load()
    expect(without.tools()).toEqual([])
    expect(without.skills).toHaveLength(1)
    expect(() => without.tool('adder')).toThrow(
      expect.objectContaining({ code: 'TOOL_UNKNOWN', hint: expect.stringContaining('toolsOf') }),
    )
  })

  test('defines them for all where a name may be that of a tool', async () => {
    expect((await load('adder_main')).tools()).toHaveLength(1)
  })

  test('rejects with what a progress listener threw', async () => {
    const onLoadProgress = () => {
      throw new Error('listener')
    }
    const loading = SkillManager.load({ skillsDir: path.join(root, 'skills'), onLoadProgress })
    await expect(loading).rejects.toThrow('listener')
  })

  test('tells its progress', async () => {
    const steps: unknown[] = []
    await SkillManager.load({
      skillsDir: path.join(root, 'skills'),
      onLoadProgress: (step) => steps.push(step),
    })
    expect(steps).toEqual([{ kind: 'tools-defined', done: 1, total: 1 }])
  })
})
