import type { ParameterLevel, ScriptInterface } from '../../parameter.js'
import { functionText } from '../function-text.js'
import { type CallArguments, isObject, type PyFunction, type PyScope, type PyValue } from '../values.js'
import { clickArgument, clickOption } from './click-parameter.js'

/** A function that click makes a command of. */
interface ClickCommand {
  readonly fn: PyFunction
  readonly name: string
  readonly group: boolean
  /** The function of the group that it belongs to. */
  readonly parent: PyFunction | undefined
}

type Call = { readonly path: string; readonly args: CallArguments }

/** What a script takes whose functions are click commands. */
export function clickInterface(
  scopes: readonly PyScope[],
  calls: readonly Call[],
): ScriptInterface | undefined {
  const commands = scopes.flatMap((scope) => [...scope.names.values()].flatMap((value) => commandOf(value)))
  const unique = commands.filter(
    (command, index) => commands.findIndex(({ fn }) => fn.node === command.fn.node) === index,
  )
  const attached = unique.map((command) => attach(command, calls))
  const roots = attached.filter(({ parent }) => parent === undefined)
  const root = roots.find(({ group }) => group) ?? roots.at(-1)
  if (root === undefined) return undefined
  const description = functionText(root.fn)
  return {
    kind: 'click',
    ...(description === undefined ? {} : { description }),
    ...levelOf(root, attached, 0),
  }
}

function commandOf(value: PyValue): ClickCommand[] {
  if (!isObject(value, 'function')) return []
  for (const decorator of value.decorators) {
    const found = commandDecorator(decorator)
    if (found === undefined) continue
    const given = found.args?.positional[0] ?? found.args?.keywords.get('name')
    const plain = value.name
      .replace(/_(command|cmd|group|grp)$/, '')
      .toLowerCase()
      .replaceAll('_', '-')
    return [
      {
        fn: value,
        name: typeof given === 'string' ? given : plain,
        group: found.group,
        parent: found.parent,
      },
    ]
  }
  return []
}

function commandDecorator(value: PyValue) {
  if (isObject(value, 'external', 'made') && /click\.(command|group)$/.test(value.path)) {
    return {
      group: value.path.endsWith('group'),
      parent: undefined,
      args: isObject(value, 'made') ? value.args : undefined,
    }
  }
  const owner = isObject(value, 'made') ? value.self : isObject(value, 'bound') ? value.self : undefined
  const method = isObject(value, 'made')
    ? value.path.replace('function.', '')
    : isObject(value, 'bound')
      ? value.method
      : ''
  if (!isObject(owner, 'function') || (method !== 'command' && method !== 'group')) return undefined
  return { group: method === 'group', parent: owner, args: isObject(value, 'made') ? value.args : undefined }
}

/** `group.add_command(command)` */
function attach(command: ClickCommand, calls: readonly Call[]): ClickCommand {
  if (command.parent !== undefined) return command
  for (const { path, args } of calls) {
    const [group, member, name] = args.positional
    if (path !== 'function.add_command' || !isObject(member, 'function') || !isObject(group, 'function'))
      continue
    if (member.node === command.fn.node) {
      return { ...command, parent: group, name: typeof name === 'string' ? name : command.name }
    }
  }
  return command
}

function levelOf(command: ClickCommand, all: readonly ClickCommand[], depth: number): ParameterLevel {
  const parameters = command.fn.decorators.flatMap((decorator) => {
    if (!isObject(decorator, 'made')) return []
    const name = /click\.(option|argument)$/.exec(decorator.path)?.[1]
    const parameter =
      name === 'option'
        ? clickOption(decorator.args)
        : name === 'argument'
          ? clickArgument(decorator.args)
          : undefined
    return parameter === undefined ? [] : [parameter]
  })
  const inner = all.filter(({ parent }) => parent?.node === command.fn.node)
  if (inner.length === 0 || depth > 5) return { parameters }
  const choices = inner.map((child) => {
    const description = functionText(child.fn)
    return {
      command: child.name,
      ...(description === undefined ? {} : { description }),
      ...levelOf(child, all, depth + 1),
    }
  })
  const { file, node } = command.fn
  const name = depth === 0 ? 'command' : depth === 1 ? 'subcommand' : `subcommand_${depth}`
  return { parameters, commands: { name, required: true, file, line: node.line, choices } }
}
