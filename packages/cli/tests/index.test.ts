import * as core from '@skilllite/core'
import * as openai from '@skilllite/openai'
import { expect, test } from 'vitest'
import * as skilllite from '../dist/index.js'
import { start } from './support/command.js'

test('the package re-exports the whole engine and the whole adapter, and the very same ones', () => {
  expect({ ...skilllite }).toEqual({ ...core, ...openai })
  expect(skilllite.SkillRunner).toBe(openai.SkillRunner)
})

test('the two have no name in common', () => {
  expect(Object.keys(core).filter((name) => name in openai)).toEqual([])
})

test('importing it does not load the client of the endpoint: only asking a model does', async () => {
  const entry = JSON.stringify(new URL('../dist/index.js', import.meta.url).href)
  const ask = `await new AgenticLoop({ manager: await SkillManager.load({ skillsDir: [] }), model: 'm', apiKey: 'k',
    baseURL: 'http://127.0.0.1:9/v1', retries: 0 }).run('Hello').catch(() => {})`
  const loads = async (then: string) => {
    const program = `const { AgenticLoop, SkillManager } = await import(${entry})\n${then}`
    const { stderr } = await start(process.execPath, ['--input-type=module', '-e', program], {
      env: { NODE_DEBUG: 'esm' },
    })
    return stderr.includes('/openai/client.mjs')
  }
  expect([await loads(''), await loads(ask)]).toEqual([false, true])
})
