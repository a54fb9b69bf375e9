// The programs of the README, taken out of it and run: compiled by the oldest Node.js supported, and as they are by a
// newer one. Only the model is a script.
import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  type ScriptedRequest,
  type ScriptedServer,
  type ScriptedToolCall,
  startScriptedServer,
} from '../packages/scripted-openai/src/index.js'
import { programs } from './documents.mjs'
import { root, run } from './shared.mjs'

const newerNode = join(root, 'packages/newer-node/node_modules/.bin/node')
const found = programs(readFileSync(join(root, 'README.md'), 'utf8'))
/** Below the root, where what the programs import is found as in a clone. */
let directory: string
let server: ScriptedServer | undefined

beforeAll(async () => {
  // not in node_modules, where Node.js takes no types away
  const parent = join(root, '.cache')
  mkdirSync(parent, { recursive: true })
  directory = mkdtempSync(join(parent, 'readme-'))
  cpSync(join(root, 'skills/calculator'), join(directory, 'skills/calculator'), { recursive: true })
  cpSync(join(root, 'examples/skills/greeter'), join(directory, 'skills/greeter'), { recursive: true })
  writeFileSync(join(directory, 'package.json'), '{ "type": "module" }')
  for (const { file, code } of found) writeFileSync(join(directory, file), code)
  const compile = [
    ...['--target', 'ES2023', '--module', 'NodeNext', '--strict', '--skipLibCheck'],
    ...['--types', 'node', '--rewriteRelativeImportExtensions', '--erasableSyntaxOnly'],
  ]
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const files = found.map(({ file }) => file)
  const end = await run([process.execPath, tsc, ...compile, ...files], { cwd: directory })
  expect(end, end.stdout).toMatchObject({ code: 0 })
}, 120_000)
afterEach(() => server?.close())
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const multiply = { name: 'calculator', arguments: '{"operation": "multiply", "a": 15, "b": 27}' }
const greet = { name: 'greeter', arguments: '{"name": "Ada"}' }

/** Runs a program whose model makes these calls, and then says what it was told of them. */
async function start(node: string, file: string, calls: readonly ScriptedToolCall[], typed = '') {
  server = await startScriptedServer({
    turns: [{ toolCalls: calls }, (request) => ({ text: `I was told: ${toldTo(request)}` })],
  })
  const endpoint = { OPENAI_BASE_URL: server.baseURL, OPENAI_API_KEY: 'none' }
  const settings = { BASE_URL: server.baseURL, API_KEY: 'none', MODEL: 'scripted' }
  const child = spawn(node, [file], { cwd: directory, env: { ...process.env, ...endpoint, ...settings } })
  child.stdin.end(typed)
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    stderr += chunk
  })
  const code = await new Promise((resolve) => child.once('close', resolve))
  expect(code, stderr).toBe(0)
  return { stdout, told: toldTo(server.requests[1]) }
}

function toldTo(request: ScriptedRequest | undefined): string {
  const messages: readonly { role: string; content: unknown }[] = request?.body.messages ?? []
  return messages
    .filter(({ role }) => role === 'tool')
    .map(({ content }) => (typeof content === 'string' ? content : JSON.stringify(content)))
    .join('\n')
}

test('there are four of them, and how they ask', () => {
  const files = found.map(({ file }) => file)
  expect(files).toEqual(['runner.ts', 'openai.ts', 'confirm.ts', 'langchain.ts', 'llamaindex.ts'])
})

const ways = [
  { way: 'compiled', node: process.execPath, ending: '.js' },
  { way: 'as they are', node: newerNode, ending: '.ts' },
]
// there is a newer Node.js for Linux on x64 only
describe.each(ways.filter(({ node }) => existsSync(node)))('$way', ({ node, ending }) => {
  const withEnding = (name: string) => `${name}${ending}`

  test.each(['runner', 'openai', 'langchain', 'llamaindex'])(
    '%s calls a skill and prints the answer',
    async (name) => {
      const { stdout, told } = await start(node, withEnding(name), [multiply])
      expect(told).toMatch(/result\W+405/)
      expect(stdout).toMatch(/^I was told: .*405/)
    },
  )

  describe.each(['langchain', 'llamaindex'])('%s asks a person', (name) => {
    test.each([
      ['y', true],
      ['n', false],
      ['', false],
    ])('who answers %j', async (answer, runs) => {
      const { stdout, told } = await start(node, withEnding(name), [greet], `${answer}\n`)
      expect(stdout).toContain('Decodes text and runs it')
      expect(stdout).toMatch(/scan:\S+\nRun exactly this\? \[y\/N\] /)
      expect(told.includes('Good morning, Ada!')).toBe(runs)
      expect(told.includes('was not run')).toBe(!runs)
    })
  })
})
