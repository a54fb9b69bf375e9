import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { type ScriptedServer, startScriptedServer } from '../packages/scripted-openai/src/index.js'
import { root, run } from '../scripts/shared.mjs'

let server: ScriptedServer | undefined
afterEach(() => server?.close())

/** Starts an example as its README says. Settings of whoever runs the tests do not count. */
function npmStart(example: string, options: readonly string[] = [], settings = {}) {
  return run(['npm', 'start', '--silent', ...options], {
    cwd: join(root, 'examples', example),
    env: { BASE_URL: '', API_KEY: '', MODEL: '', ...settings },
  })
}

/** What an example prints. */
async function start(...how: Parameters<typeof npmStart>): Promise<string> {
  const end = await npmStart(...how)
  expect(end, end.stderr).toMatchObject({ code: 0 })
  return end.stdout
}

test('01-basic computes 15 × 27 in the sandbox', async () => {
  expect(await start('01-basic')).toMatch(
    /^\{ operation: 'multiply', a: 15, b: 27, result: 405 \}\nisolated by \w+ in \d+ ms\n$/,
  )
}, 60_000)

test('02-skill-management shows what there is, what is wrong, and what a grant changes', async () => {
  const printed = await start('02-skill-management')
  expect(printed).toContain('\n  line-counter: 1 tool(s)\n')
  expect(printed).toContain('\n  error: Missing required field in frontmatter: description')
  expect(printed).toContain("Directory name 'Broken' must match skill name 'broken'")
  expect(printed).toMatch(/by a filter:\n {2}data-analyzer: .*\n {2}line-counter: .*\n\n/)
  expect(printed).toContain('\n  skip_empty: scripts/main.py, line 5\n')
  expect(printed).toMatch(/weather asks for \["api\..*\]; without a grant it gets: none\n/)
  expect(printed).toMatch(/the model is told:\n<skilllite>line-counter failed with exit status 1/)
  expect(printed).toMatch(/With allowRead: 3\nin \w+, exit status 0\n$/)
}, 60_000)

describe('03-agentic-loop', () => {
  const state = join(root, 'examples/03-agentic-loop/waiting.json')
  afterEach(() => rmSync(state, { force: true }))

  test.each([
    ['yes', '15 * 27 is 405. Good morning, Ada!'],
    ['no', '15 * 27 is 405. The greeting was not allowed.'],
  ])(
    'stops where approval is needed, and another process goes on with %s',
    async (answer, last) => {
      const stopped = await start('03-agentic-loop')
      expect(stopped).toContain('a script plays the model')
      expect(stopped).toContain('[~] Multiply\n[ ] Greet Ada\n')
      expect(stopped).toContain('← calculator: {"operation": "multiply", "a": 15, "b": 27, "result": 405}')
      expect(stopped).toContain('Decodes text and runs it')
      expect(stopped).toMatch(/\(approval after 2 requests\)\nIt waits in waiting\.json\..*\n$/)
      expect(JSON.parse(readFileSync(state, 'utf8')).pending).toMatchObject([{ name: 'greeter' }])
      const resumed = await start('03-agentic-loop', ['--', answer])
      expect(resumed).not.toContain('← calculator')
      expect(resumed).toContain(`${last}\n(done after 4 requests)\n`)
      expect(existsSync(state)).toBe(false)
    },
    60_000,
  )

  test.each([
    [['--', 'yes'], {}, 'Nothing waits for an answer: begin with npm start.\n'],
    [['--', 'perhaps'], {}, 'Answer yes or no.\n'],
    [[], { BASE_URL: 'http://127.0.0.1:9' }, 'BASE_URL is set, but MODEL is not: say which model answers.\n'],
  ])(
    'with %j and %j says what is wrong',
    async (options, settings, message) => {
      const end = await npmStart('03-agentic-loop', options, settings)
      expect(end).toMatchObject({ code: 1, stderr: message })
    },
    60_000,
  )
})

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

test.each(['03-agentic-loop', '04-langchain', '05-llamaindex'])(
  '%s asks the endpoint that it is given',
  async (example) => {
    server = await startScriptedServer({ turns: [{ text: 'An answer from elsewhere.' }] })
    const settings = { BASE_URL: server.baseURL, API_KEY: 'key-of-a-test', MODEL: 'some-model' }
    const printed = await start(example, [], settings)
    expect(printed).toMatch(/\nAn answer from elsewhere\.\n/)
    expect(printed).not.toContain('a script plays the model')
    expect(server.requests[0]).toMatchObject({
      headers: { authorization: 'Bearer key-of-a-test' },
      body: { model: 'some-model' },
    })
  },
  60_000,
)
