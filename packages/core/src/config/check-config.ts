import type * as z from 'zod'
import { quote, SkillLiteError } from '../errors.js'
import { nearestName } from '../tools/nearest-name.js'
import type { SkillLiteConfig } from './config.js'
import { configSchema, knownKeys } from './config-schema.js'

const MAX_PROBLEMS = 10

/** Checks a configuration. Throws `CONFIG_INVALID` with every problem and its place; values of variables are not shown. */
export function checkConfig(data: unknown, source: string): SkillLiteConfig {
  const secret = valueOfVariable(data)
  if (secret !== undefined) throw secretInFile(source, secret)
  const result = configSchema.safeParse(data)
  if (result.success) return result.data as SkillLiteConfig
  const texts = result.error.issues.flatMap((issue) => describe(issue, data)).slice(0, MAX_PROBLEMS)
  const [only] = texts
  throw new SkillLiteError(
    'CONFIG_INVALID',
    texts.length === 1 && only !== undefined
      ? `${source}: ${only}`
      : `${source} has ${texts.length} problems\n${texts.map((text) => `- ${text}`).join('\n')}`,
    'docs/policy.md lists what a configuration may hold.',
  )
}

function describe(issue: z.core.$ZodIssue, data: unknown): string[] {
  const place = placeOf(issue.path)
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const meant = nearestName(key, knownKeys(issue.path))
      const where = place === '' ? 'the configuration has no' : `${place} has no`
      return `${where} ${quote(key)}${meant === undefined ? '' : `; did you mean ${meant}?`}`
    })
  }
  const given = at(data, issue.path)
  const shown = issue.path.includes('env') || issue.code === 'custom' ? '' : `, got ${quote(given)}`
  return [`${place === '' ? 'the configuration' : place} ${expected(issue)}${shown}`]
}

function expected(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${issue.expected === 'array' ? 'a list' : `of the type ${issue.expected}`}`
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`
    case 'too_small':
      return issue.origin === 'string' ? 'must not be empty' : `must be at least ${issue.minimum}`
    case 'too_big':
      return `must be at most ${issue.maximum}`
    case 'invalid_union': {
      const literals = issue.errors
        .flat()
        .flatMap((inner) => (inner.code === 'invalid_value' ? inner.values : []))
      return literals.length > 0
        ? `must be one of ${literals.map(String).join(', ')}`
        : 'must be a text or a list of texts'
    }
    default:
      return `cannot be used: ${issue.message}`
  }
}

/** The place of a value that is given for a variable; a list of names has none. */
function valueOfVariable(data: unknown): string | undefined {
  if (!isRecord(data)) return undefined
  const parts: [string, unknown][] = [['defaults', data.defaults]]
  if (isRecord(data.skills))
    for (const [name, part] of Object.entries(data.skills)) parts.push([placeOf(['skills', name]), part])
  for (const [place, part] of parts) {
    if (!isRecord(part)) continue
    for (const key of ['env', 'secrets']) {
      const given = part[key]
      if (isRecord(given)) return `${place}.${key}`
      const index = Array.isArray(given) ? given.findIndex((name) => /^\s*\w+\s*[=:]/.test(String(name))) : -1
      if (index >= 0) return `${place}.${key}[${index}]`
    }
  }
  return undefined
}

function secretInFile(source: string, place: string): SkillLiteError {
  return new SkillLiteError(
    'CONFIG_INVALID',
    `${source}: ${place} gives a value for a variable, and a configuration file may only name it`,
    'Write the name alone, as ["API_KEY"], and put its value into the environment, into the file .env beside the configuration, or give a program\'s secrets as a function.',
  )
}

/** `skills.weather.allowHosts[0]`, `skills["my skill"].env`. */
export function placeOf(path: readonly PropertyKey[]): string {
  return path
    .map((part) => {
      if (typeof part === 'number') return `[${part}]`
      return /^[\w-]+$/.test(String(part)) ? `.${String(part)}` : `[${quote(String(part))}]`
    })
    .join('')
    .replace(/^\./, '')
}

function at(data: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) => (typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined),
    data,
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
