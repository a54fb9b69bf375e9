import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { SkillManager } from '@skilllite/core'
import { beforeEach, describe, expect, test } from 'vitest'
import { AgenticLoop, type LoopEvent, type LoopOptions, type LoopState } from '../src/index.js'
import { serve } from './support/servers.js'
import { suspicious, temporaryDirectory, writeSkill } from './support/skills.js'

const root = temporaryDirectory()
const runs = path.join(root, 'runs')
const record = `with open(${JSON.stringify(runs)}, "a") as file: file.write(args["say"] + "\\n")`
writeFileSync(runs, '')
const skills = path.join(root, 'skills')
const risky = writeSkill(
  skills,
  'risky',
  '{ say: { type: string } }, required: [say]',
  `${record}\n${suspicious}`,
)
writeSkill(
  skills,
  'plain',
  '{ say: { type: string } }, required: [say]',
  `${record}\nprint("said", args["say"])`,
)
const script = path.join(risky, 'main.py')
const original = readFileSync(script)

beforeEach(() => {
  writeFileSync(runs, '')
  writeFileSync(script, original)
})

const whatRan = () => readFileSync(runs, 'utf8').trim().split('\n').filter(Boolean)
const call = (name: string, say: string) => ({ name, arguments: JSON.stringify({ say }) })

/** As after a restart: nothing but the files is shared between two of them. */
async function freshLoop(baseURL: string, options: Partial<LoopOptions> = {}): Promise<AgenticLoop> {
  const manager = await SkillManager.load({ skillsDir: skills })
  return new AgenticLoop({
    manager,
    baseURL,
    apiKey: 'k',
    model: 'm',
    runOptions: { allowWrite: [runs] },
    ...options,
  })
}

describe('by callback', () => {
  test.each([
    [true, ['one'], 'decoded\none'],
    [false, [], 'not approved'],
  ])('%s', async (given, ran, told) => {
    const { baseURL, requests } = await serve([{ toolCalls: [call('risky', 'one')] }, { text: 'End' }])
    const asked: string[][] = []
    const loop = await freshLoop(baseURL, {
      confirm: (report, scanId, { name }) => {
        asked.push([report, scanId, name])
        return given
      },
    })
    expect((await loop.run('Go')).stop).toBe('done')
    expect(whatRan()).toEqual(ran)
    expect(requests[1]?.body.messages.at(-1).content).toContain(told)
    expect(asked).toEqual([[expect.stringContaining('risky'), expect.stringMatching(/.{16}/), 'risky']])
  })

  test('never two questions at a time', async () => {
    const { baseURL } = await serve([
      { toolCalls: ['one', 'two', 'three'].map((say) => call('risky', say)) },
      { text: 'End' },
    ])
    let open = 0
    let most = 0
    const loop = await freshLoop(baseURL, {
      confirm: async () => {
        most = Math.max(most, ++open)
        await new Promise((resolve) => setImmediate(resolve))
        open -= 1
        return true
      },
    })
    await loop.run('Go')
    expect([most, whatRan().sort()]).toEqual([1, ['one', 'three', 'two']])
  })

  test('what it throws is what run rejects with', async () => {
    const { baseURL } = await serve([{ toolCalls: [call('risky', 'one')] }])
    const loop = await freshLoop(baseURL, {
      confirm: () => {
        throw new Error('The terminal is gone')
      },
    })
    await expect(loop.run('Go')).rejects.toThrow('The terminal is gone')
    expect(whatRan()).toEqual([])
  })
})

