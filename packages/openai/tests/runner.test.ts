import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { SkillRunner } from '../src/index.js'
import { serve } from './support/servers.js'
import { ownSkills, suspicious, temporaryDirectory, writeSkill } from './support/skills.js'

const root = temporaryDirectory()
const names = ['BASE_URL', 'API_KEY', 'MODEL', 'OPENAI_BASE_URL', 'OPENAI_API_KEY', 'OPENAI_MODEL']
beforeEach(() => {
  for (const name of names) vi.stubEnv(name, undefined)
})
afterEach(() => vi.unstubAllEnvs())

/** A project directory with this `.env`. */
function project(settings: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(path.join(root, 'project-'))
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`)
  writeFileSync(path.join(directory, '.env'), `# settings\n${lines.join('\n')}\n`)
  return directory
}

const multiply = { name: 'calculator', arguments: '{"operation":"multiply","a":15,"b":27}' }

/** Which key and model a runner sends, in a project with this `.env`. */
async function sent(settings: Readonly<Record<string, string>>, options = {}) {
  const { baseURL, requests } = await serve([{ text: 'Hi' }])
  const filled = Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, value.replace('SERVER', baseURL)]),
  )
  await new SkillRunner({ cwd: project(filled), ...options }).run('Hello')
  return { key: requests[0]?.headers.authorization, model: requests[0]?.body.model }
}

test('a program of one line: settings from .env, the skill in the sandbox, the answer', async () => {
  const { baseURL, requests } = await serve([{ toolCalls: [multiply] }, { text: 'It is 405.' }])
  const cwd = project({ BASE_URL: baseURL, API_KEY: '"sk-file"', MODEL: 'm', SKILLS_DIR: ownSkills })
  const entry = fileURLToPath(new URL('../dist/index.js', import.meta.url))
  const program = `
    const { SkillRunner } = await import(${JSON.stringify(entry)})
    const { text } = await new SkillRunner().run('Calculate 15 * 27')
    console.log(JSON.stringify([text, Object.keys(process.env).filter((name) => ${JSON.stringify(names)}.includes(name))]))`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd,
    env: { PATH: process.env.PATH, HOME: root },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  for await (const part of child.stdout) printed += part
  expect(JSON.parse(printed)).toEqual(['It is 405.', []])
  expect(requests[0]?.headers.authorization).toBe('Bearer sk-file')
  expect(requests[1]?.body.messages.at(-1).content).toContain('405')
})

describe('which setting stands', () => {
  const file = { BASE_URL: 'SERVER', API_KEY: 'file', MODEL: 'file' }

  test('the environment before the file', async () => {
    vi.stubEnv('API_KEY', 'environment')
    expect(await sent(file)).toEqual({ key: 'Bearer environment', model: 'file' })
  })

  test('options before both', async () => {
    vi.stubEnv('API_KEY', 'environment')
    const options = { apiKey: 'option', model: 'option' }
    expect(await sent(file, options)).toEqual({ key: 'Bearer option', model: 'option' })
  })

  test('an empty variable is none', async () => {
    vi.stubEnv('API_KEY', '')
    expect(await sent(file)).toEqual({ key: 'Bearer file', model: 'file' })
  })

  test('the names of OpenAI in second place', async () => {
    const settings = { OPENAI_BASE_URL: 'SERVER', OPENAI_API_KEY: 'second', OPENAI_MODEL: 'second' }
    expect(await sent(settings)).toEqual({ key: 'Bearer second', model: 'second' })
    expect(await sent({ ...settings, ...file })).toEqual({ key: 'Bearer file', model: 'file' })
  })

  test('another file, or none', async () => {
    const { baseURL, requests } = await serve(() => ({ text: 'Hi' }))
    const cwd = project({ ...file, BASE_URL: baseURL })
    writeFileSync(path.join(cwd, 'other.env'), `BASE_URL=${baseURL}\nAPI_KEY=other\nMODEL=m\n`)
    await new SkillRunner({ cwd, envFile: 'other.env' }).run('Hello')
    expect(requests[0]?.headers.authorization).toBe('Bearer other')
    await expect(new SkillRunner({ cwd, baseURL, envFile: false }).run('Hello')).rejects.toMatchObject({
      message: `MODEL is not set, so ${baseURL} cannot be asked`,
    })
    await new SkillRunner({ cwd }).run('Hello')
    expect(requests[1]?.headers.authorization).toBe('Bearer file')
  })
})

