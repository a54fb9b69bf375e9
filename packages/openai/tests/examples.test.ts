import { startScriptedServer } from '@skilllite/scripted-openai'
import { expect, onTestFinished, test, vi } from 'vitest'
import { ownSkills } from './support/skills.js'

test('the example of the README calls a tool and prints the answer', async () => {
  const server = await startScriptedServer({
    turns: [
      { toolCalls: [{ name: 'calculator', arguments: '{"operation": "multiply", "a": 15, "b": 27}' }] },
      { text: 'It is 405.' },
    ],
  })
  const printed = vi.spyOn(console, 'log').mockImplementation(() => {})
  onTestFinished(async () => {
    vi.restoreAllMocks()
    vi.unstubAllEnvs()
    await server.close()
  })
  vi.stubEnv('SKILLS_DIR', ownSkills)
  vi.stubEnv('OPENAI_API_KEY', 'none')
  vi.stubEnv('OPENAI_BASE_URL', server.baseURL)
  await import('./examples/tool-calls.js')
  expect(JSON.parse(server.requests[1]?.body.messages.at(-1).content)).toMatchObject({ result: 405 })
  expect(printed.mock.calls).toEqual([['It is 405.']])
})
