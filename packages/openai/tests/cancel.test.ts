import { execFileSync } from 'node:child_process'
import { SkillManager } from '@skilllite/core'
import { beforeAll, expect, test } from 'vitest'
import { AgenticLoop, type LoopOptions } from '../src/index.js'
import { serve } from './support/servers.js'
import { temporaryDirectory, writeSkill } from './support/skills.js'

const skills = temporaryDirectory()
/** In the command line of the script, so that it can be found among all processes. */
const mark = `marked-${process.pid}-${Date.now()}`
writeSkill(skills, 'sleeper', '{}', 'import time\nprint("begun", flush=True)\ntime.sleep(120)')
writeSkill(skills, mark, '{}', 'import time\nprint("begun", flush=True)\ntime.sleep(120)')

let manager: SkillManager
beforeAll(async () => {
  manager = await SkillManager.load({ skillsDir: skills, sandboxLevel: 2 })
})
const loopFor = (baseURL: string, options: Partial<LoopOptions> = {}) =>
  new AgenticLoop({ manager, baseURL, apiKey: 'k', model: 'm', ...options })
const isRunning = () => execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).includes(mark)

test('a signal ends the request', async () => {
  const { baseURL, requests } = await serve([{ text: 'Too late', delayMs: 5_000 }])
  const controller = new AbortController()
  const run = loopFor(baseURL).run('Go', { signal: controller.signal })
  run.catch(() => {})
  await expect.poll(() => requests.length).toBe(1)
  controller.abort()
  await expect(run).rejects.toMatchObject({ name: 'AbortError' })
  await expect.poll(() => requests[0]?.abandoned, { timeout: 10_000 }).toBe(true)
})

test('a signal ends a stream in its middle, and nothing is tried again', async () => {
  const { baseURL, requests } = await serve(() => ({ text: 'word '.repeat(500), chunkDelayMs: 10 }))
  const controller = new AbortController()
  const run = loopFor(baseURL).run('Go', {
    signal: controller.signal,
    onEvent: ({ type }) => {
      if (type === 'text') controller.abort(new Error('enough'))
    },
  })
  await expect(run).rejects.toMatchObject({ name: 'AbortError', cause: { message: 'enough' } })
  await expect.poll(() => requests.map(({ abandoned }) => abandoned)).toEqual([true])
})

test('a signal ends the wait for another try', async () => {
  const { baseURL, requests } = await serve([{ status: 429, headers: { 'retry-after': '30' } }])
  const controller = new AbortController()
  const run = loopFor(baseURL).run('Go', {
    signal: controller.signal,
    onEvent: ({ type }) => {
      if (type === 'retry') controller.abort()
    },
  })
  await expect(run).rejects.toMatchObject({ name: 'AbortError' })
  expect(requests).toHaveLength(1)
})

test('a signal ends sandboxed runs, and none is left when run rejects', async () => {
  const { baseURL, requests } = await serve([{ toolCalls: [{ name: mark }, { name: 'sleeper' }] }])
  const controller = new AbortController()
  const run = loopFor(baseURL).run('Go', { signal: controller.signal })
  run.catch(() => {})
  await expect.poll(isRunning, { timeout: 15_000 }).toBe(true)
  controller.abort()
  await expect(run).rejects.toMatchObject({ name: 'AbortError' })
  expect(isRunning()).toBe(false)
  expect(requests).toHaveLength(1)
})

test('leaving the iterator ends the run', async () => {
  const { baseURL } = await serve([{ toolCalls: [{ name: mark }] }])
  for await (const { type } of loopFor(baseURL).stream('Go')) {
    if (type !== 'tool-call') continue
    await expect.poll(isRunning, { timeout: 15_000 }).toBe(true)
    break
  }
  expect(isRunning()).toBe(false)
})

test('an iterator rejects as run does', async () => {
  const { baseURL } = await serve([{ status: 401 }])
  const read = async () => {
    for await (const _ of loopFor(baseURL).stream('Go'));
  }
  await expect(read()).rejects.toMatchObject({ code: 'ENDPOINT_FAILED' })
})
