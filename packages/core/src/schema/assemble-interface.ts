import type { ArgumentPlan, ArgvPlan, CommandLevel } from './argv-plan.js'
import type { PropertyEvidence } from './inference.js'
import type { JsonSchema } from './json-schema.js'
import type { Parameter, ParameterLevel, ScriptInterface } from './parameter.js'
import { propertySchema, widestSchema } from './property-schema.js'

/** What {@link assembleInterface} makes of a style reader's findings. */
export interface AssembledInterface {
  readonly inputSchema: JsonSchema
  readonly argvPlan: ArgvPlan
  readonly evidence: readonly PropertyEvidence[]
}

/** The flat schema, the argv plan and the evidence of a script's parameters. */
export function assembleInterface(script: ScriptInterface): AssembledInterface {
  const found = new Map<string, FoundProperty>()
  collect(script, [], script, found)
  const required = [...found].filter(([, { required }]) => required).map(([name]) => name)
  const properties: Record<string, JsonSchema> = Object.create(null)
  for (const [name, { schemas }] of found) properties[name] = widestSchema(schemas)
  return {
    inputSchema: {
      type: 'object',
      properties,
      ...(required.length === 0 ? {} : { required }),
      additionalProperties: script.open === true,
    },
    argvPlan: argvPlan(script),
    evidence: [...found].map(([property, { evidence }]) => ({ property, ...evidence })),
  }
}

interface FoundProperty {
  readonly schemas: JsonSchema[]
  readonly evidence: Omit<PropertyEvidence, 'property'>
  readonly required: boolean
}

function collect(
  level: ParameterLevel,
  path: readonly string[],
  script: ScriptInterface,
  found: Map<string, FoundProperty>,
): void {
  for (const parameter of level.parameters) {
    const { name, file, line, kind = script.kind } = parameter
    add(found, name, {
      schemas: [propertySchema(parameter, notesOn(parameter, level, path))],
      evidence: { kind, file, line },
      required: parameter.required && path.length === 0,
    })
  }
  const { commands } = level
  if (commands === undefined) return
  const { name, file, line, description } = commands
  const choices = commands.choices.map(({ command }) => command)
  const texts = commands.choices.flatMap((choice) =>
    choice.description === undefined ? [] : [`${choice.command}: ${choice.description}`],
  )
  const text = [description, texts.join('; ')].filter((part) => part !== undefined && part !== '').join('. ')
  const parameter: Parameter = {
    ...{ name, file, line, choices, type: 'string', required: commands.required, places: [] },
    ...(text === '' ? {} : { description: text }),
  }
  add(found, name, {
    schemas: [propertySchema(parameter)],
    evidence: { kind: script.kind, file, line },
    required: commands.required && path.length === 0,
  })
  for (const choice of commands.choices) collect(choice, [...path, choice.command], script, found)
}

function add(found: Map<string, FoundProperty>, name: string, property: FoundProperty): void {
  const before = found.get(name)
  if (before === undefined) found.set(name, property)
  else before.schemas.push(...property.schemas)
}

/** What the schema cannot say, in words. */
function notesOn(parameter: Parameter, level: ParameterLevel, path: readonly string[]): string[] {
  const exclusive = (level.exclusive ?? []).filter(({ names }) => names.includes(parameter.name))
  const others = exclusive.flatMap(({ names }) => names.filter((name) => name !== parameter.name))
  return [
    ...(path.length === 0 ? [] : [`(${parameter.required ? 'Needed' : 'Only'} for ${path.join(' ')}.)`]),
    ...(others.length === 0 ? [] : [`(Not together with ${others.join(', ')}.)`]),
  ]
}

function argvPlan(script: ScriptInterface): ArgvPlan {
  if (script.wholeStdin === true) return { kind: 'stdin-json' }
  return {
    kind: 'command-line',
    prefixes: script.prefixes ?? '-',
    endOfOptions: script.endOfOptions ?? true,
    ...(script.dashIsFlag === true ? { dashIsFlag: true } : {}),
    ...(script.negativeNumbers === true ? { negativeNumbers: true } : {}),
    ...(script.filePrefixes === undefined ? {} : { filePrefixes: script.filePrefixes }),
    ...levelPlan(script, script.order ?? 'flags-first', false),
    ...(script.stdin === undefined ? {} : { stdin: script.stdin }),
  }
}

function levelPlan(level: ParameterLevel, order: string, inCommand: boolean): CommandLevel {
  const plans = level.parameters.flatMap((parameter) => argumentPlans(parameter, inCommand))
  const first = order === 'flags-first' ? 'flag' : 'positional'
  const { exclusive, commands } = level
  return {
    arguments: [...plans.filter(({ kind }) => kind === first), ...plans.filter(({ kind }) => kind !== first)],
    ...(exclusive === undefined || exclusive.length === 0 ? {} : { exclusive }),
    ...(commands === undefined
      ? {}
      : {
          commands: {
            name: commands.name,
            required: commands.required,
            choices: Object.assign(
              Object.create(null),
              Object.fromEntries(
                commands.choices.map((choice) => [choice.command, levelPlan(choice, order, true)]),
              ),
            ),
          },
        }),
  }
}

function argumentPlans(parameter: Parameter, inCommand: boolean): ArgumentPlan[] {
  const { name, required } = parameter
  const shared = {
    name,
    // What must be on the line goes there even where it says what the script would assume.
    ...(parameter.default === undefined || required ? {} : { default: parameter.default }),
    ...(required && inCommand ? { required } : {}),
  }
  return parameter.places.map((place): ArgumentPlan => ({ ...place, ...shared }))
}
