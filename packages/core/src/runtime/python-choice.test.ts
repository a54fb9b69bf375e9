import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { findInterpreter } from './find-interpreter.js'
import { pythonCandidates } from './python-candidates.js'

const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'choice-')))
afterAll(() => rmSync(root, { recursive: true }))
const real = await findInterpreter('python3')

/** A Python that says that it is of this version: the real one behind a script. */
function fakePython(file: string, version: string): string {
  mkdirSync(path.dirname(file), { recursive: true })
  const facts = `print(__import__('json').dumps({'executable': ${JSON.stringify(file)}, 'version': '${version}', 'prefix': '/usr', 'basePrefix': '/usr', 'libraryDirectories': [], 'maps': ''}))`
  writeFileSync(file, `#!/bin/sh\nexec ${real.program} -c "${facts.replaceAll('"', '\\"')}"\n`)
  chmodSync(file, 0o755)
  return file
}

describe('with a version that is wanted', () => {
  const home = path.join(root, 'home')
  const bin = path.join(root, 'bin')
  const environment = { PATH: bin, HOME: home, SKILLLITE_CACHE_DIR: path.join(root, 'cache') }
  const find = (...specifiers: string[]) =>
    findInterpreter('python3', environment, { specifiers, place: 'requirements' })

  fakePython(path.join(bin, 'python3'), '3.90.1')
  const pyenv = fakePython(path.join(home, '.pyenv/versions/3.91.2/bin/python3'), '3.91.2')
  const conda = fakePython(path.join(home, 'miniconda3/envs/one/bin/python3'), '3.95.0')
  const onPath = fakePython(path.join(bin, 'python3.92'), '3.92.0')

  test('the first on PATH is taken where it fits', async () => {
    expect((await find('>=3.9')).version).toBe('3.90.1')
    expect((await find()).version).toBe('3.90.1')
  })

  test('else the newest that does, wherever it was installed', async () => {
    expect((await find('>=3.91')).program).toBe(conda)
    expect((await find('>=3.91', '<3.92')).program).toBe(pyenv)
    expect((await find('~=3.92.0')).program).toBe(onPath)
  })

  test('where none does, all that were found are named', async () => {
    await expect(find('>=3.99')).rejects.toMatchObject({
      code: 'INTERPRETER_MISSING',
      message: expect.stringMatching(
        /No Python here is >=3\.99, as requirements wants; found: 3\.90\.1 \(.*3\.91\.2 \(/,
      ),
    })
  })

  test('one that does not start is passed over', async () => {
    const broken = path.join(home, '.pyenv/versions/3.98.0/bin/python3')
    mkdirSync(path.dirname(broken), { recursive: true })
    writeFileSync(broken, '#!/bin/sh\nexit 1\n', { mode: 0o755 })
    expect((await find('>=3.91')).program).toBe(conda)
  })
})

test('pythonCandidates() names a program once, a virtual environment of its own, and no shim', () => {
  const place = path.join(root, 'names')
  const bin = path.join(place, 'bin')
  const shims = path.join(place, 'shims')
  for (const directory of [bin, shims]) mkdirSync(directory, { recursive: true })
  symlinkSync(realpathSync(real.program), path.join(bin, 'python3.11'))
  symlinkSync('python3.11', path.join(bin, 'python3'))
  symlinkSync(realpathSync(real.program), path.join(shims, 'python3'))
  const environment = path.join(place, 'environment')
  execFileSync(real.program, ['-m', 'venv', '--without-pip', environment])
  const found = pythonCandidates({ PATH: `${shims}:${bin}`, HOME: place, VIRTUAL_ENV: environment })
  expect(found.filter((file) => file.startsWith(place))).toEqual([
    path.join(environment, 'bin/python3'),
    path.join(bin, 'python3'),
  ])
})
