import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { type LoadOptions, SkillManager } from '../manager.js'
import { findConfig } from './find-config.js'

const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'config-')))
afterAll(() => rmSync(root, { recursive: true }))

let project: string
let count = 0
beforeEach(() => {
  project = path.join(root, String(count++))
  mkdirSync(path.join(project, '.git'), { recursive: true })
  write('skills/weather/SKILL.md', '---\nname: weather\ndescription: Test.\n---\n')
  write('data.csv', 'a\n')
})

function write(file: string, text: string): string {
  const full = path.join(project, file)
  mkdirSync(path.dirname(full), { recursive: true })
  writeFileSync(full, text)
  return full
}

const load = (options: LoadOptions = {}): Promise<SkillManager> =>
  SkillManager.load({ cwd: project, config: true, ...options })

async function problem(options?: LoadOptions): Promise<{ message: string; hint: string; code: string }> {
  try {
    await load(options)
  } catch (error) {
    return error as never
  }
  throw new Error('it was loaded')
}

const example = { defaults: { timeoutMs: 5000 }, skills: { weather: { allowRead: ['./data.csv'] } } }
const code = `export default ${JSON.stringify(example)}\n`
const typed = `import { defineConfig, type SkillLiteConfig } from 'skilllite'
const config: SkillLiteConfig = ${JSON.stringify(example)}
export default defineConfig(config)\n`
const yaml = 'defaults:\n  timeoutMs: 5000\nskills:\n  weather:\n    allowRead: [./data.csv]\n'

describe('a configuration file', () => {
  test.each([
    ['ts', typed],
    ['mts', typed],
    ['js', code],
    ['mjs', code],
    ['cjs', code.replace('export default', 'module.exports =')],
    ['json', JSON.stringify(example)],
    ['yaml', yaml],
    ['yml', yaml],
  ])('may be .%s; its paths start at itself', async (extension, text) => {
    const file = write(`skilllite.config.${extension}`, text)
    const manager = await load({ cwd: path.join(project, 'skills'), skillsDir: '.' })
    expect(manager.config?.file).toBe(file)
    expect(manager.policy('weather')).toMatchObject({
      readPaths: [path.join(project, 'data.csv')],
      limits: { wallMs: 5000 },
    })
  })

  test('is not read where the program has not said so', async () => {
    write('skilllite.config.mjs', 'throw new Error("it was run")')
    await expect(SkillManager.load({ cwd: project })).resolves.toMatchObject({ config: undefined })
    expect((await problem()).message).toContain('it was run')
  })

  test('says where skills are, unless the program does', async () => {
    write('elsewhere/other/SKILL.md', '---\nname: other\ndescription: Test.\n---\n')
    write('skilllite.config.json', '{"skillsDir": "elsewhere"}')
    const names = async (options?: LoadOptions) => (await load(options)).skills.map(({ name }) => name)
    expect(await names()).toEqual(['other'])
    expect(await names({ skillsDir: 'skills' })).toEqual(['weather'])
  })

  test('that grants something to a skill that is not there is reported', async () => {
    const file = write('skilllite.config.json', '{"skills": {"wether": {}, "weather": {}}}')
    const { diagnostics } = await load({ skillsDir: 'skills' })
    expect(diagnostics).toEqual([
      {
        code: 'config-skill-unknown',
        severity: 'warning',
        message: 'skills.wether names no skill that was found',
        hint: 'Did you mean weather?',
        path: file,
      },
    ])
  })

  test('may be given by a program as it is, and checked all the same', async () => {
    const manager = await load({ config: { skills: { weather: { level: 2 } } } })
    expect(manager.policy('weather').level).toBe(2)
    expect((await problem({ config: { default: {} } as never })).message).toBe(
      'config: the configuration has no "default"; did you mean defaults?',
    )
  })
})

describe('what is wrong with a configuration', () => {
  test.each<[object, string]>([
    [
      { skills: { weather: { allowHost: [] } } },
      'skills.weather has no "allowHost"; did you mean allowHosts?',
    ],
    [{ defaults: { limits: { pid: 3 } } }, 'defaults.limits has no "pid"; did you mean pids?'],
    [{ defaults: { level: 4 } }, 'defaults.level must be one of 1, 2, 3, got 4'],
    [{ defaults: { timeoutMs: '5s' } }, 'defaults.timeoutMs must be of the type number, got "5s"'],
    [{ defaults: { allowHosts: ['https://x.org'] } }, 'defaults.allowHosts[0] cannot be used:'],
    [
      { skills: { 'a b': { files: 'all' } } },
      'skills["a b"].files must be one of listed, arguments, got "all"',
    ],
    [{ defaults: { env: ['PATH'] } }, 'defaults.env[0] cannot be used: env cannot set PATH'],
    [{ concurrency: 0 }, 'concurrency must be at least 1, got 0'],
    [{ skillsDir: 3 }, 'skillsDir must be a text or a list of texts, got 3'],
  ])('%j is named with its place', async (config, message) => {
    const file = write('skilllite.config.json', JSON.stringify(config))
    const error = await problem()
    expect(error.code).toBe('CONFIG_INVALID')
    expect(error.message.startsWith(`${file}: ${message}`)).toBe(true)
  })

  test.each([
    [{ env: { API_KEY: 'sk-0123456789' } }, 'env'],
    [{ env: ['API_KEY=sk-0123456789'] }, 'env[0]'],
    [{ secrets: { API_KEY: 'sk-0123456789' } }, 'secrets'],
  ])('%j holds a value of a secret, which is refused and not shown', async (grants, place) => {
    const file = write('skilllite.config.json', JSON.stringify({ skills: { weather: grants } }))
    const { message, hint } = await problem()
    expect(message.startsWith(`${file}: skills.weather.${place} gives a value`)).toBe(true)
    expect([message, hint].join()).not.toContain('sk-0123456789')
    expect(hint).toContain('.env')
  })

  test.each([
    ['json', '{'],
    ['yaml', 'a: [1'],
    ['yaml', 'a: &x 1\nb: *x\n'],
    ['ts', 'const x: = 1'],
  ])('.%s that cannot be read is named', async (extension, text) => {
    const file = write(`skilllite.config.${extension}`, text)
    expect(await problem()).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining(`${file} cannot be read: `),
    })
  })
})

