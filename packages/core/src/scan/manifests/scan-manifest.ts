import type { FactList } from '../fact.js'
import { findUrls } from '../text/url.js'
import type { Unit } from '../unit.js'
import { imitatedPackage } from './typosquat.js'

/** Scans files that name dependencies or commands to be run at install time. */
export function scanManifest(unit: Unit, facts: FactList, shell: (unit: Unit) => void): void {
  const name = unit.file.split('/').pop() ?? ''
  if (name === 'package.json') scanPackageJson(unit, facts, shell)
  else if (/^requirements[\w.-]*\.(txt|in)$|^constraints\.txt$/.test(name)) scanRequirements(unit, facts)
  else if (name === 'pyproject.toml' || name === 'Pipfile' || name === 'setup.cfg') scanToml(unit, facts)
  else if (/^\.?(npmrc|yarnrc|yarnrc\.yml|pip\.conf|pydistutils\.cfg)$|^(bunfig\.toml|uv\.toml)$/.test(name))
    scanRegistry(unit, facts)
}

const hooks = new Set([
  'preinstall',
  'install',
  'postinstall',
  'prepare',
  'preprepare',
  'postprepare',
  'prepublish',
])
const harmlessHook =
  /^(husky(\s\w+)?|npm run \w+|npx (husky|simple-git-hooks|patch-package|lefthook install|playwright install)[^|;&]{0,40}|node-gyp rebuild|tsc|patch-package|lefthook install|is-ci \|\| husky|simple-git-hooks|ngcc|playwright install[^|;&]{0,40}|prisma generate|nuxt prepare|svelte-kit sync[^|;&]{0,20}|(npm|pnpm|yarn) (run )?build)$/

function scanPackageJson(unit: Unit, facts: FactList, shell: (unit: Unit) => void): void {
  const data = parse(unit.text)
  if (data === undefined) return
  for (const [key, command] of entries(data.scripts)) {
    if (typeof command !== 'string') continue
    const offset = Math.max(0, unit.text.indexOf(JSON.stringify(command).slice(1, 30)))
    const hook = hooks.has(key)
    if (hook && !harmlessHook.test(command.trim()))
      facts.add({ name: 'install-hook', unit, offset, what: `${key}: ${command}`.slice(0, 120) })
    shell({
      file: unit.file,
      text: command,
      kind: 'shell',
      stance: unit.stance,
      origin: { unit, offset, how: `script ${key}` },
    })
  }
  for (const field of ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']) {
    for (const [name, version] of entries(data[field])) {
      if (typeof version !== 'string') continue
      const offset = Math.max(0, unit.text.indexOf(`"${name}"`))
      noteDependency(unit, offset, name, version, 'npm', facts)
    }
  }
}

function noteDependency(
  unit: Unit,
  offset: number,
  name: string,
  version: string,
  registry: 'npm' | 'pypi',
  facts: FactList,
): void {
  const real = imitatedPackage(name, registry)
  if (real !== undefined) facts.add({ name: 'typosquat', unit, offset, what: `${name}, almost ${real}` })
  if (/^(git|https?|github:|gitlab:|bitbucket:)|git\+|^[\w-]+\/[\w.-]+(#|$)/.test(version)) {
    const url = findUrls(version.replace(/^git\+/, ''))[0]
    facts.add({
      name: 'install-from-url',
      unit,
      offset,
      what: `${name} from ${version}`.slice(0, 120),
      host: url?.kind ?? 'known',
    })
  } else if (/^(\*|latest|x|)$/.test(version)) facts.add({ name: 'unpinned', unit, offset, what: name })
}

function scanRequirements(unit: Unit, facts: FactList): void {
  let offset = 0
  for (const line of unit.text.split('\n').slice(0, 5_000)) {
    const text = line.split(' #')[0]?.trim() ?? ''
    const index = /^(?:-i|--index-url|--extra-index-url|--find-links|-f)[ =]+(\S{1,500})/.exec(text)
    const url = findUrls(text.replace(/git\+/, ''))[0]
    if (index !== null) {
      const found = findUrls(index[1] ?? '')[0]
      if (found !== undefined && !/^(known|local|installer)$/.test(found.kind))
        facts.add({ name: 'registry-redirect', unit, offset, what: found.text, host: found.kind })
    } else if (url !== undefined)
      facts.add({ name: 'install-from-url', unit, offset, what: url.text.slice(0, 120), host: url.kind })
    else {
      const name = /^[A-Za-z0-9][\w.-]{0,100}/.exec(text)?.[0]
      if (name !== undefined) {
        const real = imitatedPackage(name, 'pypi')
        if (real !== undefined)
          facts.add({ name: 'typosquat', unit, offset, what: `${name}, almost ${real}` })
        if (!/[=<>~!@]/.test(text)) facts.add({ name: 'unpinned', unit, offset, what: name })
      }
    }
    offset += line.length + 1
  }
}

function scanToml(unit: Unit, facts: FactList): void {
  for (const { 0: quoted, index } of unit.text.matchAll(
    /["']([A-Za-z][\w.-]{2,60})(\[[\w,-]{0,60}\])?\s{0,3}([<>=~!@][^"'\n]{0,200})?["']/g,
  )) {
    const name = /[A-Za-z][\w.-]*/.exec(quoted)?.[0] ?? ''
    const real = imitatedPackage(name, 'pypi')
    if (real !== undefined)
      facts.add({ name: 'typosquat', unit, offset: index, what: `${name}, almost ${real}` })
    const url = /@\s{0,3}(git\+)?https?:/.test(quoted) ? findUrls(quoted.replace('git+', ''))[0] : undefined
    if (url !== undefined)
      facts.add({
        name: 'install-from-url',
        unit,
        offset: index,
        what: url.text.slice(0, 120),
        host: url.kind,
      })
  }
  scanRegistry(unit, facts, /index-url|\[\[tool\.uv\.index|\[\[tool\.poetry\.source|\[\[source/)
}

function scanRegistry(unit: Unit, facts: FactList, only = /registry|index-url|find-links|index/): void {
  if (!only.test(unit.text)) return
  for (const url of findUrls(unit.text, 50)) {
    const line = unit.text.slice(Math.max(0, unit.text.lastIndexOf('\n', url.offset)), url.offset)
    if (
      /registry|index|url/.test(line) &&
      /^(other|raw-ip|shortener|paste|collector|look-alike)$/.test(url.kind) &&
      !/(homepage|repository|documentation|source|issues|changelog)/i.test(line)
    ) {
      if (unit.file.endsWith('.toml') && !/index|registry|source/i.test(line)) continue
      facts.add({ name: 'registry-redirect', unit, offset: url.offset, what: url.text, host: url.kind })
    }
  }
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const data: unknown = JSON.parse(text)
    return typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

function entries(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value).slice(0, 2_000) : []
}
