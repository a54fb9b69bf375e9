import { quote, SkillLiteError } from '../errors.js'
import { runHostProgram } from '../runtime/run-host-program.js'
import { type IndexSettings, placeOf, words } from './index-settings.js'
import type { PipProgram } from './pip-program.js'

/** Run with pip's modules: what its own code says is the index where nobody has configured another. */
const DEFAULT_INDEX = `
import json
from pip._internal.models.index import PyPI
print(json.dumps([PyPI.simple_url, PyPI.file_storage_domain]))
`

/** Asks the user's pip how it is configured: files, PIP_* variables and what is built in. */
export async function pipSettings(pip: PipProgram, environment: NodeJS.ProcessEnv): Promise<IndexSettings> {
  const [listed, builtIn] = await Promise.all([
    runHostProgram(pip.python, [...pip.args, 'config', 'list'], environment),
    runHostProgram(pip.python, pip.with(DEFAULT_INDEX), environment),
  ])
  if (!listed.ok) {
    throw new SkillLiteError(
      'DEPENDENCY_INSTALL_FAILED',
      `pip cannot tell its configuration: ${quote(listed.stderr.trim().split('\n').at(-1), 300)}`,
      `Run ${pip.python} -m pip config list to see why.`,
    )
  }
  const values = parsePipConfig(listed.stdout)
  const value = (name: string): string | undefined =>
    [':env:', 'download', 'install', 'global']
      .map((section) => values.get(`${section}.${name}`))
      .find(Boolean)
  const [defaultIndex, defaultFiles] = builtIn.ok ? (JSON.parse(builtIn.stdout) as [string, string]) : []
  const index = value('index-url') ?? defaultIndex
  const noIndex = /^(1|true|yes|on)$/i.test(value('no-index') ?? '')
  if (index === undefined && !noIndex) {
    throw new SkillLiteError(
      'DEPENDENCY_INSTALL_FAILED',
      'pip does not tell where packages come from',
      'Name your index: pip config set global.index-url ADDRESS, or PIP_INDEX_URL.',
    )
  }
  const proxy = value('proxy')
  const certificates = value('cert') ?? environment.REQUESTS_CA_BUNDLE ?? environment.CURL_CA_BUNDLE
  return {
    index: index ?? '',
    extraIndexes: words(value('extra-index-url')),
    findLinks: words(value('find-links')),
    noIndex,
    trustedHosts: words(value('trusted-host')),
    ...(certificates === undefined || certificates === '' ? {} : { certificates }),
    fileHosts: sameHost(index, defaultIndex) && defaultFiles !== undefined ? [`${defaultFiles}:443`] : [],
    ...(proxy === undefined ? {} : { proxy }),
  }
}

const sameHost = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined && b !== undefined && placeOf(a) === placeOf(b)

/** The lines of `pip config list`: `section.name='value'`, the value as Python writes text. */
export function parsePipConfig(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  for (const line of text.split('\n')) {
    const [, key, quoted] = /^([^=\s]+)=(?:'(.*)'|".*")$/.exec(line.trim()) ?? []
    const raw = quoted ?? /^[^=\s]+="(.*)"$/.exec(line.trim())?.[1]
    if (key !== undefined && raw !== undefined) {
      values.set(
        key,
        raw.replace(/\\(.)/g, (_, escaped: string) =>
          escaped === 'n' ? '\n' : escaped === 't' ? '\t' : escaped,
        ),
      )
    }
  }
  return values
}
