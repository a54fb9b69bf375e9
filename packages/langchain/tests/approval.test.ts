import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { AIMessage, type BaseMessage, type ToolMessage } from '@langchain/core/messages'
import { Command, interrupt, MemorySaver, MessagesAnnotation, StateGraph } from '@langchain/langgraph'
import { ToolNode } from '@langchain/langgraph/prebuilt'
import { ChatOpenAI } from '@langchain/openai'
import { SkillManager } from '@skilllite/core'
import {
  type ScriptedServer,
  type ScriptedToolCall,
  startScriptedServer,
  type TurnSource,
} from '@skilllite/scripted-openai'
import { createAgent, humanInTheLoopMiddleware } from 'langchain'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { linesOf, skillDirectories, Traces } from '../../core/tests/adapter-skills/adapter-skills.js'
import { type ApprovalQuestion, SkillLiteToolkit, type ToolkitOptions } from '../src/index.js'

const traces = new Traces()
/** Nothing in here is granted to runs. */
const elsewhere = new Traces()
let manager: SkillManager
let server: ScriptedServer | undefined
beforeAll(async () => {
  manager = await SkillManager.load({ skillsDir: skillDirectories, allowWrite: [traces.directory] })
})
afterEach(() => server?.close())
afterAll(() => {
  traces.remove()
  elsewhere.remove()
})

async function scriptedModel(turns: readonly TurnSource[]): Promise<ChatOpenAI> {
  server = await startScriptedServer({ turns })
  const configuration = { baseURL: server.baseURL }
  return new ChatOpenAI({ model: 'scripted', apiKey: 'none', maxRetries: 0, configuration })
}

const question = { messages: [{ role: 'user', content: 'Please.' }] }
const answersIn = ({ messages }: { messages: readonly BaseMessage[] }) =>
  messages.filter((message): message is ToolMessage => message.getType() === 'tool')
const daring = (file: string, note = 'hello', id = 'call-1') => ({
  name: 'daring',
  id,
  arguments: JSON.stringify({ file, note }),
})
const refusal = { status: 'error', content: expect.stringContaining('daring was not run') }
const ran = { status: 'success', content: 'noted hello' }

describe('with a callback', () => {
  async function ask(file: string, options: ToolkitOptions) {
    const model = await scriptedModel([{ toolCalls: [daring(file)] }, { text: 'done' }])
    const tools = SkillLiteToolkit.fromManager(manager, options).getTools()
    return answersIn(await createAgent({ model, tools }).invoke(question))
  }

  test.each([
    [true, ran, ['hello']],
    [false, refusal, []],
  ])('the answer %s decides, once the report was seen', async (given, answer, lines) => {
    const file = traces.newFile()
    const asked: string[][] = []
    const confirm = (report: string, scanId: string) => {
      asked.push([report, scanId])
      return given
    }
    expect(await ask(file, { sandboxLevel: 3, confirm })).toEqual([expect.objectContaining(answer)])
    expect(linesOf(file)).toEqual(lines)
    expect(asked).toEqual([[expect.stringContaining('main.py'), expect.stringMatching(/^scan:/)]])
    expect(asked[0]?.[0]).toContain('daring')
  })

  test('one question at a time, and each answer is for its own call', async () => {
    const [first, second] = [traces.newFile(), traces.newFile()]
    const calls = [daring(first, 'one', 'call-1'), daring(second, 'two', 'call-2')]
    const model = await scriptedModel([{ toolCalls: calls }, { text: 'done' }])
    let open = 0
    let most = 0
    const answers = [true, false]
    const confirm = async () => {
      most = Math.max(most, ++open)
      await sleep(50)
      open--
      return answers.shift() ?? false
    }
    const tools = SkillLiteToolkit.fromManager(manager, { confirm }).getTools()
    const messages = answersIn(await createAgent({ model, tools }).invoke(question))
    expect(most).toBe(1)
    expect(answers).toEqual([])
    expect(messages.map(({ status }) => status).sort()).toEqual(['error', 'success'])
    expect([...linesOf(first), ...linesOf(second)]).toHaveLength(1)
  })

  test('nobody to ask: it does not run, and the model is told', async () => {
    const file = traces.newFile()
    expect(await ask(file, {})).toEqual([expect.objectContaining(refusal)])
    expect(linesOf(file)).toEqual([])
    expect(server?.requests[1]?.body.messages.at(-1).content).toContain("needs the user's approval")
  })

  test.each([1, 2] as const)('at level %s there is no scan and nothing is asked', async (sandboxLevel) => {
    const file = traces.newFile()
    const confirm = () => {
      throw new Error('asked')
    }
    const [answer] = await ask(file, { sandboxLevel, confirm })
    expect(answer).toMatchObject({ ...ran, artifact: { isolation: { level: sandboxLevel } } })
    expect(linesOf(file)).toEqual(['hello'])
  })
})

