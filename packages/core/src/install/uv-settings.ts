import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { type IndexSettings, words } from './index-settings.js'

/**
 * What the user's uv is told by its variables and its own configuration file. Where that names no index, `fallback`
 * does: whoever has configured pip alone does not mean a public index by having uv too.
 */
export async function uvSettings(
  environment: NodeJS.ProcessEnv,
  fallback: () => Promise<IndexSettings>,
): Promise<IndexSettings> {
  const file = await configuration(environment)
  const indexes = list(file.index).filter(isRecord)
  const isDefault = (entry: Readonly<Record<string, unknown>>) => entry.default === true
  const index =
    environment.UV_DEFAULT_INDEX ||
    environment.UV_INDEX_URL ||
    text(indexes.find(isDefault)?.url) ||
    text(file['index-url'])
  const extra = [
    ...words(environment.UV_INDEX).map((entry) => entry.replace(/^[\w-]+=(?=https?:)/, '')),
    ...words(environment.UV_EXTRA_INDEX_URL),
    ...indexes.filter((entry) => !isDefault(entry)).flatMap(({ url }) => text(url) ?? []),
    ...list(file['extra-index-url']).flatMap((url) => text(url) ?? []),
  ]
  const findLinks = [
    ...words(environment.UV_FIND_LINKS?.replaceAll(',', ' ')),
    ...list(file['find-links']).flatMap((entry) => text(entry) ?? []),
  ]
  const noIndex = /^(1|true)$/i.test(environment.UV_NO_INDEX ?? '') || file['no-index'] === true
  if (index === undefined && !noIndex) {
    const others = await fallback()
    return {
      ...others,
      extraIndexes: [...others.extraIndexes, ...extra],
      findLinks: [...others.findLinks, ...findLinks],
    }
  }
  const certificates = environment.SSL_CERT_FILE
  return {
    index: index ?? '',
    extraIndexes: extra,
    findLinks,
    noIndex,
    trustedHosts: [
      ...words(environment.UV_INSECURE_HOST),
      ...list(file['allow-insecure-host']).flatMap((host) => text(host) ?? []),
    ],
    ...(certificates === undefined || certificates === '' ? {} : { certificates }),
    fileHosts: [],
  }
}

async function configuration(environment: NodeJS.ProcessEnv): Promise<Readonly<Record<string, unknown>>> {
  if (environment.UV_NO_CONFIG === '1' || environment.UV_NO_CONFIG === 'true') return {}
  const base = environment.XDG_CONFIG_HOME || path.join(environment.HOME ?? homedir(), '.config')
  const files = environment.UV_CONFIG_FILE
    ? [environment.UV_CONFIG_FILE]
    : [path.join(base, 'uv/uv.toml'), '/etc/uv/uv.toml']
  for (const file of files) {
    try {
      const content = readFileSync(file, 'utf8')
      const { parse } = await import('smol-toml')
      const parsed: Readonly<Record<string, unknown>> = parse(content)
      // `uv pip` reads its own table before the general settings.
      return isRecord(parsed.pip) ? { ...parsed, ...parsed.pip } : parsed
    } catch {
      // Not there, or not for us to judge: uv says it itself when it is called.
    }
  }
  return {}
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value]

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
