import { SkillManager } from '@skilllite/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { getAnthropicTools, handleAnthropicToolUse } from '../src/index.js'
import { toolSkills } from './support/tool-skills.js'

const root = toolSkills()
let manager: SkillManager
beforeAll(async () => {
  manager = await SkillManager.load({ skillsDir: root })
})

const use = (id: string, name: string, input: unknown) => ({ type: 'tool_use', id, name, input })

describe('getAnthropicTools()', () => {
  test('gives tools in the form of the Messages API', () => {
    expect(getAnthropicTools(manager, { include: ['adder'] })).toEqual([
      {
        name: 'adder',
        description: expect.stringContaining('Test skill adder.'),
        input_schema: {
          type: 'object',
          properties: { a: { type: 'number' }, b: { type: 'number', default: 1 } },
          required: ['a'],
          additionalProperties: false,
        },
      },
    ])
    expect(getAnthropicTools(manager, { activation: true })[0]?.name).toBe('activate_skill')
  })
})

describe('handleAnthropicToolUse()', () => {
  test('answers every use in its order, and marks what is no output of a run', async () => {
    const content = [
      { type: 'text', text: 'Let me see.' },
      use('toolu_1', 'adder', { a: 2, b: 3 }),
      use('toolu_2', 'failing', {}),
      use('toolu_3', 'adder', { a: 'many' }),
      use('toolu_4', 'ader', {}),
      use('toolu_5', 'suspicious', { say: 'hello' }),
      use('toolu_6', 'adder', { a: 4 }),
    ]
    const results = await handleAnthropicToolUse(manager, { content })
    expect(results).toEqual([
      { type: 'tool_result', tool_use_id: 'toolu_1', content: '5', is_error: false },
      ...['no reason', 'must be a number', 'Did you mean adder?', "needs the user's approval"].map(
        (words, index) => ({
          type: 'tool_result',
          tool_use_id: `toolu_${index + 2}`,
          content: expect.stringContaining(words),
          is_error: true,
        }),
      ),
      { type: 'tool_result', tool_use_id: 'toolu_6', content: '5', is_error: false },
    ])
  })

  test('asks, and runs what was approved', async () => {
    const content = [use('toolu_1', 'suspicious', { say: 'hello' })]
    const asked: unknown[] = []
    const confirm = (_request: unknown, call: unknown) => asked.push(call) > 0
    expect(await handleAnthropicToolUse(manager, { content }, { confirm })).toEqual([
      { type: 'tool_result', tool_use_id: 'toolu_1', content: 'decoded\nhello', is_error: false },
    ])
    expect(asked).toEqual([
      { id: 'toolu_1', name: 'suspicious', arguments: { say: 'hello' }, kind: 'function' },
    ])
  })

  test('a message without tools needs no answer', async () => {
    expect(await handleAnthropicToolUse(manager, { content: [{ type: 'text' }] })).toEqual([])
  })
})
