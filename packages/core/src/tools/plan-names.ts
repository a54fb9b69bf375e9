import type { ArgvPlan, CommandLevel } from '../schema/argv-plan.js'

/** The properties that a plan has a place for; nothing where it takes any. */
export function planNames(plan: ArgvPlan): ReadonlySet<string> | undefined {
  switch (plan.kind) {
    case 'stdin-json':
      return undefined
    case 'raw':
      return new Set(['args', 'stdin'])
    case 'command-line': {
      const { stdin } = plan
      const onStdin = stdin === undefined ? [] : stdin.kind === 'text' ? [stdin.name] : stdin.names
      return new Set([...levelNames(plan), ...onStdin])
    }
  }
}

function levelNames({ arguments: own, commands }: CommandLevel): string[] {
  const names = own.map(({ name }) => name)
  return commands === undefined
    ? names
    : [...names, commands.name, ...Object.values(commands.choices).flatMap(levelNames)]
}

/** The properties of a schema that a plan has no place for. */
export function unplacedNames(schema: Readonly<Record<string, unknown>>, plan: ArgvPlan): readonly string[] {
  const placed = planNames(plan)
  return placed === undefined ? [] : Object.keys(schema.properties ?? {}).filter((name) => !placed.has(name))
}
