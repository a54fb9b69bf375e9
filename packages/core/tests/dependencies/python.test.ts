import { execFile } from 'node:child_process'
import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  cachedEnvironments,
  findInterpreter,
  pruneEnvironments,
  type RunOptions,
  SkillManager,
} from '../../src/index.js'
import { findProgram } from '../../src/runtime/find-program.js'
import { configureInstallers, Workplace } from './fixtures/dependent-skill.js'
import { connectProxy, type PackageServer, pythonIndex } from './fixtures/package-server.js'
import { wheel } from './fixtures/wheel.js'

const files = new Map<string, Buffer>([
  wheel('greeting', '1.0', { 'greeting/__init__.py': 'WORD = "hello"\n' }),
  wheel('greeting', '2.0', { 'greeting/__init__.py': 'from wording import word\nWORD = word()\n' }, [
    'wording>=1',
  ]),
  wheel('wording', '1.5', { 'wording.py': 'def word():\n    return "good day"\n' }),
])
const MAIN = 'import json, greeting\nprint(json.dumps({"word": greeting.WORD}))\n'
const BLOCK = '# /// script\n# dependencies = ["greeting"]\n# ///\n'

const work = new Workplace()
const { run, outputOf } = work
let index: PackageServer
let restore: () => void

beforeAll(async () => {
  index = await pythonIndex(files)
})
beforeEach(() => {
  restore?.()
  restore = configureInstallers(work.cache, { PIP_INDEX_URL: `${index.address}/simple/` })
  rmSync(work.cache, { recursive: true, force: true })
  rmSync(path.join(work.project, '.skilllite'), { recursive: true, force: true })
  index.asked.length = 0
})
afterAll(() => {
  restore?.()
  index.close()
  work.close()
})

describe('where packages are declared', () => {
  const declaredBy = async (files: Readonly<Record<string, string>>, front = '') => {
    const manager = await SkillManager.load({ skillsDir: work.skill(files, front), cwd: work.project })
    const [{ requirements, interpreter, places, installed } = missing] =
      await manager.dependencies('needs-packages')
    return { requirements, interpreter, places, installed }
  }
  const missing = { requirements: [], interpreter: [], places: [], installed: true }
  const greeting = (place: string, ...requirements: string[]) => ({
    requirements: requirements.length === 0 ? ['greeting'] : requirements,
    interpreter: [],
    places: [place],
    installed: false,
  })

  test.each([
    [{ 'main.py': `${BLOCK}${MAIN}` }, '', greeting('the script block of main.py')],
    [
      {
        'main.py': MAIN,
        'requirements.txt': '# what it needs\ngreeting >= 1.0 , \\\n < 3  # not 3\n-r more.txt\n',
        'more.txt': 'wording\n',
      },
      '',
      greeting('requirements.txt', 'greeting<3,>=1.0', 'wording'),
    ],
    [
      {
        'main.py': MAIN,
        'pyproject.toml': '[project]\nname = "x"\ndependencies = ["Greeting"]\nrequires-python = ">=3.6"\n',
      },
      '',
      { ...greeting('pyproject.toml'), interpreter: ['>=3.6'] },
    ],
    [{ 'main.py': MAIN }, 'dependencies: [greeting]\n', greeting('the dependencies of SKILL.md')],
    [
      { 'main.py': MAIN },
      'language: python>=3.6\n',
      { ...missing, interpreter: ['>=3.6'], places: ['the dependencies of SKILL.md'] },
    ],
    [
      { 'a/main.py': MAIN, 'a/requirements.txt': 'greeting', 'requirements.txt': 'no' },
      '',
      greeting('a/requirements.txt'),
    ],
    [{ 'a/main.py': MAIN, 'requirements.txt': 'greeting' }, '', greeting('requirements.txt')],
    [
      { 'main.py': `${BLOCK}${MAIN}`, 'requirements.txt': 'no' },
      'dependencies: [no]\n',
      greeting('the script block of main.py'),
    ],
    [{ 'main.py': MAIN }, 'dependencies: [greeting]\nlanguage: node\n', missing],
  ])('%j %j', async (files, front, declared) => {
    expect(await declaredBy(files as Record<string, string>, front)).toEqual(declared)
  })

  test.each([
    ['--index-url http://127.0.0.1:1/simple\ngreeting\n', /line 1.*options/],
    ['greeting @ http://127.0.0.1:1/greeting-1.0-py3-none-any.whl\n', /line 1.*address/],
    ['-e .\n', /options/],
    ['./greeting\n', /name of a package/],
    ['greeting\n-r ../../outside.txt\n', /outside\.txt/],
    ['greeting; python_version < "3" \\\n --no-binary=:all:', /marker/],
  ])('%j is not installed from', async (requirements, problem) => {
    const directory = work.skill({ 'main.py': 'print(1)\n', 'requirements.txt': requirements })
    await expect(run(directory, { dependencies: 'allow' })).rejects.toMatchObject({
      code: 'DEPENDENCY_INVALID',
      message: expect.stringMatching(problem),
    })
    // Where nothing is to be installed, it is no reason not to run.
    expect(await outputOf(directory, {})).toBe(1)
    expect(index.asked).toEqual([])
  })
})