test('level 1 is no sandbox, level 2 is one', async () => {
  const file = elsewhere.fileWith('secret')
  const read = async (sandboxLevel: 1 | 2) => {
    const [tool] = SkillLiteToolkit.fromManager(manager, { sandboxLevel, skills: ['tame'] }).getTools()
    return tool?.invoke({ type: 'tool_call', id: 'x', name: 'tame', args: { act: 'read', file } })
  }
  expect(await read(1)).toMatchObject({ status: 'success', content: expect.stringContaining('secret') })
  expect(await read(2)).toMatchObject({ status: 'error', content: expect.not.stringContaining('secret') })
})

describe('with humanInTheLoopMiddleware', () => {
  async function start(turns: readonly TurnSource[], directory?: string) {
    const model = await scriptedModel(turns)
    const own =
      directory === undefined
        ? manager
        : await SkillManager.load({ skillsDir: directory, allowWrite: [traces.directory] })
    const build = () => {
      const toolkit = SkillLiteToolkit.fromManager(own)
      const middleware = [humanInTheLoopMiddleware({ interruptOn: toolkit.interruptOn() })]
      return createAgent({ model, tools: toolkit.getTools(), middleware, checkpointer })
    }
    const checkpointer = new MemorySaver()
    const config = { configurable: { thread_id: 'thread' } }
    const agent = build()
    const asked = await agent.invoke(question, config)
    const resume = (decision: object, of = agent) =>
      of.invoke(new Command({ resume: { decisions: [decision] } }), config)
    return { asked: asked as typeof asked & { __interrupt__?: { value: unknown }[] }, resume, build }
  }

  test('a call that the scan has nothing against is not asked about', async () => {
    const calls = [{ name: 'calculator', arguments: '{"operation": "add", "a": 1, "b": 2}' }]
    const { asked } = await start([{ toolCalls: calls }, { text: 'done' }])
    expect(asked.__interrupt__).toBeUndefined()
    expect(answersIn(asked)).toEqual([expect.objectContaining({ status: 'success' })])
  })

  test('asks with the report; approve runs it once', async () => {
    const file = traces.newFile()
    const { asked, resume } = await start([{ toolCalls: [daring(file)] }, { text: 'done' }])
    expect(asked.__interrupt__?.[0]?.value).toMatchObject({
      actionRequests: [
        { name: 'daring', args: { file, note: 'hello' }, description: expect.stringContaining('main.py') },
      ],
      reviewConfigs: [{ allowedDecisions: ['approve', 'reject'] }],
    })
    expect(linesOf(file)).toEqual([])
    expect(answersIn(await resume({ type: 'approve' }))).toEqual([expect.objectContaining(ran)])
    expect(linesOf(file)).toEqual(['hello'])
  })

  test('reject runs nothing', async () => {
    const file = traces.newFile()
    const { resume } = await start([{ toolCalls: [daring(file)] }, { text: 'done' }])
    const [answer] = answersIn(await resume({ type: 'reject', message: 'No.' }))
    expect(answer).toMatchObject({ status: 'error', content: 'No.' })
    expect(linesOf(file)).toEqual([])
  })

  test('what changed after it was asked about does not run', async () => {
    const file = traces.newFile()
    const directory = join(traces.directory, 'changing', 'daring')
    mkdirSync(join(directory, 'scripts'), { recursive: true })
    for (const name of ['SKILL.md', 'scripts/main.py']) {
      writeFileSync(join(directory, name), readFileSync(new URL(`skills/daring/${name}`, support)))
    }
    const { resume } = await start([{ toolCalls: [daring(file)] }, { text: 'done' }], directory)
    writeFileSync(
      join(directory, 'scripts/main.py'),
      `${readFileSync(join(directory, 'scripts/main.py'))}#\n`,
    )
    expect(answersIn(await resume({ type: 'approve' }))).toEqual([expect.objectContaining(refusal)])
    expect(linesOf(file)).toEqual([])
  })

  test('an approval given to another process, of which nobody knows what it saw, is none', async () => {
    const file = traces.newFile()
    const { resume, build } = await start([{ toolCalls: [daring(file)] }, { text: 'done' }])
    expect(answersIn(await resume({ type: 'approve' }, build()))).toEqual([expect.objectContaining(refusal)])
    expect(linesOf(file)).toEqual([])
  })

  test('an agent that has the tools without the middleware runs nothing', async () => {
    const file = traces.newFile()
    const toolkit = SkillLiteToolkit.fromManager(manager)
    toolkit.interruptOn()
    const model = await scriptedModel([{ toolCalls: [daring(file)] }, { text: 'done' }])
    const agent = createAgent({ model, tools: toolkit.getTools() })
    expect(answersIn(await agent.invoke(question))).toEqual([expect.objectContaining(refusal)])
    expect(linesOf(file)).toEqual([])
  })
})

