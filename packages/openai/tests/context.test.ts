import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { SkillManager } from '@skilllite/core'
import { beforeAll, expect, test } from 'vitest'
import { AgenticLoop, type ContextMode, type LoopOptions } from '../src/index.js'
import { serve } from './support/servers.js'
import { ownSkills, temporaryDirectory } from './support/skills.js'

let manager: SkillManager
beforeAll(async () => {
  manager = await SkillManager.load({ skillsDir: ownSkills, sandboxLevel: 2 })
})

const loopFor = (baseURL: string, options: Partial<LoopOptions>) =>
  new AgenticLoop({ manager, baseURL, apiKey: 'k', model: 'm', ...options })

/** What is sent for a first message. */
async function firstRequest(context: ContextMode) {
  const { baseURL, requests } = await serve([{ text: 'Hi' }])
  await loopFor(baseURL, { context }).run('Hello')
  const { messages, tools } = requests[0]?.body ?? {}
  return { prompt: messages[0].content as string, tools: tools as { function: Record<string, unknown> }[] }
}
const namesOf = (tools: readonly { function: Record<string, unknown> }[]) =>
  tools.map((tool) => tool.function.name)
const all = () => manager.tools().map(({ name }) => name)

test('summary: names and short descriptions in the prompt, and schemas without words', async () => {
  const { prompt, tools } = await firstRequest('summary')
  expect(namesOf(tools)).toEqual(all())
  for (const name of all()) expect(prompt).toContain(`- ${name}: `)
  expect(JSON.stringify(tools)).not.toContain('"description":"')
  const calculator = tools.find((tool) => tool.function.name === 'calculator')
  expect(calculator?.function.parameters).toMatchObject({
    properties: { a: { type: 'number' }, operation: { enum: expect.arrayContaining(['multiply']) } },
    required: expect.arrayContaining(['operation']),
  })
})

test('standard: tools as they are, and a catalog', async () => {
  const { prompt, tools } = await firstRequest('standard')
  expect(namesOf(tools)).toEqual(all())
  expect(tools.every((tool) => typeof tool.function.description === 'string')).toBe(true)
  expect(prompt).toMatch(/<available_skills>.*calculator.*<\/available_skills>/s)
  expect(prompt).not.toContain('<skill_content')
})

test('full: the instructions of every skill, and a way to its files', async () => {
  const { prompt, tools } = await firstRequest('full')
  expect(prompt.match(/<skill_content name="/g)).toHaveLength(manager.skills.length)
  for (const { body } of manager.skills) expect(prompt).toContain(body.trim().split('\n')[0])
  expect(namesOf(tools)).toEqual(['read_skill_file', ...all()])
})

test('progressive: at first the catalog, then instructions and tools of what is activated', async () => {
  const { baseURL, requests } = await serve([
    { toolCalls: [{ name: 'activate_skill', arguments: '{"name":"calculator"}' }] },
    { toolCalls: [{ name: 'calculator', arguments: '{"operation":"add","a":40,"b":2}' }] },
    { text: '42' },
  ])
  const result = await loopFor(baseURL, { context: 'progressive' }).run('40 + 2')
  expect(result.text).toBe('42')
  const sent = requests.map(({ body }) => body)
  expect(sent.map(({ tools }) => namesOf(tools))).toEqual([
    ['activate_skill', 'read_skill_file'],
    ['activate_skill', 'read_skill_file', 'calculator'],
    ['activate_skill', 'read_skill_file', 'calculator'],
  ])
  expect(sent[0].messages[0].content).toContain('<available_skills>')
  expect(sent[1].messages.at(-1).content).toContain('<skill_content name="calculator">')
  expect(sent[2].messages.at(-1).content).toContain('42')
})

test('the modes take ever more tokens', () => {
  const sizes = (['progressive', 'summary', 'standard', 'full'] as const).map((context) =>
    loopFor('http://127.0.0.1:9/v1', { context }).estimateTokens('Hello'),
  )
  expect(sizes).toEqual([...sizes].sort((one, other) => one - other))
})

test('a choice of tools is a choice of skills in the prompt, too', async () => {
  const { baseURL, requests } = await serve([{ text: 'Hi' }])
  await loopFor(baseURL, { context: 'full', include: ['calculator'] }).run('Hello')
  const prompt = requests[0]?.body.messages[0].content
  expect(prompt.match(/<skill_content name="[^"]*"/g)).toEqual(['<skill_content name="calculator"'])
})

test('commands and files of the workspace, where the host grants them', async () => {
  const work = temporaryDirectory()
  writeFileSync(path.join(work, 'note.txt'), 'remember this')
  const granted = await SkillManager.load({
    skillsDir: ownSkills,
    sandboxLevel: 2,
    programs: ['python3'],
    workspace: work,
  })
  const { baseURL, requests } = await serve([
    {
      toolCalls: [
        { name: 'run_command', arguments: `{"skill":"calculator","command":"python3 -c 'print(6*7)'"}` },
        { name: 'read_file', arguments: '{"path":"note.txt"}' },
      ],
    },
    { text: 'Done' },
  ])
  const asked: string[] = []
  await loopFor(baseURL, {
    manager: granted,
    include: ['calculator'],
    commands: true,
    workspace: true,
    context: 'summary',
    runOptions: ({ name }) => {
      asked.push(name)
      return {}
    },
  }).run('Go')
  const { tools, messages } = requests[0]?.body ?? {}
  const own = ['run_command', 'list_files', 'read_file', 'write_file']
  expect(namesOf(tools).sort()).toEqual([...own, 'calculator'].sort())
  for (const name of own) expect(messages[0].content).toContain(`- ${name}: `)
  const told = requests[1]?.body.messages.slice(-2).map(({ content }: { content: string }) => content)
  expect(told).toEqual([expect.stringContaining('42'), expect.stringContaining('remember this')])
  expect(asked).toEqual(['calculator'])
})