describe("the host's word", () => {
  test('without it nothing is fetched, and one sentence says what installs the packages', async () => {
    const result = await run(work.skill({ 'main.py': `${BLOCK}${MAIN}` }))
    expect(result).toMatchObject({ status: 'completed', exitCode: 1 })
    expect(result).toHaveProperty(
      'hint',
      expect.stringMatching(
        /greeting \(declared in the script block of main\.py\).*skilllite run needs-packages --install$/,
      ),
    )
    expect(index.asked).toEqual([])
  })

  test('a script that reports a missing package itself gets the sentence too', async () => {
    const code = `${BLOCK}import sys\ntry:\n    import greeting\nexcept ImportError:\n    sys.exit("error: greeting is not there")\n`
    expect(await run(work.skill({ 'main.py': code }))).toHaveProperty(
      'hint',
      expect.stringContaining('--install'),
    )
  })

  test('is asked for by the names of the packages', async () => {
    const directory = work.skill({ 'main.py': `${BLOCK}${MAIN}` })
    const asked: unknown[] = []
    const ask = (answer: boolean): RunOptions => ({
      dependencies: 'ask',
      confirmInstall: (request) => {
        asked.push(request)
        return answer
      },
    })
    expect(await run(directory, ask(false))).toMatchObject({
      status: 'refused',
      reason: expect.stringContaining('greeting'),
    })
    expect(index.asked).toEqual([])
    expect(await outputOf(directory, ask(true))).toEqual({ word: 'good day' })
    // What is installed is not asked for again.
    expect(await outputOf(directory, ask(false))).toEqual({ word: 'good day' })
    const request = {
      skill: 'needs-packages',
      requirements: ['greeting'],
      places: ['the script block of main.py'],
      locked: false,
    }
    expect(asked).toEqual([request, request])
  })

  test('is not asked for where the script finds its packages anyway', async () => {
    const { program } = await findInterpreter('python3')
    const environment = path.join(work.root, 'own-python')
    await promisify(execFile)(program, ['-m', 'venv', '--without-pip', environment])
    const [library = ''] = readdirSync(path.join(environment, 'lib'))
    const site = path.join(environment, 'lib', library, 'site-packages')
    writeFileSync(path.join(site, 'greeting.py'), 'WORD = "from the interpreter"\n')
    mkdirSync(path.join(site, 'greeting-1.5.dist-info'))
    process.env.PATH = `${environment}/bin:${process.env.PATH}`
    let asked = 0
    const confirmInstall = () => {
      asked++
      return false
    }
    expect(await outputOf(work.skill({ 'main.py': `${BLOCK}${MAIN}` }), { confirmInstall })).toEqual({
      word: 'from the interpreter',
    })
    expect(asked).toBe(0)
    const newer = work.skill({ 'main.py': `${BLOCK.replace('greeting', 'greeting>=2')}${MAIN}` })
    expect(await run(newer, { confirmInstall })).toMatchObject({ status: 'refused' })
    expect(asked).toBe(1)
  })

  test('nobody to ask is a no', async () => {
    expect(await run(work.skill({ 'main.py': `${BLOCK}${MAIN}` }), { dependencies: 'ask' })).toMatchObject({
      status: 'refused',
    })
  })
})