test('a key for OpenAI in the environment is not sent where a file says', async () => {
  vi.stubEnv('OPENAI_API_KEY', 'mine')
  const { baseURL, requests } = await serve(() => ({ text: 'Hi' }))
  const stranger = { BASE_URL: baseURL.replace('127.0.0.1', '127.0.0.1.nip.invalid'), MODEL: 'm' }
  await expect(new SkillRunner({ cwd: project(stranger) }).run('Hello')).rejects.toMatchObject({
    code: 'ENDPOINT_SETTINGS_MISSING',
    message: expect.stringContaining('API_KEY is not set'),
  })
  expect((await new SkillRunner({ cwd: project({ BASE_URL: baseURL, MODEL: 'm' }) }).run('Hello')).text).toBe(
    'Hi',
  )
  expect(requests.at(-1)?.headers.authorization).toBe('Bearer none')
  vi.stubEnv('OPENAI_BASE_URL', baseURL)
  await new SkillRunner({ cwd: project({ MODEL: 'm' }) }).run('Hello')
  expect(requests.at(-1)?.headers.authorization).toBe('Bearer mine')
})

test.each([
  [{}, 'API_KEY and MODEL are not set, so https://api.openai.com/v1 cannot be asked'],
  [{ MODEL: 'm' }, 'API_KEY is not set, so https://api.openai.com/v1 cannot be asked'],
  [
    { API_KEY: 'k', BASE_URL: 'http://127.0.0.1:1/v1' },
    'MODEL is not set, so http://127.0.0.1:1/v1 cannot be asked',
  ],
])('what is missing is told in one sentence: %j', async (settings, message) => {
  await expect(new SkillRunner({ cwd: project(settings) }).run('Hello')).rejects.toMatchObject({
    code: 'ENDPOINT_SETTINGS_MISSING',
    message,
    hint: 'Set BASE_URL, API_KEY and MODEL in the environment or in .env of this directory.',
  })
})

test.each([
  [{ SKILLBOX_SANDBOX_LEVEL: '4' }, 'SKILLBOX_SANDBOX_LEVEL must be 1, 2 or 3'],
  [{ EXECUTION_TIMEOUT: 'long' }, 'EXECUTION_TIMEOUT must be a number above 0'],
  [{ MAX_MEMORY_MB: '0' }, 'MAX_MEMORY_MB must be a number above 0'],
])('a setting that makes no sense is refused: %j', async (settings, message) => {
  const cwd = project({ API_KEY: 'k', MODEL: 'm', BASE_URL: 'http://127.0.0.1:1/v1', ...settings })
  await expect(new SkillRunner({ cwd }).run('Hello')).rejects.toMatchObject({
    code: 'OPTION_INVALID',
    message: expect.stringContaining(message),
  })
})

test('a file that was named must be there', async () => {
  const runner = new SkillRunner({ cwd: root, envFile: 'nowhere.env' })
  await expect(runner.run('Hello')).rejects.toMatchObject({
    code: 'OPTION_INVALID',
    message: expect.stringContaining('nowhere.env'),
  })
})

describe('the sandbox', () => {
  const skills = path.join(root, 'skills')
  mkdirSync(skills)
  writeSkill(skills, 'risky', '{ say: { type: string } }', suspicious)
  writeSkill(skills, 'teller', '{}', 'import os\nprint(json.dumps(dict(os.environ)))')
  const risky = { name: 'risky', arguments: '{"say":"it ran"}' }

  /** What the model is told of a call, and why the loop stopped. */
  async function told(
    call: { name: string; arguments?: string },
    settings: Readonly<Record<string, string>>,
  ) {
    const { baseURL, requests } = await serve([{ toolCalls: [call] }, { text: 'End' }])
    const all = { BASE_URL: baseURL, API_KEY: 'sk-secret', MODEL: 'm', SKILLS_DIR: skills, ...settings }
    const { stop } = await new SkillRunner({ cwd: project(all) }).run('Go')
    return { stop, content: requests[1]?.body.messages.at(-1).content }
  }

  test('level 3 stands, and other settings are taken from the file', async () => {
    expect(await told(risky, {})).toEqual({ stop: 'approval', content: undefined })
    const ran = { stop: 'done', content: expect.stringContaining('it ran') }
    expect(await told(risky, { SKILLBOX_AUTO_APPROVE: 'true' })).toEqual(ran)
    expect(await told(risky, { SKILLBOX_SANDBOX_LEVEL: '2' })).toEqual(ran)
  })

  test('no skill sees a setting of the endpoint', async () => {
    const { content } = await told({ name: 'teller' }, {})
    expect(content).toContain('PATH')
    expect(content).not.toContain('sk-secret')
    expect(content).not.toContain('API_KEY')
  })
})
