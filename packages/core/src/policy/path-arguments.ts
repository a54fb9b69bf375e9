import type { ArgvPlan, CommandLevel } from '../schema/argv-plan.js'
import type { JsonSchema } from '../schema/json-schema.js'

const formats = new Set(['path', 'file', 'file-path', 'filepath', 'file_path', 'filename'])
const endings = new Set(
  'file files path paths filename filenames filepath filepaths pathname infile inputfile'.split(' '),
)

/**
 * Names of the arguments that are paths: by the `format` of the schema, by the type that the script's own parser gives
 * them, or by their name or description.
 */
export function pathArguments(schema: JsonSchema, plan: ArgvPlan): ReadonlySet<string> {
  const names = new Set(plan.kind === 'command-line' ? plannedPaths(plan) : [])
  const properties = isRecord(schema.properties) ? schema.properties : {}
  for (const [name, property] of Object.entries(properties)) {
    if (isRecord(property) && isPath(name, property)) names.add(name)
  }
  return names
}

function plannedPaths(level: CommandLevel): string[] {
  const below = Object.values(level.commands?.choices ?? {}).flatMap(plannedPaths)
  return [...level.arguments.filter(({ path }) => path === true).map(({ name }) => name), ...below]
}

function isPath(name: string, property: Readonly<Record<string, unknown>>): boolean {
  const item = isRecord(property.items) ? property.items : property
  if (item.type !== undefined && item.type !== 'string') return false
  if (formats.has(String(item.format ?? ''))) return true
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
  if (endings.has(words.at(-1) ?? '')) return true
  return typeof property.description === 'string' && /\bpaths?\b|\bfile ?names?\b/i.test(property.description)
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
