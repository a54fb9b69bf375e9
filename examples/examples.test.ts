import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { type ScriptedServer, startScriptedServer } from '../packages/scripted-openai/src/index.js'
import { root, run } from '../scripts/shared.mjs'

let server: ScriptedServer | undefined
afterEach(() => server?.close())

/** What an example prints. Settings of whoever runs the tests do not count. */
async function start(example: string, options: readonly string[] = [], settings = {}): Promise<string> {
  const end = await run(['npm', 'start', '--silent', ...options], {
    cwd: join(root, 'examples', example),
    env: { BASE_URL: '', API_KEY: '', MODEL: '', ...settings },
  })
  expect(end, end.stderr).toMatchObject({ code: 0 })
  return end.stdout
}

test('01-basic computes 15 × 27 in the sandbox', async () => {
  expect(await start('01-basic')).toMatch(
    /^\{ operation: 'multiply', a: 15, b: 27, result: 405 \}\nisolated by \w+ in \d+ ms\n$/,
  )
}, 60_000)

describe('04-langchain', () => {
  test('shows the report, and with nobody to ask does not run the skill', async () => {
    const printed = await start('04-langchain')
    expect(printed).toContain('a script plays the model')
    expect(printed).toContain('Decodes text and runs it')
    expect(printed).toMatch(/\n15 \* 27 is 405\. The greeting was not allowed\.\n$/)
  }, 60_000)

  test('runs it where the answer is yes', async () => {
    expect(await start('04-langchain', ['--', '--yes'])).toMatch(/\n15 \* 27 is 405\. Good morning, Ada!\n$/)
  }, 60_000)
})

test('05-llamaindex finds a price in the notes and computes with it, as its README says', async () => {
  const readme = readFileSync(join(root, 'examples/05-llamaindex/README.md'), 'utf8')
  const promised = /prints\n\n```\n(.*?)```/s.exec(readme)?.[1]
  expect(await start('05-llamaindex')).toBe(promised)
}, 60_000)

test.each(['04-langchain', '05-llamaindex'])(
  '%s asks the endpoint that it is given',
  async (example) => {
    server = await startScriptedServer({ turns: [{ text: 'An answer from elsewhere.' }] })
    const settings = { BASE_URL: server.baseURL, API_KEY: 'key-of-a-test', MODEL: 'some-model' }
    const printed = await start(example, [], settings)
    expect(printed).toMatch(/\nAn answer from elsewhere\.\n$/)
    expect(printed).not.toContain('a script plays the model')
    expect(server.requests[0]).toMatchObject({
      headers: { authorization: 'Bearer key-of-a-test' },
      body: { model: 'some-model' },
    })
  },
  60_000,
)
