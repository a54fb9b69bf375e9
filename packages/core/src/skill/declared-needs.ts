import type { RuntimeDeclaration } from './skill-info.js'

const variable = /^[A-Za-z_][A-Za-z0-9_]*$/
const program = /^[\w.+-]+$/
const MAX_NAMES = 100

type Needs = Pick<RuntimeDeclaration, 'env' | 'programs'>

/**
 * What a skill says it needs in the forms that other clients read: `metadata.CLIENT.requires` with `env` and `bins`,
 * `metadata.CLIENT.primaryEnv`, the same without a client between or at the top of the front matter, and
 * `required_environment_variables`. Whatever is no name is passed over: it is another client's field.
 */
export function readDeclaredNeeds(data: Readonly<Record<string, unknown>>): Needs {
  const metadata = isRecord(data.metadata) ? data.metadata : {}
  const places = [data, metadata, ...Object.values(metadata).filter(isRecord)]
  const env = new Set<string>()
  const programs = new Set<string>()
  for (const { requires, primaryEnv, required_environment_variables: variables } of places) {
    const { env: names, bins } = isRecord(requires) ? requires : {}
    for (const name of [...namesIn(names), ...namesIn(variables), ...namesIn(primaryEnv)])
      if (variable.test(name) && env.size < MAX_NAMES) env.add(name)
    for (const name of namesIn(bins)) if (program.test(name) && programs.size < MAX_NAMES) programs.add(name)
  }
  return {
    ...(env.size === 0 ? {} : { env: [...env] }),
    ...(programs.size === 0 ? {} : { programs: [...programs] }),
  }
}

/** A list of names, or of mappings that have one; or one name. */
function namesIn(value: unknown): string[] {
  const items = typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value : []
  return items
    .map((item: unknown) => (isRecord(item) ? item.name : item))
    .filter((name) => typeof name === 'string')
    .map((name) => name.trim())
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