describe('an environment', () => {
  test('is built once, shared between skills, and used without an index', async () => {
    await outputOf(work.skill({ 'main.py': `${BLOCK}${MAIN}` }))
    index.asked.length = 0
    expect(await outputOf(work.skill({ 'main.py': `${BLOCK}${MAIN}# another\n` }), {})).toEqual({
      word: 'good day',
    })
    // Another request with the same answer.
    await outputOf(work.skill({ 'main.py': MAIN, 'requirements.txt': 'greeting>=2' }))
    expect(await cachedEnvironments()).toHaveLength(1)
  })

  test('answers only for the settings under which its packages were found', async () => {
    const from = (word: string) => {
      const directory = path.join(work.root, `wheels-${word}`)
      mkdirSync(directory, { recursive: true })
      const [name, data] = wheel('greeting', '1.0', { 'greeting/__init__.py': `WORD = "${word}"\n` })
      writeFileSync(path.join(directory, name), data)
      Object.assign(process.env, { PIP_NO_INDEX: '1', PIP_FIND_LINKS: directory })
      return directory
    }
    const directory = work.skill({ 'main.py': `${BLOCK}${MAIN}` })
    const one = from('one')
    expect(await outputOf(directory)).toEqual({ word: 'one' })
    const other = from('other')
    expect(await run(directory)).toMatchObject({ exitCode: 1, hint: expect.stringContaining('--install') })
    expect(await outputOf(directory)).toEqual({ word: 'other' })
    expect(await cachedEnvironments()).toHaveLength(2)
    // Each is found again under its own settings, without installing and without what it came from.
    for (const [place, word] of [
      [one, 'one'],
      [other, 'other'],
    ] as const) {
      rmSync(place, { recursive: true })
      process.env.PIP_FIND_LINKS = place
      expect(await outputOf(directory, {})).toEqual({ word })
    }
  })

  test('is the same whatever the password for the index, and under a lock wherever its packages came from', async () => {
    const directory = work.skill({ 'main.py': `${BLOCK}${MAIN}` })
    for (const password of ['first', 'second']) {
      process.env.PIP_INDEX_URL = `http://user:${password}@${index.place}/simple/`
      const options: RunOptions = password === 'first' ? { dependencies: 'allow' } : {}
      expect(await outputOf(directory, options)).toEqual({ word: 'good day' })
    }
    const manager = await SkillManager.load({ skillsDir: directory, cwd: work.project })
    await manager.lock('needs-packages')
    Object.assign(process.env, { PIP_INDEX_URL: 'http://127.0.0.1:1/simple/' })
    expect(await outputOf(directory, {})).toEqual({ word: 'good day' })
    expect(await cachedEnvironments()).toHaveLength(1)
  })

  test('is an ordinary virtual environment that runs everywhere and that no run can change', async (context) => {
    if (process.platform !== 'linux') context.skip('needs Linux')
    const code = `import greeting, json, sys
try:
    open(greeting.__file__, "a")
    print('"changed"')
except OSError:
    print(json.dumps([greeting.WORD, sys.prefix]))
`
    const directory = work.skill({ 'main.py': `${BLOCK}${code}` })
    const happened: string[] = []
    const output = await outputOf(directory, {
      dependencies: 'allow',
      onProgress: (progress) =>
        happened.push(progress.kind === 'install-started' ? progress.requirements.join() : progress.kind),
    })
    expect([...new Set(happened)]).toEqual(['greeting', 'install-output', 'install-finished', 'run-started'])
    const [environment] = await cachedEnvironments()
    const tree = path.join(environment?.directory ?? '', 'tree')
    expect(output).toEqual(['good day', tree])
    for (const options of [{ backend: 'landlock' }, { level: 3 }] as const) {
      expect(await outputOf(directory, options)).toEqual(['good day', tree])
    }
    expect(lstatSync(path.join(tree, 'bin/python3')).isSymbolicLink()).toBe(true)
    expect(readFileSync(path.join(tree, 'pyvenv.cfg'), 'utf8')).toContain(
      'include-system-site-packages = false',
    )
    const [series = ''] = readdirSync(path.join(tree, 'lib'))
    const compiled = readdirSync(path.join(tree, 'lib', series, 'site-packages/greeting/__pycache__'))
    expect(compiled).toEqual([expect.stringMatching(/\.pyc$/)])
    expect(readdirSync(path.join(work.cache, 'environments/locks'))).toEqual([])
  })

  test('is removed by prune, and built anew', async () => {
    const directory = work.skill({ 'main.py': `${BLOCK}${MAIN}` })
    await outputOf(directory)
    expect(await pruneEnvironments(30)).toMatchObject({ environments: [] })
    expect(await pruneEnvironments(0)).toMatchObject({
      environments: [{ packages: ['greeting==2.0', 'wording==1.5'] }],
    })
    expect(await cachedEnvironments()).toEqual([])
    expect(await run(directory)).toMatchObject({ exitCode: 1 })
    expect(await outputOf(directory)).toEqual({ word: 'good day' })
  })

  test('that was damaged counts as none', async () => {
    const directory = work.skill({ 'main.py': `${BLOCK}${MAIN}` })
    await outputOf(directory)
    const [environment] = await cachedEnvironments()
    writeFileSync(path.join(environment?.directory ?? '', 'environment.json'), '{')
    expect(await cachedEnvironments()).toEqual([])
    expect(await outputOf(directory)).toEqual({ word: 'good day' })
  })

  test('holds nothing of another interpreter', async () => {
    const directory = work.skill({
      'main.py': `# /// script\n# requires-python = ">=4"\n# dependencies = ["greeting"]\n# ///\n${MAIN}`,
    })
    await expect(run(directory, { dependencies: 'allow' })).rejects.toMatchObject({
      code: 'INTERPRETER_MISSING',
      message: expect.stringMatching(
        /No Python here is >=4, as the script block of main\.py wants; found: 3\.\d+/,
      ),
    })
  })
})

