import type { SyntaxNode } from '../../syntax/syntax-node.js'
import { callKnown, itemsOf } from './known-functions.js'
import type { Module, Program } from './program.js'
import { textMethod } from './text-methods.js'
import { allTaints, derived, type FunctionValue, Scope, uniteValues, unknown, type Value } from './value.js'

/** Where in a program the evaluation is. */
export interface Frame {
  readonly program: Program
  readonly module: Module
  readonly scope: Scope
  /** How many calls of the skill's own functions are open. */
  readonly depth: number
  /** What the function around returns, so far. */
  readonly returned: { value: Value }
}

/** Reads the nodes of one family of languages. */
export interface Dialect {
  /** Types of nodes that are functions. */
  readonly functions: readonly string[]
  readonly evaluate: (node: SyntaxNode, frame: Frame) => Value
  readonly parameters: (fn: SyntaxNode) => readonly SyntaxNode[]
  readonly bind: (pattern: SyntaxNode, value: Value, frame: Frame) => void
  readonly body: (fn: SyntaxNode) => SyntaxNode | undefined
  /** How a method gets its object: as its first parameter, or as `this`. */
  readonly receiver: 'parameter' | 'this'
}

const maxCalls = 8
const called = new WeakMap<Program, Set<SyntaxNode>>()

function wasCalled(program: Program, node: SyntaxNode): boolean {
  return called.get(program)?.has(node) ?? false
}

/** Follows a file of code once: its statements in order, then the functions that nothing called. */
export function followModule(module: Module, program: Program, dialect: Dialect): void {
  if (module.state !== 'new') return
  module.state = 'running'
  const frame: Frame = { program, module, scope: module.scope, depth: 0, returned: { value: unknown } }
  dialect.evaluate(module.root, frame)
  for (const node of module.root.find(...dialect.functions)) {
    if (program.steps > 0 && !wasCalled(program, node)) {
      callOwn(dialect, { node, scope: module.scope }, [], new Map(), frame)
    }
  }
  module.state = 'done'
}

/** Calls a function of the skill's own with these arguments. */
export function callOwn(
  dialect: Dialect,
  fn: FunctionValue,
  args: readonly Value[],
  named: ReadonlyMap<string, Value>,
  frame: Frame,
): Value {
  if (frame.depth >= maxCalls || frame.program.steps <= 0) return derived(...args)
  const seen = called.get(frame.program) ?? new Set()
  seen.add(fn.node)
  called.set(frame.program, seen)
  const scope = new Scope(fn.scope)
  const inner: Frame = { ...frame, scope, depth: frame.depth + 1, returned: { value: unknown } }
  const asParameter = fn.self !== undefined && dialect.receiver === 'parameter'
  const all = asParameter && fn.self !== undefined ? [fn.self, ...args] : args
  if (fn.self !== undefined && dialect.receiver === 'this') scope.set('this', fn.self)
  const parameters = dialect.parameters(fn.node)
  parameters.forEach((parameter, index) => {
    const name =
      parameter.type === 'identifier' ? parameter.text : (parameter.field('name') ?? parameter.parts[0])?.text
    dialect.bind(
      parameter,
      (name === undefined ? undefined : named.get(name)) ??
        all[index] ??
        defaultOf(parameter, dialect, inner),
      inner,
    )
  })
  const body = dialect.body(fn.node)
  if (body === undefined) return unknown
  const value = dialect.evaluate(body, inner)
  const isExpression = !/^(block|statement_block)$/.test(body.type)
  return isExpression ? value : inner.returned.value
}

function defaultOf(parameter: SyntaxNode, dialect: Dialect, frame: Frame): Value {
  const given = parameter.field('value') ?? parameter.field('right')
  return given === undefined ? unknown : dialect.evaluate(given, frame)
}

/** A call of whatever a value is. */
export function callValue(
  dialect: Dialect,
  callee: Value,
  node: SyntaxNode,
  args: readonly Value[],
  named: ReadonlyMap<string, Value>,
  receiver: Value | undefined,
  method: string | undefined,
  frame: Frame,
): Value {
  const site = {
    program: frame.program,
    unit: frame.module.unit,
    node,
    args,
    named,
    ...(receiver !== undefined && { receiver }),
  }
  if (callee.call !== undefined) return callOwn(dialect, callee.call, args, named, frame)
  if (callee.path === 'map' && args[0]?.call !== undefined && args[1]?.items !== undefined) {
    const mapper = args[0].call
    const items = args[1].items
      .slice(0, 2_000)
      .map((item) => callOwn(dialect, mapper, [item], new Map(), frame))
    return { ...unknown, items }
  }
  if (callee.path !== undefined) {
    // callbacks get what the library knows: data that arrives, keys that are pressed
    const result = callKnown(callee.path, site, callee.disguised === true)
    callBack(dialect, callee.path, args, result, frame)
    return result
  }
  if (callee.entries !== undefined) {
    const start = callee.entries.get('__init__') ?? callee.entries.get('constructor')
    if (start?.call !== undefined) callOwn(dialect, { ...start.call, self: callee }, args, named, frame)
    return callee
  }
  if (receiver !== undefined && method !== undefined) {
    if (
      method === 'append' ||
      method === 'push' ||
      method === 'extend' ||
      method === 'update' ||
      method === 'add'
    ) {
      return derived(receiver, ...args)
    }
    if (/^(map|filter|forEach|flatMap|then|reduce|find)$/.test(method) && args[0]?.call !== undefined) {
      if (method === 'map' && receiver.items !== undefined && receiver.items.length <= 2_000) {
        const mapper = args[0].call
        return {
          ...unknown,
          items: receiver.items.map((item) => callOwn(dialect, mapper, [item], new Map(), frame)),
        }
      }
      const result = callOwn(
        dialect,
        args[0].call,
        [receiver.items === undefined ? receiver : itemsOf(receiver)],
        new Map(),
        frame,
      )
      return method === 'filter' ? receiver : result
    }
    if (method === 'call' || method === 'apply' || method === 'bind') return derived(receiver, ...args)
    const own = textMethod(receiver, method, args)
    if (own !== undefined) return own
  }
  for (const arg of args)
    if (arg.call !== undefined) callOwn(dialect, arg.call, [derived(receiver)], new Map(), frame)
  return derived(receiver, callee, ...args, ...named.values())
}

function callBack(dialect: Dialect, path: string, args: readonly Value[], result: Value, frame: Frame): void {
  for (const arg of args) {
    if (arg.call === undefined) continue
    const keys = /(keyboard|Listener|iohook)/.test(path)
    const given: Value = keys ? { ...unknown, taints: [{ kind: 'keyboard', what: path }] } : result
    callOwn(dialect, arg.call, [given, given], new Map(), { ...frame })
  }
}

/** Whether steps are left. */
export function step(frame: Frame): boolean {
  return --frame.program.steps > 0
}

export function addReturn(frame: Frame, value: Value): void {
  frame.returned.value = uniteValues(frame.returned.value, value)
}

/** Adds what flows into a collection to what is known of it. */
export function pour(into: Value, values: readonly Value[]): Value {
  const added = values.flatMap((value) => allTaints(value))
  const items = into.items === undefined ? undefined : [...into.items, ...values].slice(0, 20_000)
  return {
    ...derived(into, ...values),
    ...into,
    taints: added.length === 0 ? into.taints : derived(into, ...values).taints,
    ...(items !== undefined && { items }),
  }
}
