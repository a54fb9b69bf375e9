import type { StructuredToolInterface } from '@langchain/core/tools'
import { SkillManager } from '@skilllite/core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { linesOf, skillDirectories, Traces } from '../../core/tests/adapter-skills/adapter-skills.js'
import type { SkillLiteToolkit, ToolkitOptions } from '../src/index.js'

const traces = new Traces()
let manager: SkillManager
beforeAll(async () => {
  manager = await SkillManager.load({ skillsDir: skillDirectories, allowWrite: [traces.directory] })
})
afterAll(() => traces.remove())

const versions = {
  'the oldest @langchain/core of the peer range': {
    tools: () => import('langchain-core-oldest/tools'),
    messages: () => import('langchain-core-oldest/messages'),
  },
  'the newest': {
    tools: () => import('@langchain/core/tools'),
    messages: () => import('@langchain/core/messages'),
  },
}

describe.each(Object.entries(versions))('with %s', (_version, { tools, messages }) => {
  let Toolkit: typeof SkillLiteToolkit
  beforeAll(async () => {
    vi.resetModules()
    vi.doMock('@langchain/core/tools', tools)
    vi.doMock('@langchain/core/messages', messages)
    Toolkit = (await import('../src/index.js')).SkillLiteToolkit
  })
  afterAll(() => {
    vi.doUnmock('@langchain/core/tools')
    vi.doUnmock('@langchain/core/messages')
  })

  function toolOf(skill: string, options: ToolkitOptions = {}): StructuredToolInterface {
    const [tool] = Toolkit.fromManager(manager, { ...options, skills: [skill] }).getTools()
    if (tool === undefined) throw new Error(`${skill} has no tool`)
    return tool
  }
  const call = (name: string, args: Record<string, unknown>) =>
    ({ type: 'tool_call', id: 'call-1', name, args }) as const

  test('a toolkit and its tools are of that version, with the schema of the skill', async () => {
    const { BaseToolkit, StructuredTool } = await tools()
    expect(Toolkit.fromManager(manager)).toBeInstanceOf(BaseToolkit)
    expect(toolOf('calculator')).toBeInstanceOf(StructuredTool)
    expect(toolOf('calculator').schema).toMatchObject({ type: 'object', required: ['operation', 'a'] })
  })

  test('a call gets a tool message with the result as artifact, bare arguments get the text', async () => {
    const { ToolMessage } = await messages()
    const args = { operation: 'multiply', a: 15, b: 27 }
    const message = await toolOf('calculator').invoke(call('calculator', args))
    expect(message).toBeInstanceOf(ToolMessage)
    expect(message).toMatchObject({
      tool_call_id: 'call-1',
      status: 'success',
      artifact: { status: 'completed', output: { result: 405 } },
    })
    expect(JSON.parse(String(await toolOf('calculator').invoke(args)))).toMatchObject({ result: 405 })
  })

  test('invalid arguments are an error message in the words of the engine', async () => {
    const { ToolMessage } = await messages()
    const message = await toolOf('calculator').invoke(call('calculator', { operation: 'guess' }))
    expect(message).toBeInstanceOf(ToolMessage)
    expect(message).toMatchObject({ status: 'error', content: expect.stringContaining('a is missing') })
    for (const args of [null, [1], 'text']) {
      expect(await toolOf('calculator').invoke(args as never)).toContain('Nothing was run')
    }
  })

  test.each([
    [undefined, 'error', []],
    [false, 'error', []],
    [true, 'success', ['hello']],
  ])('with the answer %s, a dangerous skill ends with %s', async (given, status, lines) => {
    const file = traces.newFile()
    const tool = toolOf('daring', given === undefined ? {} : { confirm: () => given })
    expect(await tool.invoke(call('daring', { file, note: 'hello' }))).toMatchObject({ status })
    expect(linesOf(file)).toEqual(lines)
  })

  test('a signal that has fired stops the call', async () => {
    const file = traces.newFile()
    const args = { act: 'note', file }
    await expect(toolOf('tame').invoke(args, { signal: AbortSignal.abort() })).rejects.toThrow()
    expect(linesOf(file)).toEqual([])
    await toolOf('tame').invoke(args)
    expect(linesOf(file)).toHaveLength(2)
  })
})