describe('where a configuration is looked for', () => {
  test('upward as far as the repository reaches, and no farther', () => {
    write('inner/.git/HEAD', '')
    write('inner/deep/x', '')
    const file = write('skilllite.config.json', '{}')
    expect(findConfig(path.join(project, 'skills'))).toBe(file)
    expect(findConfig(path.join(project, 'inner', 'deep'))).toBeUndefined()
  })

  test('outside of a repository and of the home directory, only where one is', () => {
    rmSync(path.join(project, '.git'), { recursive: true })
    const file = write('skilllite.config.json', '{}')
    expect([findConfig(project), findConfig(path.join(project, 'skills'))]).toEqual([file, undefined])
  })

  test('never in the directory of a skill, also when it is named', async () => {
    write('skills/weather/.git/HEAD', '')
    const planted = write('skills/weather/scripts/skilllite.config.json', '{}')
    expect(findConfig(path.dirname(planted))).toBeUndefined()
    symlinkSync(planted, path.join(project, 'skilllite.config.json'))
    for (const config of [planted, true]) {
      expect(await problem({ config })).toMatchObject({
        code: 'CONFIG_INVALID',
        message: expect.stringContaining("lies in a skill's directory"),
      })
    }
  })

  test('not where everybody may change it, unless it is named', async () => {
    const file = write('skilllite.config.json', '{}')
    chmodSync(file, 0o666)
    expect((await problem()).message).toBe(`${file} can be changed by everyone, so it is not used`)
    await expect(load({ config: 'skilllite.config.json' })).resolves.toBeDefined()
  })

  test.runIf(process.getuid?.() === 0)("not where it is another user's (needs root)", async () => {
    const file = write('skilllite.config.json', '{}')
    chownSync(file, 12_345, 12_345)
    expect((await problem()).message).toBe(`${file} belongs to another user, so it is not used`)
  })

  test('not through a link, which another user may have made', async () => {
    const file = path.join(project, 'skilllite.config.json')
    symlinkSync(write('other.json', '{}'), file)
    expect((await problem()).message).toBe(`${file} is a symbolic link, so it is not used`)
    await expect(load({ config: 'skilllite.config.json' })).resolves.toBeDefined()
  })

  test('not out of a directory that everybody may change', async () => {
    const file = write('skilllite.config.json', '{}')
    chmodSync(project, 0o777)
    const { message } = await problem()
    expect(message).toBe(`${file} lies in a directory that everyone can change, so it is not used`)
  })

  test('nor with a .env that everybody may change', async () => {
    write('skilllite.config.json', '{}')
    chmodSync(write('.env', 'A=1'), 0o666)
    const env = path.join(project, '.env')
    expect((await problem()).message).toBe(`${env} can be changed by everyone, so it is not used`)
  })
})

describe('precedence', () => {
  test('a call, then load, then the skill in the file, then its defaults', async () => {
    const file = write(
      'skilllite.config.json',
      JSON.stringify({
        defaults: {
          timeoutMs: 1000,
          memoryMb: 100,
          allowHosts: ['a.org'],
          env: ['SHARED'],
          limits: { pids: 5, files: 50 },
        },
        skills: { weather: { memoryMb: 200, allowHosts: ['b.org'], env: ['API_KEY'], limits: { pids: 6 } } },
      }),
    )
    write('.env', 'API_KEY=from-the-file\nSHARED=from-the-file\n')
    const manager = await load({ memoryMb: 300, limits: { connections: 3 } })
    const call = { timeoutMs: 9000, env: { EXTRA: 'x' } }
    expect(manager.policy('weather', call)).toMatchObject({
      hosts: ['b.org'],
      environment: ['SHARED', 'API_KEY', 'EXTRA'],
      limits: { wallMs: 9000, memoryBytes: 300 * 1024 * 1024, pids: 6, files: 50, connections: 3 },
    })
    expect(manager.policyOrigins('weather', call)).toMatchObject({
      timeoutMs: 'call',
      memoryMb: 'load',
      allowHosts: `${file}#skills.weather.allowHosts`,
      'env.SHARED': `${file}#defaults.env`,
      'env.API_KEY': `${file}#skills.weather.env`,
      'env.EXTRA': 'call',
      'limits.pids': `${file}#skills.weather.limits`,
      'limits.files': `${file}#defaults.limits`,
      'limits.connections': 'load',
    })
  })

  test('grants of one skill are not those of another', async () => {
    write('skills/other/SKILL.md', '---\nname: other\ndescription: Test.\n---\n')
    write(
      'skilllite.config.json',
      JSON.stringify({ skills: { weather: { allowHosts: ['b.org'], level: 2 } } }),
    )
    const manager = await load()
    expect(manager.policy('weather')).toMatchObject({ hosts: ['b.org'], level: 2 })
    expect(manager.policy('other')).toMatchObject({ hosts: [], level: 3 })
  })
})
