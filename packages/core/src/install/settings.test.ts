import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type IndexSettings, placeOf, proxyFor, withoutSecrets } from './index-settings.js'
import { npmSettings } from './npm-settings.js'
import { parsePipConfig } from './pip-settings.js'
import { uvSettings } from './uv-settings.js'

const root = mkdtempSync(path.join(tmpdir(), 'settings-'))
afterAll(() => rmSync(root, { recursive: true }))

test('parsePipConfig() reads values as Python writes them', () => {
  const text = `:env:.cert='/a b/c.pem'\nglobal.extra-index-url='\\nhttp://a\\nhttp://b'\nglobal.x="it's"\nnot a line\n`
  expect([...parsePipConfig(text)]).toEqual([
    [':env:.cert', '/a b/c.pem'],
    ['global.extra-index-url', '\nhttp://a\nhttp://b'],
    ['global.x', "it's"],
  ])
})

test.each([
  ['https://index.example/simple/', 'index.example:443'],
  ['http://user:pw@index.example:8080/', 'index.example:8080'],
  ['http://[::1]/', '[::1]:80'],
  ['/opt/wheels', undefined],
  ['file:///opt/wheels', undefined],
])('placeOf(%j) is %j', (address, place) => {
  expect(placeOf(address)).toBe(place)
})

test('withoutSecrets() hides user and password', () => {
  expect(withoutSecrets('http://user:pw@host/x')).toBe('http://host/x')
})

describe('proxyFor()', () => {
  const proxy = 'http://proxy.example:3128'
  test.each([
    [{ HTTPS_PROXY: proxy }, proxy],
    [{ https_proxy: proxy, NO_PROXY: 'other.example' }, proxy],
    [{ ALL_PROXY: proxy }, proxy],
    [{ HTTP_PROXY: proxy }, undefined],
    [{ HTTPS_PROXY: proxy, NO_PROXY: 'localhost, .example' }, undefined],
    [{ HTTPS_PROXY: proxy, no_proxy: '*' }, undefined],
    [{ HTTPS_PROXY: '' }, undefined],
  ])('with %j is %j', (environment, expected) => {
    expect(proxyFor('https://index.example/simple', environment)).toBe(expected)
  })
})

describe('uvSettings()', () => {
  const pip: IndexSettings = {
    index: 'https://pip.example/simple',
    extraIndexes: [],
    findLinks: [],
    noIndex: false,
    trustedHosts: [],
    fileHosts: [],
  }
  const read = (environment: NodeJS.ProcessEnv) => uvSettings({ HOME: root, ...environment }, async () => pip)

  test('takes the variables before the file, and pip where neither names an index', async () => {
    expect(await read({ UV_EXTRA_INDEX_URL: 'https://extra.example/' })).toMatchObject({
      index: pip.index,
      extraIndexes: ['https://extra.example/'],
    })
    mkdirSync(path.join(root, '.config/uv'), { recursive: true })
    const toml =
      '[[index]]\nurl = "https://uv.example/simple"\ndefault = true\n\n[[index]]\nurl = "https://more.example/"\n'
    writeFileSync(path.join(root, '.config/uv/uv.toml'), toml)
    expect(await read({})).toMatchObject({
      index: 'https://uv.example/simple',
      extraIndexes: ['https://more.example/'],
    })
    expect(await read({ UV_DEFAULT_INDEX: 'https://variable.example/' })).toMatchObject({
      index: 'https://variable.example/',
    })
    expect(await read({ UV_NO_CONFIG: '1' })).toMatchObject({ index: pip.index })
  })
})

test('npmSettings() takes credentials of the registries at hand, and no others', async () => {
  const userconfig = path.join(root, 'npmrc')
  writeFileSync(
    userconfig,
    [
      'registry=https://registry.example/npm/',
      '@team:registry=https://team.example/',
      `//registry.example/npm/:_authToken=\${TOKEN_OF_TEST}`,
      '//elsewhere.example/:_authToken=other',
      'script-shell=/bin/evil',
    ].join('\n'),
  )
  const environment = {
    PATH: process.env.PATH,
    HOME: root,
    NPM_CONFIG_USERCONFIG: userconfig,
    TOKEN_OF_TEST: 'abc',
  }
  const settings = await npmSettings(process.execPath, environment)
  expect(settings.registry).toBe('https://registry.example/npm/')
  expect(settings.lines).toEqual([
    'registry=https://registry.example/npm/',
    '@team:registry=https://team.example/',
    '//registry.example/npm/:_authToken=abc',
  ])
})
