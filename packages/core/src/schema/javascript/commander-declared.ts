import { newInput } from '../observed/input.js'
import { callFunction, perhaps } from './call.js'
import type { Declared } from './commander-command.js'
import { commanderArgument, commanderFlags } from './commander-flags.js'
import type { Reading } from './reading.js'
import { type CallArguments, is, type JsNative, type JsValue, toJson, UNKNOWN } from './values.js'

const declared = new WeakMap<JsNative, Declared>()

/** What an object declares that `addOption` or `addArgument` is given. */
export const declaredBy = (native: JsNative): Declared | undefined => declared.get(native)

export function declareOption({ values, node, scope }: CallArguments, run: Reading): Declared | undefined {
  const [text, description, third, fourth] = values
  const flags = typeof text === 'string' ? commanderFlags(text) : undefined
  if (flags === undefined) return undefined
  const option: Declared = {
    ...{ name: flags.name, flags, variadic: flags.variadic, mandatory: false },
    input: newInput('flag', scope.file, node.line),
    ...(typeof description === 'string' ? { description } : {}),
  }
  const parses = is(third, 'function') || (is(third, 'external') && third !== undefined)
  if (parses) parser(option, third, fourth, run)
  const assumed = toJson(parses ? fourth : third)
  if (assumed !== undefined) option.default = assumed
  return option
}

export function declareArgument({ values, node, scope }: CallArguments, run: Reading): Declared | undefined {
  const [text, description, third, fourth] = values
  if (typeof text !== 'string') return undefined
  const { name, required, variadic } = commanderArgument(text)
  const argument: Declared = {
    ...{ name, variadic, mandatory: required },
    input: newInput('positional', scope.file, node.line),
    ...(typeof description === 'string' ? { description } : {}),
  }
  const parses = is(third, 'function', 'external')
  if (parses) parser(argument, third, fourth, run)
  const assumed = toJson(parses ? fourth : third)
  if (assumed !== undefined) argument.default = assumed
  return argument
}

/** Learns from the function that converts a value. */
function parser(one: Declared, convert: JsValue, before: JsValue, run: Reading): void {
  const value: JsValue = { kind: 'input', input: one.input }
  if (is(convert, 'external'))
    run.callExternal(convert.path, { values: [value], node: {} as never, scope: {} as never }, false)
  if (!is(convert, 'function')) return
  const parameters = convert.node.field('parameters')?.parts.length ?? 1
  if (parameters > 1 && is(before, 'array')) one.collects = true
  else if (parameters > 1 && typeof before === 'number' && one.flags?.value === undefined) one.counts = true
  perhaps(() => callFunction(convert, [value, UNKNOWN], run), run)
  // That the parser throws for some values does not make the option required.
  one.input.required = false
}

/** An `Option` or an `Argument` as an object. */
export function declaredNative(one: Declared | undefined, run: Reading): JsValue {
  if (one === undefined) return UNKNOWN
  const self: JsNative = {
    kind: 'native',
    method: (name, { values }) => {
      const [first] = values
      const folded = toJson(first)
      if (name === 'choices' && Array.isArray(folded?.value)) one.choices = folded.value
      if (name === 'default' && folded !== undefined) one.default = folded
      if (name === 'argParser') parser(one, first, undefined, run)
      if (name === 'makeOptionMandatory' || name === 'argRequired') one.mandatory = first !== false
      if (name === 'argOptional') one.mandatory = false
      if (name === 'conflicts' && folded !== undefined) one.conflicts = [folded.value].flat().map(String)
      return self
    },
  }
  declared.set(self, one)
  return self
}
