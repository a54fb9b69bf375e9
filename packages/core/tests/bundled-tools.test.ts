import { fileURLToPath } from 'node:url'
import type OpenAI from 'openai'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { SkillManager, toOpenAiTool, toZod } from '../src/index.js'

const manager = await SkillManager.load({
  skillsDir: fileURLToPath(new URL('../../../skills', import.meta.url)),
  corrections: false,
})
const offered = manager.tools({ activation: true })

test('the bundled skills are tools that OpenAI takes', () => {
  const tools: OpenAI.ChatCompletionFunctionTool[] = offered.map(toOpenAiTool)
  expect(tools.map((tool) => tool.function.name)).toEqual([
    'activate_skill',
    'read_skill_file',
    'calculator',
    'data-analyzer',
    'http-request',
    'text-processor',
    'weather',
  ])
  for (const { function: described } of tools) {
    expect(described.name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/)
    expect([...(described.description ?? '')].length).toBeLessThanOrEqual(1_024)
    expect(described.parameters).toMatchObject({ type: 'object', properties: expect.any(Object) })
  }
})

test('the list in activate_skill has every bundled skill, those without scripts too', () => {
  const lines = offered[0]?.description.split('\n').slice(1)
  expect(lines?.map((line) => /^- ([\w-]+): ./.exec(line)?.[1])).toEqual(
    manager.skills.map(({ name }) => name),
  )
})

test('Zod takes the arguments of a bundled skill as its own check does', () => {
  const schema = toZod(manager.tool('calculator'), z)
  expect(schema.safeParse({ operation: 'add', a: 1, b: 2 }).success).toBe(true)
  expect(schema.safeParse({ operation: 'guess', a: 1 }).success).toBe(false)
})