describe('by stopping', () => {
  const calls = [call('plain', 'free'), call('risky', 'first'), call('risky', 'second')]

  async function stopped(): Promise<{
    state: LoopState
    baseURL: string
    bodies: () => unknown[]
    events: LoopEvent[]
  }> {
    const { baseURL, requests } = await serve([{ text: 'I will.', toolCalls: calls }, { text: 'End' }])
    const events: LoopEvent[] = []
    const loop = await freshLoop(baseURL)
    const result = await loop.run('Go', { onEvent: (event) => events.push(event) })
    expect(result).toMatchObject({ stop: 'approval', text: 'I will.' })
    // what a file or a database gives back
    const state: LoopState = JSON.parse(JSON.stringify(result.state))
    return { state, baseURL, events, bodies: () => requests.map(({ body }) => body) }
  }
  const answersOf = (body: unknown) =>
    (body as { messages: { role: string; content: string }[] }).messages
      .filter(({ role }) => role === 'tool')
      .map(({ content }) => content)

  test('only what needs no approval has run, and what waits is told', async () => {
    const { state, events } = await stopped()
    expect(whatRan()).toEqual(['free'])
    expect(state.pending).toMatchObject([
      { name: 'risky', arguments: '{"say":"first"}', report: expect.stringContaining('risky') },
      { name: 'risky', arguments: '{"say":"second"}' },
    ])
    expect(events.filter(({ type }) => type === 'approval')).toHaveLength(2)
  })

  test('it goes on after a restart; what ran is not run again, what is refused never', async () => {
    const { state, baseURL, bodies } = await stopped()
    const [first, second] = state.pending.map(({ scanId }) => scanId)
    const loop = await freshLoop(baseURL)
    const approvals = { [first ?? '']: true, [second ?? '']: false }
    const result = await loop.resume(state, { approvals })
    expect(result).toMatchObject({ stop: 'done', text: 'End', usage: { requests: 2 } })
    expect(whatRan()).toEqual(['free', 'first'])
    expect(answersOf(bodies()[1])).toEqual([
      expect.stringContaining('said free'),
      expect.stringContaining('decoded\nfirst'),
      expect.stringContaining('the user did not approve it'),
    ])
  })

  test('what is not decided goes on waiting, and is not run', async () => {
    const { state, baseURL, bodies } = await stopped()
    const [first, second] = state.pending.map(({ scanId }) => scanId)
    const loop = await freshLoop(baseURL)
    const half = await loop.resume(state, { approvals: { [second ?? '']: true } })
    expect(half.stop).toBe('approval')
    expect(half.state?.pending.map(({ scanId }) => scanId)).toEqual([first])
    expect(whatRan()).toEqual(['free', 'second'])
    expect(bodies()).toHaveLength(1)
    const whole = await loop.resume(half.state as LoopState, { approvals: { [first ?? '']: true } })
    expect([whole.stop, whatRan()]).toEqual(['done', ['free', 'second', 'first']])
  })

  test('an approval holds for the content that was scanned only', async () => {
    const { state, baseURL } = await stopped()
    const approvals = Object.fromEntries(state.pending.map(({ scanId }) => [scanId, true]))
    writeFileSync(script, `${original}\nprint("changed")\n`)
    const loop = await freshLoop(baseURL)
    const again = await loop.resume(state, { approvals })
    expect(again.stop).toBe('approval')
    expect(again.state?.pending.map(({ scanId }) => scanId in approvals)).toEqual([false, false])
    expect(whatRan()).toEqual(['free'])
  })

  test('an approval holds for the arguments that were scanned only', async () => {
    const { state, baseURL } = await stopped()
    const approvals = Object.fromEntries(state.pending.map(({ scanId }) => [scanId, true]))
    const forged = JSON.parse(JSON.stringify(state).replaceAll('\\"first\\"', '\\"forged\\"'))
    const loop = await freshLoop(baseURL)
    const again = await loop.resume(forged, { approvals })
    expect(again.stop).toBe('approval')
    expect(again.state?.pending).toMatchObject([{ arguments: '{"say":"forged"}' }])
    expect(whatRan()).toEqual(['free', 'second'])
  })

  test.each([[null], [{}], [{ version: 2 }], [[]]])('what is no state is refused: %j', async (state) => {
    const loop = await freshLoop('http://127.0.0.1:9/v1')
    const resumed = loop.resume(state as never, { approvals: {} })
    await expect(resumed).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  })
})