const support = new URL('../../core/tests/adapter-skills/', import.meta.url)

describe('with interrupt', () => {
  const config = { configurable: { thread_id: 'thread' } }
  const questionOf = (state: unknown) =>
    (state as { __interrupt__: { value: ApprovalQuestion }[] }).__interrupt__[0]?.value

  async function start(file: string, others: readonly ScriptedToolCall[] = []) {
    const model = await scriptedModel([{ toolCalls: [daring(file), ...others] }, { text: 'done' }])
    const checkpointer = new MemorySaver()
    const build = () =>
      createAgent({
        model,
        tools: SkillLiteToolkit.fromManager(manager, { interrupt }).getTools(),
        checkpointer,
      })
    const agent = build()
    const asked = questionOf(await agent.invoke(question, config))
    const resume = (given: unknown, of = agent) => of.invoke(new Command({ resume: given }), config)
    return { asked, resume, build }
  }

  test('the graph waits with the report; its scanId runs the call once, also in another process', async () => {
    const file = traces.newFile()
    const { asked, resume, build } = await start(file)
    expect(asked).toEqual({
      type: 'skill-approval',
      tool: 'daring',
      arguments: { file, note: 'hello' },
      report: expect.stringContaining('main.py'),
      scanId: expect.stringMatching(/^scan:/),
    })
    expect(linesOf(file)).toEqual([])
    expect(answersIn(await resume(asked?.scanId, build()))).toEqual([expect.objectContaining(ran)])
    expect(linesOf(file)).toEqual(['hello'])
  })

  test('another call of the same turn runs once', async () => {
    const [file, other] = [traces.newFile(), traces.newFile()]
    const note = JSON.stringify({ act: 'note', file: other })
    const { asked, resume } = await start(file, [{ name: 'tame', id: 'call-2', arguments: note }])
    expect(linesOf(other)).toHaveLength(2)
    const answers = answersIn(await resume(asked?.scanId))
    expect(answers.map(({ tool_call_id, status }) => [tool_call_id, status])).toEqual([
      ['call-1', 'success'],
      ['call-2', 'success'],
    ])
    expect([linesOf(file), linesOf(other).length]).toEqual([['hello'], 2])
  })

  test.each([[false], [true], ['scan:other'], [{ approved: true }]])('%j is a no', async (given) => {
    const file = traces.newFile()
    const { resume } = await start(file)
    expect(answersIn(await resume(given))).toEqual([expect.objectContaining(refusal)])
    expect(linesOf(file)).toEqual([])
  })

  test('works in a graph with a ToolNode', async () => {
    const file = traces.newFile()
    const tools = new ToolNode(SkillLiteToolkit.fromManager(manager, { interrupt }).getTools())
    const graph = new StateGraph(MessagesAnnotation)
      .addNode('tools', tools)
      .addEdge('__start__', 'tools')
      .compile({ checkpointer: new MemorySaver() })
    const call = { name: 'daring', args: { file, note: 'hello' }, id: 'call-1', type: 'tool_call' as const }
    const waiting = await graph.invoke(
      { messages: [new AIMessage({ content: '', tool_calls: [call] })] },
      config,
    )
    expect(linesOf(file)).toEqual([])
    const resumed = await graph.invoke(new Command({ resume: questionOf(waiting)?.scanId }), config)
    expect(answersIn(resumed)).toEqual([expect.objectContaining(ran)])
    expect(linesOf(file)).toEqual(['hello'])
  })

  test('outside of a graph nothing runs', async () => {
    const file = traces.newFile()
    const [tool] = SkillLiteToolkit.fromManager(manager, { interrupt, skills: ['daring'] }).getTools()
    await expect(tool?.invoke({ file, note: 'hello' })).rejects.toThrow(/graph/)
    expect(linesOf(file)).toEqual([])
  })

  test('is not given together with a callback', () => {
    expect(() => SkillLiteToolkit.fromManager(manager, { interrupt, confirm: () => true })).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    )
  })
})