describe('installers', () => {
  test('a package that the index does not have is told in one sentence, and nothing is left', async () => {
    const directory = work.skill({ 'main.py': `${BLOCK.replace('greeting', 'no-such-package')}${MAIN}` })
    await expect(run(directory, { dependencies: 'allow' })).rejects.toMatchObject({
      code: 'DEPENDENCY_INSTALL_FAILED',
      message: expect.stringContaining('no-such-package'),
    })
    expect(readdirSync(path.join(work.cache, 'environments/building'))).toEqual([])
  })

  test('files at another host are fetched where the index names that host', async () => {
    const filesServer = await pythonIndex(files)
    const other = await pythonIndex(files, () => filesServer.address)
    process.env.PIP_INDEX_URL = `${other.address}/simple/`
    expect(await outputOf(work.skill({ 'main.py': `${BLOCK}${MAIN}` }))).toEqual({ word: 'good day' })
    expect(filesServer.asked).toContain('/files/greeting-2.0-py3-none-any.whl')
    filesServer.close()
    other.close()
  })

  test('a user and password for the index are passed on, and shown nowhere', async () => {
    const directory = work.skill({ 'main.py': `${BLOCK.replace('greeting', 'no-such-package')}${MAIN}` })
    process.env.PIP_INDEX_URL = `http://user:pass-of-test@${index.place}/simple/`
    const error = await run(directory, { dependencies: 'allow' }).catch((reason: Error) => reason)
    expect(error).toHaveProperty('code', 'DEPENDENCY_INSTALL_FAILED')
    expect(JSON.stringify([error, String(error)])).not.toContain('pass-of-test')
    expect(await outputOf(work.skill({ 'main.py': `${BLOCK}${MAIN}` }))).toEqual({ word: 'good day' })
  })

  test('a local directory can be the index', async () => {
    const wheels = path.join(work.root, 'wheels')
    rmSync(wheels, { recursive: true, force: true })
    mkdirSync(wheels)
    for (const [name, data] of files) writeFileSync(path.join(wheels, name), data)
    Object.assign(process.env, { PIP_NO_INDEX: '1', PIP_FIND_LINKS: wheels })
    expect(await outputOf(work.skill({ 'main.py': `${BLOCK}${MAIN}` }))).toEqual({ word: 'good day' })
    expect(index.asked).toEqual([])
  })

  test('the proxy of the user is gone through, and it is the one that resolves names', async () => {
    const proxy = await connectProxy({ 'packages.invalid:80': index.place })
    const settings = {
      PIP_INDEX_URL: 'http://packages.invalid/simple/',
      PIP_TRUSTED_HOST: 'packages.invalid',
      HTTP_PROXY: `http://user:secret-of-test@${proxy.place}`,
    }
    Object.assign(process.env, settings)
    const directory = work.skill({ 'main.py': `${BLOCK}${MAIN}` })
    expect(await outputOf(directory)).toEqual({ word: 'good day' })
    const authorization = `Basic ${Buffer.from('user:secret-of-test').toString('base64')}`
    expect(new Set(proxy.asked)).toEqual(new Set([`packages.invalid:80 ${authorization}`]))
    proxy.close()
    await pruneEnvironments(0)
    const error = await run(directory, { dependencies: 'allow' }).catch((reason: Error) => reason)
    expect(error).toMatchObject({
      message: expect.stringMatching(/the proxy 127\.0\.0\.1:\d+: ECONNREFUSED/),
    })
    expect(String(error)).not.toContain('secret-of-test')
  })

  test('hosts in NO_PROXY are reached directly, and a proxy of another kind is told', async () => {
    const directory = work.skill({ 'main.py': `${BLOCK}${MAIN}` })
    process.env.HTTP_PROXY = 'socks5://127.0.0.1:9'
    await expect(run(directory, { dependencies: 'allow' })).rejects.toMatchObject({
      message: expect.stringContaining('no HTTP proxy'),
    })
    process.env.NO_PROXY = '127.0.0.1'
    expect(await outputOf(directory)).toEqual({ word: 'good day' })
  })

  test('uv installs the same', async (context) => {
    const uv = process.env.SKILLLITE_TEST_UV ?? findProgram('uv', process.env.PATH)
    if (uv === undefined) context.skip('needs uv on PATH, or SKILLLITE_TEST_UV')
    process.env.PATH = `${path.dirname(uv ?? '')}:${process.env.PATH}`
    process.env.UV_DEFAULT_INDEX = `${index.address}/simple/`
    const installers: string[] = []
    const output = await outputOf(work.skill({ 'main.py': `${BLOCK}${MAIN}` }), {
      dependencies: 'allow',
      onProgress: (progress) => progress.kind === 'install-started' && installers.push(progress.installer),
    })
    expect([output, installers]).toEqual([{ word: 'good day' }, ['uv']])
  })
})

