import { wordList } from '../observed/word-list.js'
import { callback, callFunction, perhaps } from './call.js'
import { type CommanderCommand, describeCommander, newCommand } from './commander-command.js'
import { declareArgument, declaredBy, declaredNative, declareOption } from './commander-declared.js'
import { commandWords } from './commander-flags.js'
import type { Reading } from './reading.js'
import { type CallArguments, is, type JsNative, type JsValue, NO_MEMBER, object, UNKNOWN } from './values.js'

const PACKAGE = /^(commander|@commander-js\/extra-typings)(?:\.(.*))?$/
const programs = new WeakMap<Reading, JsNative>()

/** `commander.program`, which is there once for all. */
export function commanderExternal(path: string, run: Reading): JsValue {
  return PACKAGE.exec(path)?.[2] === 'program' ? globalProgram(run) : undefined
}

function globalProgram(run: Reading): JsNative {
  const known = programs.get(run)
  if (known !== undefined) return known
  const made = program(run)
  programs.set(run, made)
  return made
}

function program(run: Reading, name = ''): JsNative {
  const command = newCommand(name)
  run.observed.parsers.push({ describe: () => describeCommander(command) })
  return commandNative(command, run)
}

/** Calls of the package itself. */
export function callCommander(path: string, args: CallArguments, run: Reading): JsValue {
  const name = PACKAGE.exec(path)?.[2]
  if (!PACKAGE.test(path)) return undefined
  const text = args.values[0]
  switch (name) {
    case 'Command':
    case 'createCommand':
      return program(run, typeof text === 'string' ? text : '')
    case 'Option':
    case 'createOption':
      return declaredNative(declareOption(args, run), run)
    case 'Argument':
    case 'createArgument':
      return declaredNative(declareArgument(args, run), run)
    case undefined:
      return UNKNOWN
    default:
      return globalProgram(run).method?.(name.replace(/^program\./, ''), args) ?? UNKNOWN
  }
}

const commands = new WeakMap<JsNative, CommanderCommand>()

function commandNative(command: CommanderCommand, run: Reading): JsNative {
  const self: JsNative = {
    kind: 'native',
    member: (name) => {
      if (name === 'args') return positionals(command, run)
      return optionMember(command, name) ?? NO_MEMBER
    },
    method: (name, args) => commandMethod(command, self, name, args, run),
  }
  commands.set(self, command)
  return self
}

function positionals(command: CommanderCommand, run: Reading): JsValue {
  command.words ??= wordList('values', 0, 0)
  if (!run.observed.lists.includes(command.words)) run.observed.lists.push(command.words)
  return { kind: 'words', list: command.words }
}

const optionMember = (command: CommanderCommand, name: string): JsValue => {
  for (let at: CommanderCommand | undefined = command; at !== undefined; at = at.parent) {
    const option = at.options.find((one) => one.name === name)
    if (option !== undefined) return { kind: 'input', input: option.input }
  }
  return undefined
}

const optionValues = (command: CommanderCommand): JsNative => ({
  kind: 'native',
  member: (name) => optionMember(command, name) ?? UNKNOWN,
})

function commandMethod(
  command: CommanderCommand,
  self: JsNative,
  method: string,
  args: CallArguments,
  run: Reading,
): JsValue {
  const [first, second] = args.values
  switch (method) {
    case 'option':
    case 'requiredOption': {
      const option = declareOption(args, run)
      if (option !== undefined) {
        option.mandatory ||= method === 'requiredOption'
        command.options.push(option)
      }
      return self
    }
    case 'addOption':
    case 'addArgument': {
      const one = is(first, 'native') ? declaredBy(first) : undefined
      if (one !== undefined) (method === 'addOption' ? command.options : command.args).push(one)
      return self
    }
    case 'argument': {
      const argument = declareArgument(args, run)
      if (argument !== undefined) command.args.push(argument)
      return self
    }
    case 'arguments':
      if (typeof first === 'string') addArguments(command, commandWords(`x ${first}`).args, args, run)
      return self
    case 'command':
      return typeof first === 'string' ? subCommand(command, self, args, run) : UNKNOWN
    case 'addCommand': {
      const inner = is(first, 'native') ? commands.get(first) : undefined
      if (inner !== undefined && inner !== command) {
        inner.parent = command
        command.commands.push(inner)
      }
      return self
    }
    case 'description':
    case 'summary':
      if (typeof first === 'string')
        command.description = method === 'summary' ? (command.description ?? first) : first
      return self
    case 'name':
      if (typeof first === 'string' && command.parent !== undefined) command.name = first
      return self
    case 'passThroughOptions':
      command.passesThrough = first !== false
      return self
    case 'action':
      command.acts = true
      if (is(first, 'function')) {
        const values: JsValue[] = command.args.map(({ input }) => ({ kind: 'input', input }))
        command.later.push(() =>
          perhaps(() => callFunction(first, [...values, optionValues(command), self], run), run),
        )
      }
      return self
    case 'opts':
    case 'optsWithGlobals':
      return optionValues(command)
    case 'getOptionValue':
      return typeof first === 'string' ? optionMember(command, first) : UNKNOWN
    case 'parse':
    case 'parseAsync':
      runActions(command)
      return self
    case 'help':
    case 'outputHelp':
      run.ended ||= method === 'help'
      return self
    case 'error':
      run.ended = true
      return UNKNOWN
    case 'version':
      void second
      return self
    default:
      callback(args, run)
      return self
  }
}

function runActions(command: CommanderCommand): void {
  for (const action of command.later.splice(0)) action()
  for (const inner of command.commands) runActions(inner)
}

function subCommand(parent: CommanderCommand, self: JsNative, args: CallArguments, run: Reading): JsValue {
  const [text, second, third] = args.values
  const { name, args: words } = commandWords(String(text))
  const command = newCommand(name)
  command.parent = parent
  const options = is(second, 'object') ? second : is(third, 'object') ? third : object()
  command.isDefault = options.members.get('isDefault') === true
  parent.commands.push(command)
  addArguments(command, words, args, run)
  if (typeof second !== 'string') return commandNative(command, run)
  // A description makes it a program of its own, whose arguments are not here.
  command.description = second
  command.open = true
  return self
}

function addArguments(
  command: CommanderCommand,
  words: readonly string[],
  args: CallArguments,
  run: Reading,
): void {
  for (const word of words) {
    const argument = declareArgument({ ...args, values: [word] }, run)
    if (argument !== undefined) command.args.push(argument)
  }
}
