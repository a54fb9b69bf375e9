import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type { Interpreter } from '../runtime/interpreter.js'
import { packageSources } from './package-sources.js'

const root = mkdtempSync(path.join(tmpdir(), 'sources-'))
afterAll(() => rmSync(root, { recursive: true }))
beforeEach(() => {
  rmSync(root, { recursive: true })
  mkdirSync(root)
})

function write(name: string, text: string): string {
  const file = path.join(root, name)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, text)
  return file
}

/** With a home directory of its own, and interpreters that lie below it. */
function sourcesOf(name: Interpreter['name'], environment: NodeJS.ProcessEnv): readonly string[] {
  const interpreter: Interpreter = {
    name,
    program: path.join(root, 'prefix/bin', name),
    args: [],
    mounts: [],
  }
  return packageSources(interpreter, { HOME: root, PATH: path.join(root, 'bin'), ...environment })
}

describe('packageSources() of Python', () => {
  const of = (environment: NodeJS.ProcessEnv = {}) => sourcesOf('python3', environment)

  test.each([
    ['PIP_INDEX_URL', 'https://index.example/simple'],
    ['PIP_EXTRA_INDEX_URL', 'https://index.example/simple'],
    ['PIP_FIND_LINKS', '/opt/wheels'],
    ['PIP_NO_INDEX', '1'],
  ])('are others with %s', (name, value) => {
    expect(of({ [name]: value })).not.toEqual(of())
    expect(of({ [name]: value })).not.toEqual(of({ [name]: `${value}0` }))
    expect(of({ [name]: '' })).toEqual(of())
  })

  test.each(['.config/pip/pip.conf', '.pip/pip.conf', 'prefix/pip.conf'])('are others with %s', (name) => {
    const before = of()
    write(name, '[global]\nindex-url = https://user:first@index.example/simple\n')
    const configured = of()
    expect(configured).not.toEqual(before)
    expect(of({ PIP_CONFIG_FILE: '/dev/null' })).not.toEqual(configured)
    write(name, '[global]\nindex-url = https://user:second@index.example/simple\n')
    expect(of()).toEqual(configured)
  })

  test('do not depend on what has nothing to do with where packages come from', () => {
    expect(
      of({ PIP_TIMEOUT: '3', UV_CACHE_DIR: '/tmp', NPM_CONFIG_REGISTRY: 'https://npm.example/' }),
    ).toEqual(of())
  })

  test('are those of uv, too, where there is one', () => {
    const settings = { UV_DEFAULT_INDEX: 'https://index.example/simple' }
    const before = of()
    expect(of(settings)).toEqual(before)
    chmodSync(write('bin/uv', ''), 0o755)
    expect(of()).toEqual(before)
    expect(of(settings)).not.toEqual(before)
    write('.config/uv/uv.toml', 'index-url = "https://index.example/simple"\n')
    expect(of()).not.toEqual(before)
    expect(of({ UV_NO_CONFIG: '1' })).toEqual(before)
  })
})

describe('packageSources() of Node', () => {
  const of = (environment: NodeJS.ProcessEnv = {}) => sourcesOf('node', environment)

  test('are the registries, whether from a file or as npm passes them on', () => {
    const before = of()
    const token = '//registry.example/npm/:_authToken=first\n'
    write('.npmrc', `registry = https://\${HOST_OF_TEST}/npm\n@team:registry=https://team.example/\n${token}`)
    const environment = { HOST_OF_TEST: 'registry.example' }
    const configured = of(environment)
    expect(configured).not.toEqual(before)
    expect(of({ ...environment, npm_config_registry: 'https://registry.example/npm/' })).toEqual(configured)
    expect(of({ ...environment, NPM_CONFIG_REGISTRY: 'https://other.example/npm/' })).not.toEqual(configured)
    expect(of({ ...environment, 'npm_config_@team:registry': 'https://other.example/' })).not.toEqual(
      configured,
    )
    expect(JSON.stringify(configured)).not.toContain('first')
  })

  test('are read from the file that is named, and from that of the prefix', () => {
    const before = of()
    const named = write('named', 'registry=https://registry.example/\n')
    const configured = of({ NPM_CONFIG_USERCONFIG: named })
    expect(configured).not.toEqual(before)
    write('prefix/etc/npmrc', 'registry=https://registry.example/\n')
    expect(of()).toEqual(configured)
  })
})
