import { wordList } from '../observed/word-list.js'
import { callback, callFunction, perhaps } from './call.js'
import { commanderArgument, commandWords } from './commander-flags.js'
import type { Reading } from './reading.js'
import { type CallArguments, is, type JsNative, type JsValue, toJson, UNKNOWN } from './values.js'
import { describeYargs, newCommand, type YargsCommand } from './yargs-command.js'
import { applyRule, applyRules, newOption, type YargsOption } from './yargs-options.js'

const programs = new WeakMap<Reading, JsNative>()

export function yargsExternal(path: string, run: Reading): JsValue {
  return path === 'yargs.argv' ? result(run, globalProgram(run)) : undefined
}

const result = (_: Reading, program: JsNative): JsValue => program.member?.('argv') as JsValue

/** `yargs(argv)`, `yargs.option(…)`, `hideBin(argv)` */
export function callYargs(path: string, args: CallArguments, run: Reading): JsValue {
  if (/^yargs(\/helpers)?\.hideBin$/.test(path)) return UNKNOWN
  if (path === 'yargs' || path === 'yargs/yargs') return program(run, args)
  if (!path.startsWith('yargs.')) return undefined
  return globalProgram(run, args).method?.(path.slice('yargs.'.length), args) ?? UNKNOWN
}

function globalProgram(run: Reading, args?: CallArguments): JsNative {
  const known = programs.get(run)
  if (known !== undefined) return known
  const made = program(run, args)
  programs.set(run, made)
  return made
}

function program(run: Reading, args?: CallArguments): JsNative {
  const at = { file: args?.scope.file ?? run.script.path, line: args?.node.line ?? 1 }
  const top = newCommand('', at)
  run.observed.parsers.push({ describe: () => describeYargs(top, run) })
  return commandNative(top, run)
}

function optionOf(command: YargsCommand, name: string, { scope, node }: CallArguments): YargsOption {
  const known = [...command.options.values()].find((one) => one.name === name || one.aliases.has(name))
  if (known !== undefined) return known
  const made = newOption(name, scope.file, node.line)
  command.options.set(name, made)
  return made
}

const KINDS = new Set([
  'boolean',
  'string',
  'number',
  'array',
  'count',
  'demandOption',
  'demand',
  'required',
  'require',
])
const RULES = new Set(['alias', 'default', 'describe', 'choices', 'nargs', 'conflicts'])

function commandNative(command: YargsCommand, run: Reading): JsNative {
  const self: JsNative = {
    kind: 'native',
    member: (name) => (name === 'argv' ? valuesOf(command, run) : undefined),
    method: (name, args) => commandMethod(command, self, name, args, run),
  }
  return self
}

function valuesOf(command: YargsCommand, run: Reading): JsNative {
  return {
    kind: 'native',
    member: (name) => {
      if (name === '_') {
        if (command.words === undefined) {
          command.words = wordList('values', 0, 0)
          run.observed.lists.push(command.words)
        }
        return { kind: 'words', list: command.words }
      }
      const option = [...command.options.values()].find((one) => spelled(one).includes(name))
      return option === undefined || option.several === true
        ? UNKNOWN
        : { kind: 'input', input: option.input }
    },
  }
}

function spelled({ name, aliases }: YargsOption): string[] {
  const all = [name, ...aliases]
  return [...all, ...all.map((one) => one.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()))]
}

function commandMethod(
  command: YargsCommand,
  self: JsNative,
  method: string,
  args: CallArguments,
  run: Reading,
): JsValue {
  const [first, second] = args.values
  if (method === 'option' || method === 'options' || method === 'positional') {
    if (typeof first === 'string') applyRules(optionOf(command, first, args), second)
    else if (is(first, 'object'))
      for (const [name, rules] of first.members) applyRules(optionOf(command, name, args), rules)
    return self
  }
  if (KINDS.has(method)) {
    for (const name of namesIn(first)) applyRule(optionOf(command, name, args), method, true)
    return self
  }
  if (RULES.has(method)) {
    if (typeof first === 'string') applyRule(optionOf(command, first, args), method, second)
    else if (is(first, 'object'))
      for (const [name, value] of first.members) applyRule(optionOf(command, name, args), method, value)
    return self
  }
  switch (method) {
    case 'command':
      for (const one of is(first, 'array') && first.items.some((item) => is(item, 'object'))
        ? first.items
        : [undefined]) {
        addCommand(command, one === undefined ? args : { ...args, values: [one] }, run)
      }
      return self
    case 'demandCommand':
      command.demanded = true
      return self
    case 'parse':
    case 'parseSync':
    case 'parseAsync':
      return valuesOf(command, run)
    case 'exit':
      run.ended = true
      return UNKNOWN
    case 'check':
    case 'middleware':
    case 'coerce':
      return self
    default:
      callback(args, run)
      return self
  }
}

function namesIn(value: JsValue): string[] {
  if (is(value, 'object')) return [...value.members.keys()]
  const folded = toJson(value)?.value
  return [folded].flat().filter((name): name is string => typeof name === 'string')
}

/** `.command('add <name>', 'describes', builder, handler)` or with one object of these. */
function addCommand(parent: YargsCommand, args: CallArguments, run: Reading): void {
  const [first, ...more] = args.values
  const module = is(first, 'object') ? first.members : undefined
  const spelling = module === undefined ? first : module.get('command')
  const text = is(spelling, 'array') ? spelling.items[0] : spelling
  const description =
    module === undefined
      ? more[0]
      : (module.get('describe') ?? module.get('desc') ?? module.get('description'))
  const [builder, handler] =
    module === undefined ? more.slice(1) : [module.get('builder'), module.get('handler')]
  if (typeof text !== 'string') return
  const { name, args: words } = commandWords(text)
  const command = newCommand(
    name,
    { file: args.scope.file, line: args.node.line },
    typeof description === 'string' ? description : undefined,
  )
  command.positionals.push(...words.map(commanderArgument))
  parent.commands.push(command)
  if (is(builder, 'function')) callFunction(builder, [commandNative(command, run)], run)
  else if (is(builder, 'object'))
    for (const [option, rules] of builder.members) applyRules(optionOf(command, option, args), rules)
  for (const { name: place } of command.positionals) optionOf(command, place, args)
  if (is(handler, 'function')) perhaps(() => callFunction(handler, [valuesOf(command, run)], run), run)
}
