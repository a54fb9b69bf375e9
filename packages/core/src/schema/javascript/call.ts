import type { SyntaxNode } from '../../syntax/syntax-node.js'
import { bindPattern } from './assign.js'
import { evaluate } from './evaluate.js'
import { executeBlock } from './execute.js'
import { callMethod } from './methods.js'
import { MAX_CALL_DEPTH, type Reading } from './reading.js'
import { declare, innerScope, join } from './scope.js'
import {
  array,
  type CallArguments,
  is,
  type JsClass,
  type JsFunction,
  type JsScope,
  type JsValue,
  object,
  UNKNOWN,
} from './values.js'

export function call(node: SyntaxNode, scope: JsScope, run: Reading): JsValue {
  const callee = evaluate(node.field('function'), scope, run)
  const args = argumentsOf(node, scope, run)
  return callValue(callee, args, run)
}

export function callValue(callee: JsValue, args: CallArguments, run: Reading): JsValue {
  if (is(callee, 'function')) return callFunction(callee, args.values, run)
  if (is(callee, 'external')) return run.callExternal(callee.path, args, false)
  if (is(callee, 'bound')) return callMethod(callee.self, callee.method, args, run)
  if (is(callee, 'native') && callee.invoke !== undefined) return callee.invoke(args)
  return callback(args, run)
}

/** What an unknown function does with the functions that it is given cannot be known, but it may call them. */
export function callback(args: CallArguments, run: Reading, values: readonly JsValue[] = []): JsValue {
  for (const value of args.values) {
    if (is(value, 'words')) value.list.whole ??= { file: args.scope.file, line: args.node.line }
    if (is(value, 'function')) perhaps(() => callFunction(value, values, run), run)
  }
  return UNKNOWN
}

/** Reads on where it is not known whether this happens at all. */
export function perhaps<T>(read: () => T, run: Reading): T {
  const { ended } = run
  run.uncertain++
  try {
    return read()
  } finally {
    run.uncertain--
    run.ended = ended
  }
}

export function construct(node: SyntaxNode, scope: JsScope, run: Reading): JsValue {
  const callee = evaluate(node.field('constructor'), scope, run)
  const args = argumentsOf(node, scope, run)
  if (is(callee, 'external')) return run.callExternal(callee.path, args, true)
  if (is(callee, 'class')) return instance(callee, args, run)
  return callback(args, run)
}

function instance(made: JsClass, args: CallArguments, run: Reading): JsValue {
  const self = object()
  const scope = innerScope(made.scope)
  declare('this', self, scope)
  let maker: JsFunction | undefined
  for (const part of made.node.field('body')?.parts ?? []) {
    const name = part.field('name')?.text ?? part.field('property')?.text
    if (name === undefined) continue
    if (part.type === 'method_definition') {
      const method: JsFunction = { kind: 'function', node: part, scope: made.scope, self }
      if (name === 'constructor') maker = method
      else self.members.set(name, method)
    } else if (/field_definition$/.test(part.type))
      self.members.set(name, evaluate(part.field('value'), scope, run))
  }
  if (maker !== undefined) callFunction(maker, args.values, run)
  return self
}

function argumentsOf(node: SyntaxNode, scope: JsScope, run: Reading): CallArguments {
  const list = node.field('arguments')
  if (list?.type === 'template_string') return { values: [], node, scope }
  const values: JsValue[] = []
  for (const part of list?.parts ?? []) {
    const value = evaluate(part, scope, run)
    if (part.type === 'spread_element' && is(value, 'array') && value.words === undefined)
      values.push(...value.items)
    else values.push(value)
  }
  return { values, node, scope }
}

/** Follows a call of the script's own function. */
export function callFunction(callee: JsFunction, values: readonly JsValue[], run: Reading): JsValue {
  const { node } = callee
  if (run.stack.length >= MAX_CALL_DEPTH || run.stack.filter((frame) => frame.node === node).length > 1)
    return UNKNOWN
  const scope = innerScope(callee.scope)
  if (callee.self !== undefined) declare('this', callee.self, scope)
  const single = node.field('parameter')
  const parameters = single === undefined ? (node.field('parameters')?.parts ?? []) : [single]
  declare('arguments', array(values), scope)
  run.stack.push({ node, returns: [], uncertain: run.uncertain })
  try {
    for (const [index, parameter] of parameters.entries()) {
      const rest = parameter.type === 'rest_pattern' ? parameter.parts[0] : undefined
      if (rest !== undefined) bindPattern(rest, array(values.slice(index)), scope, run, 'declare')
      else bindPattern(parameter, values[index], scope, run, 'declare')
    }
    const body = node.field('body')
    if (body?.type !== 'statement_block') return evaluate(body, scope, run)
    const ending = executeBlock(body, scope, run)
    if (ending === 'exit') run.ended = true
    const returns = run.stack.at(-1)?.returns ?? []
    if (ending === undefined && returns.length > 0) returns.push(undefined)
    return returns.length === 0 ? undefined : returns.slice(1).reduce(join, returns[0])
  } finally {
    run.stack.pop()
  }
}
