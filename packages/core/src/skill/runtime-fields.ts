import { quote } from '../errors.js'
import type { RuntimeDeclaration } from './skill-info.js'

/** The fields that SkillLite reads beyond the specification's. */
export const runtimeFields = [
  'version',
  'entry_point',
  'language',
  'dependencies',
  'network',
  'env',
  'input_schema',
] as const

type Field = (typeof runtimeFields)[number]
type Report = (problem: string, hint: string) => void

const maxSchemaDepth = 64
const host = /^(?:\*|(?:\*\.)?[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])(?::(?:\d{1,5}|\*))?$/i
const variable = /^[A-Za-z_][A-Za-z0-9_]*$/

/** Turns one declared field into its part of the declaration; what cannot be used is reported and left out. */
export function readRuntimeField(field: Field, value: unknown, report: Report): RuntimeDeclaration {
  switch (field) {
    case 'version':
    case 'language': {
      const text = readText(value, report)
      return text === undefined ? {} : { [field]: text }
    }
    case 'entry_point': {
      const entryPoint = readEntryPoint(value, report)
      return entryPoint === undefined ? {} : { entryPoint }
    }
    case 'dependencies': {
      const dependencies = readList(value, report)
      return dependencies ? { dependencies } : {}
    }
    case 'env': {
      const env = readEnv(value, report)
      return env ? { env } : {}
    }
    case 'network': {
      const network = readNetwork(value, report)
      return network === undefined ? {} : { network }
    }
    case 'input_schema': {
      const inputSchema = readSchema(value, report)
      return inputSchema ? { inputSchema } : {}
    }
  }
}

function readText(value: unknown, report: Report): string | undefined {
  if (typeof value === 'string' && value.trim() !== '') return value.trim()
  report(`expected text, got ${quote(value)}`, 'Give it one value on the same line.')
  return undefined
}

function readEntryPoint(value: unknown, report: Report): string | undefined {
  const text = readText(value, report)?.replace(/^(?:\.\/)+/, '')
  if (text === undefined) return undefined
  const inside = !/^\/|^[A-Za-z]:|\\/.test(text) && !text.includes('\0') && !text.split('/').includes('..')
  if (inside && text !== '') return text
  report(
    `${quote(text)} is not a path inside the skill`,
    'Give the path relative to the skill directory, with /.',
  )
  return undefined
}

function readList(value: unknown, report: Report): string[] | undefined {
  const items = typeof value === 'string' ? value.split(/[,\n]/) : value
  if (Array.isArray(items) && items.every((item) => typeof item === 'string')) {
    return items.map((item) => item.trim()).filter((item) => item !== '')
  }
  report(`expected a list of text, got ${quote(value)}`, 'Write one "- item" line for each.')
  return undefined
}

function readEnv(value: unknown, report: Report): string[] | undefined {
  // Some write a mapping of name to explanation; only the names matter here.
  const names = readList(isRecord(value) ? Object.keys(value) : value, report)
  return names?.filter((name) => {
    const valid = variable.test(name)
    if (!valid)
      report(`${quote(name)} is no name of an environment variable`, 'List names only, without values.')
    return valid
  })
}

function readNetwork(value: unknown, report: Report): boolean | string[] | undefined {
  if (isRecord(value)) {
    if (typeof value.enabled === 'string' && asBoolean(value.enabled) === false) return false
    const hosts = value.hosts ?? value.outbound ?? value.allow
    if (hosts !== undefined) return readNetwork(hosts, report)
    if (typeof value.enabled === 'string') return readNetwork(value.enabled, report)
    report('it names no hosts', 'List the hosts that the skill talks to.')
    return undefined
  }
  const asked = typeof value === 'string' ? asBoolean(value) : undefined
  if (asked !== undefined) return asked
  const hosts = readList(value, report)?.filter((name) => {
    const valid = host.test(name)
    if (!valid)
      report(`${quote(name)} is no host name`, 'Give hosts as name or name:port, without https:// or path.')
    return valid
  })
  return hosts && hosts.length > 0 ? hosts : undefined
}

function asBoolean(text: string): boolean | undefined {
  if (/^(?:true|yes|on|required)$/i.test(text.trim())) return true
  if (/^(?:false|no|off|none)$/i.test(text.trim())) return false
  return undefined
}

function readSchema(value: unknown, report: Report): Record<string, unknown> | undefined {
  const hint = 'Give a JSON Schema of an object, as YAML or as JSON.'
  try {
    const data = copyJson(typeof value === 'string' ? JSON.parse(value) : value, 0)
    if (isRecord(data)) return data
    report(`expected a mapping, got ${quote(data)}`, hint)
  } catch (error) {
    report(error instanceof Error ? error.message : String(error), hint)
  }
  return undefined
}

/** Copies key by key into objects without prototype: `JSON.parse` makes `__proto__` an own key of an ordinary one. */
function copyJson(value: unknown, depth: number): unknown {
  if (depth > maxSchemaDepth) throw new Error('nested too deeply')
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`${value} is no JSON number`)
  if (Array.isArray(value)) return value.map((item) => copyJson(item, depth + 1))
  if (!isRecord(value)) return value
  const copy: Record<string, unknown> = Object.create(null)
  for (const key of Object.keys(value)) copy[key] = copyJson(value[key], depth + 1)
  return copy
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
