import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { findProgram } from '../runtime/find-program.js'
import type { Interpreter } from '../runtime/interpreter.js'
import { withoutSecrets } from './index-settings.js'

/**
 * What decides where packages come from: the settings of the installers, without credentials, as read from variables and
 * files. Environments built under other settings do not answer for these. No installer is asked, which would slow every
 * run down; of pip's and uv's files the whole text counts, so that what matters in them need not be known here.
 */
export function packageSources(interpreter: Interpreter, environment: NodeJS.ProcessEnv): readonly string[] {
  const settings =
    interpreter.name === 'python3'
      ? [...pipSources(interpreter, environment), ...uvSources(environment)]
      : npmSources(interpreter, environment)
  return settings.map(withoutSecrets)
}

function pipSources({ program }: Interpreter, environment: NodeJS.ProcessEnv): readonly string[] {
  const home = environment.HOME ?? homedir()
  const chosen = environment.PIP_CONFIG_FILE
  // As pip has it: the null device means that no file is read.
  const places =
    chosen === '/dev/null'
      ? []
      : [
          ...(environment.XDG_CONFIG_DIRS || '/etc/xdg')
            .split(':')
            .map((base) => path.join(base, 'pip/pip.conf')),
          '/Library/Application Support/pip/pip.conf',
          '/etc/pip.conf',
          path.join(home, '.pip/pip.conf'),
          path.join(home, 'Library/Application Support/pip/pip.conf'),
          path.join(configDirectory(environment), 'pip/pip.conf'),
          path.join(path.dirname(path.dirname(program)), 'pip.conf'),
          ...(chosen ? [chosen] : []),
        ]
  return [
    ...variables(environment, /^PIP_(INDEX_URL|EXTRA_INDEX_URL|FIND_LINKS|NO_INDEX)$/),
    ...texts(places),
  ]
}

/** Nothing where uv is not used, or has no settings of its own: then those of pip count. */
function uvSources(environment: NodeJS.ProcessEnv): readonly string[] {
  if (findProgram('uv', environment.PATH) === undefined) return []
  const places = environment.UV_CONFIG_FILE
    ? [environment.UV_CONFIG_FILE]
    : [path.join(configDirectory(environment), 'uv/uv.toml'), '/etc/uv/uv.toml']
  const names = /^UV_(DEFAULT_INDEX|INDEX_URL|INDEX|EXTRA_INDEX_URL|FIND_LINKS|NO_INDEX)$/
  const files = /^(1|true)$/.test(environment.UV_NO_CONFIG ?? '') ? [] : texts(places)
  return [...variables(environment, names), ...files]
}

/**
 * The registries. Each setting once, from where it counts most: npm passes settings of its files on to the programs that
 * it starts, as variables, and the same must come of both.
 */
function npmSources({ program }: Interpreter, environment: NodeJS.ProcessEnv): readonly string[] {
  const option = (name: string): string | undefined =>
    Object.entries(environment).find(
      ([key, value]) => key.toLowerCase() === `npm_config_${name}` && value !== '',
    )?.[1]
  const prefix = option('prefix') ?? path.dirname(path.dirname(program))
  const places = [
    option('userconfig') ?? path.join(environment.HOME ?? homedir(), '.npmrc'),
    option('globalconfig') ?? path.join(prefix, 'etc/npmrc'),
    '/etc/npmrc',
  ]
  const lines = [
    ...variables(environment, /^npm_config_(@[^:]+:)?registry$/i).map((line) =>
      line.slice('npm_config_'.length).replace(/^.*?=/, (name) => name.toLowerCase()),
    ),
    ...texts(places).flatMap((text) => text.split('\n')),
  ]
  const found = new Map<string, string>()
  for (const line of lines) {
    const [, name, address = ''] = /^\s*((?:@[^:=\s]+:)?registry)\s*=\s*(.*?)\s*$/.exec(line) ?? []
    if (name === undefined || found.has(name)) continue
    const value = address.replace(/\$\{(\w+)\}/g, (_, variable: string) => environment[variable] ?? '')
    found.set(name, value.replace(/^"(.*)"$/, '$1').replace(/\/*$/, '/'))
  }
  return [...found].map((entry) => entry.join('=')).sort()
}

const configDirectory = (environment: NodeJS.ProcessEnv): string =>
  environment.XDG_CONFIG_HOME || path.join(environment.HOME ?? homedir(), '.config')

/** `NAME=value`, sorted. An empty one counts as none. */
function variables(environment: NodeJS.ProcessEnv, names: RegExp): readonly string[] {
  return Object.entries(environment)
    .flatMap(([name, value]) => (names.test(name) && value ? [`${name}=${value.trim()}`] : []))
    .sort()
}

/** Of the files that can be read; the same one named twice counts once. */
function texts(places: readonly string[]): readonly string[] {
  return [...new Set(places)].flatMap((file) => {
    try {
      return [readFileSync(file, 'utf8')]
    } catch {
      return []
    }
  })
}