describe('lock', () => {
  const lockOf = async (directory: string) => {
    const manager = await SkillManager.load({ skillsDir: directory, cwd: work.project })
    return manager.lock('needs-packages')
  }

  test('the recorded versions are installed, though newer ones have come', async () => {
    const old = new Map([...files].filter(([name]) => !name.startsWith('greeting-2')))
    const earlier = await pythonIndex(old)
    process.env.PIP_INDEX_URL = `${earlier.address}/simple/`
    const directory = work.skill({ 'main.py': `${BLOCK}${MAIN}` })
    const { file, entries } = await lockOf(directory)
    earlier.close()
    expect(file).toBe(path.join(work.project, '.skilllite/dependencies.lock.json'))
    expect(entries[0]?.pins).toMatchObject([
      { name: 'greeting', version: '1.0', hashes: [expect.stringMatching(/^sha256:/)] },
    ])
    process.env.PIP_INDEX_URL = `${index.address}/simple/`
    await pruneEnvironments(0)
    expect(await outputOf(directory)).toEqual({ word: 'hello' })
    rmSync(file)
    expect(await outputOf(directory)).toEqual({ word: 'good day' })
  })

  test('other bytes under the same version are refused', async () => {
    const directory = work.skill({ 'main.py': `${BLOCK}${MAIN}` })
    await lockOf(directory)
    await pruneEnvironments(0)
    const forged = new Map([
      ...files,
      wheel('wording', '1.5', { 'wording.py': 'def word():\n    return "forged"\n' }),
    ])
    const forger = await pythonIndex(forged)
    process.env.PIP_INDEX_URL = `${forger.address}/simple/`
    await expect(run(directory, { dependencies: 'allow' })).rejects.toMatchObject({
      code: 'DEPENDENCY_INSTALL_FAILED',
      message: expect.stringMatching(/hash/i),
    })
    forger.close()
    expect(await cachedEnvironments()).toEqual([])
  })

  test('a lock for other requirements is not passed over', async () => {
    await lockOf(work.skill({ 'main.py': `${BLOCK}${MAIN}` }))
    const changed = work.skill({ 'main.py': `${BLOCK.replace('greeting', 'greeting<2')}${MAIN}` })
    await expect(run(changed, { dependencies: 'allow' })).rejects.toMatchObject({
      code: 'DEPENDENCY_LOCK_INVALID',
      hint: expect.stringContaining('skilllite lock needs-packages'),
    })
  })

  test('one that cannot be read is an error, not no lock', async () => {
    const directory = work.skill({ 'main.py': `${BLOCK}${MAIN}` })
    const { file } = await lockOf(directory)
    for (const text of ['{', '[]', '{"version":2,"entries":[]}', '{"version":1,"entries":[{"skill":"x"}]}']) {
      writeFileSync(file, text)
      await expect(run(directory, { dependencies: 'allow' })).rejects.toMatchObject({
        code: 'DEPENDENCY_LOCK_INVALID',
      })
    }
  })
})
