import type { Parameter, Place, ScriptInterface } from '../parameter.js'
import { commandParameter } from './command-parameter.js'
import type { Input } from './input.js'
import { bestFlag, fitDefault, learnt, lone, withValue } from './input-parameter.js'
import { listParameters } from './list-parameters.js'
import type { Observed } from './observed.js'

/** What a script takes that looks at the words of the command line itself. */
export function describeArgv(seen: Observed): ScriptInterface | undefined {
  const flags = flagParameters(seen)
  const values = listParameters(seen, { only: 'values' })
  const words = listParameters(seen, { only: 'all' })
  const positionals = values.length > 0 && words.every(({ list }) => list !== undefined) ? values : words
  const members = seen.stdin?.kind === 'json' ? memberParameters(seen) : []
  const commands =
    flags.length + members.length === 0
      ? commandParameter(seen, positionals === values ? 'values' : 'all', positionals[0])
      : undefined
  if (commands !== undefined) {
    return {
      ...{ kind: 'argv', parameters: textParameter(seen, new Set([commands.name])), commands },
      ...{ prefixes: '', endOfOptions: false, order: 'positionals-first' },
      ...stdinPlan(seen, [], new Set([commands.name])),
    }
  }
  const names = new Set(flags.map(({ name }) => name))
  const parameters = [...flags, ...positionals.filter(({ name }) => !names.has(name))]
  if (parameters.length === 0) return undefined
  for (const { name } of parameters) names.add(name)
  const handed = seen.lists.some((list) => list.handed === true && list.only === 'all')
  const searched = seen.lists.some((list) => list.searched)
  return {
    kind: 'argv',
    parameters: [
      ...parameters,
      ...members.filter(({ name }) => !names.has(name)),
      ...textParameter(seen, names),
    ],
    prefixes: !handed && (searched || positionals === values) ? '-' : '',
    endOfOptions: false,
    order: 'positionals-first',
    ...stdinPlan(seen, members, names),
  }
}

/** What a script takes whose arguments are the JSON, or the text, on stdin. */
export function describeStdin(seen: Observed): ScriptInterface | undefined {
  if (seen.stdin === undefined) return undefined
  const members = memberParameters(seen)
  if (seen.stdin.kind === 'json') {
    return { kind: 'stdin-json', parameters: members, wholeStdin: true, open: members.length === 0 }
  }
  return {
    kind: 'stdin-text',
    parameters: textParameter(seen, new Set()),
    prefixes: '',
    endOfOptions: false,
    stdin: { kind: 'text', name: 'stdin' },
  }
}

function stdinPlan(
  seen: Observed,
  members: readonly Parameter[],
  names: ReadonlySet<string>,
): Pick<ScriptInterface, 'stdin'> {
  if (seen.stdin?.kind === 'text' && !names.has('stdin')) return { stdin: { kind: 'text', name: 'stdin' } }
  if (members.length > 0) return { stdin: { kind: 'json', names: members.map(({ name }) => name) } }
  return {}
}

function textParameter(seen: Observed, names: ReadonlySet<string>): Parameter[] {
  if (seen.stdin?.kind !== 'text' || names.has('stdin')) return []
  const { file, line } = seen.stdin
  return [
    {
      ...{ name: 'stdin', type: 'string', required: false, file, line, kind: 'stdin-text', places: [] },
      description: 'Text for the standard input of the script.',
    },
  ]
}

function memberParameters(seen: Observed): Parameter[] {
  return seen.inputs.flatMap((input) => {
    if (input.source !== 'member' || input.key === undefined || input.key === '__proto__') return []
    const known = learnt(input)
    const type = known.type ?? 'any'
    const assumed = fitDefault(known.default, type)
    return [
      {
        ...{ name: input.key, type, kind: 'stdin-json' as const },
        ...(known.choices === undefined ? {} : { choices: known.choices }),
        ...(assumed === undefined ? {} : { default: assumed }),
        required: assumed === undefined && (input.required || !input.optional),
        ...{ file: input.file, line: input.line, places: [] },
      },
    ]
  })
}

/** Whether it only asks for help or the version; `-h` and `-V` are sometimes something else. */
function isHelp({ flags, stands, separate, joined }: Input): boolean {
  if ([...flags].some((flag) => /^(--help|--version|-\?)$/.test(flag))) return true
  return [...flags].some((flag) => /^-[hV]$/.test(flag)) && stands === undefined && !separate && !joined
}

function flagParameters(seen: Observed): Parameter[] {
  const found = new Map<string, Parameter>()
  for (const input of seen.inputs) {
    if (input.source !== 'flag' || isHelp(input)) continue
    if ([...input.flags].some((flag) => !/^--?\w/.test(flag))) continue
    const made = flagParameter(input)
    const before = found.get(made.name)
    found.set(
      made.name,
      before === undefined ? made : { ...before, places: [...before.places, ...made.places] },
    )
  }
  return [...found.values()]
}

function flagParameter(input: Input): Parameter {
  const flag = bestFlag(input.flags)
  const bare = flag.replace(/^-+/, '')
  const spelled = bare.length === 1 ? (input.names.find((name) => name.length > 1) ?? bare) : bare
  const known = learnt(input)
  const shared = { file: input.file, line: input.line }
  if (!input.separate && !input.joined) {
    const stands = input.stands?.value ?? true
    const opposite = stands === false && /^no-./.test(bare)
    const name = opposite
      ? bare.slice(3)
      : typeof stands === 'boolean'
        ? spelled
        : (input.names[0] ?? spelled)
    const when = typeof stands === 'boolean' ? !opposite : stands
    const type = typeof stands as 'boolean' | 'string' | 'number'
    return {
      ...shared,
      ...{ name: name.replaceAll('-', '_'), type, required: false },
      ...(typeof known.default === typeof stands && known.default !== when ? { default: known.default } : {}),
      places: [lone(flag, when)],
    }
  }
  const type = known.type ?? 'string'
  const assumed = input.each ? undefined : fitDefault(known.default, type)
  const form = input.separate && input.joined ? 'auto' : input.joined ? 'joined' : 'separate'
  const place: Place = withValue(flag, form)
  return {
    ...shared,
    ...{ name: spelled.replaceAll('-', '_'), type },
    ...(input.each ? { list: {} } : {}),
    ...(known.choices === undefined ? {} : { choices: known.choices }),
    ...(assumed === undefined ? {} : { default: assumed }),
    required: assumed === undefined && known.required === true,
    places: [
      {
        ...place,
        ...(input.each ? { each: true } : {}),
        ...(input.encoding === undefined ? {} : { encoding: input.encoding }),
      } as Place,
    ],
  }
}
