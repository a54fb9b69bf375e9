import type { SyntaxNode } from '../../syntax/syntax-node.js'
import { evaluate } from './evaluate.js'
import { executeBlock } from './execute.js'
import { type Interpreter, MAX_CALL_DEPTH, type PyFrame, spend } from './interpreter.js'
import { type FunctionParameter, parametersOf } from './make-function.js'
import { join } from './operators.js'
import { innerScope } from './scope.js'
import {
  type CallArguments,
  isObject,
  type PyClass,
  type PyFunction,
  type PyScope,
  type PyValue,
  sequence,
  typed,
  UNKNOWN,
} from './values.js'

/** Follows a call of a function of the skill. What it does under conditions is followed too. */
export function callFunction(fn: PyFunction, args: CallArguments, run: Interpreter, self?: PyValue): PyValue {
  const depth = run.stack.filter((frame) => frame.function.node === fn.node).length
  if (depth >= 2 || run.stack.length >= MAX_CALL_DEPTH) return UNKNOWN
  spend(run, 5)
  const type = isObject(self, 'instance')
    ? definingClass(self.type, fn)
    : isObject(self, 'class')
      ? self
      : undefined
  const scope = innerScope(
    fn.scope,
    fn.file,
    type === undefined || self === undefined ? {} : { self: { value: self, type } },
  )
  bindParameters(fn, args, scope, self)
  const frame: PyFrame = { function: fn, returns: [], yields: [], uncertain: run.uncertain }
  run.stack.push(frame)
  try {
    const body = fn.node.field('body')
    if (fn.node.type === 'lambda') return evaluate(body, scope, run)
    const end = executeBlock(body, scope, run)
    if (end === 'exit' && frame.returns.length === 0) run.exits = true
    if (frame.yields.length > 0) return sequence('list', frame.yields)
    const values: PyValue[] = end === 'next' ? [...frame.returns, null] : frame.returns
    return values.length === 0 ? null : values.reduce(join)
  } finally {
    run.stack.pop()
  }
}

/** The class of the chain in which a method stands: where `super()` goes on from. */
function definingClass(type: PyClass, fn: PyFunction, depth = 0): PyClass {
  if (
    depth > 20 ||
    [...type.members.values()].some((member) => isObject(member, 'function') && member.node === fn.node)
  ) {
    return type
  }
  const bases = type.bases.filter((base) => isObject(base, 'class'))
  return (
    bases.map((base) => definingClass(base, fn, depth + 1)).find((base) => base.members.has(fn.name)) ?? type
  )
}

function bindParameters(
  fn: PyFunction,
  args: CallArguments,
  scope: PyScope,
  self: PyValue | undefined,
): void {
  const positional = [...(self === undefined ? [] : [self]), ...args.positional]
  const keywords = new Map(args.keywords)
  let next = 0
  for (const parameter of parametersOf(fn.node)) {
    const { name, kind } = parameter
    if (kind === 'rest') {
      scope.names.set(name, args.open ? UNKNOWN : sequence('tuple', positional.slice(next)))
      next = positional.length
    } else if (kind === 'keywords') {
      const entries = [...keywords].map(([key, value]) => [`string ${key}`, [key, value]] as const)
      scope.names.set(name, { kind: 'dict', entries: new Map(entries) })
    } else {
      const given = kind === 'normal' && next < positional.length ? positional[next++] : keywords.get(name)
      keywords.delete(name)
      scope.names.set(name, parameterValue(fn, parameter, given, args))
    }
  }
}

function parameterValue(
  fn: PyFunction,
  { name, annotation }: FunctionParameter,
  given: PyValue | undefined,
  args: CallArguments,
): PyValue {
  const fallback = fn.defaults.get(name)
  if (given !== undefined) {
    if (isObject(given, 'native')) given.named?.(name, annotation)
    return isObject(given, 'unknown') ? (annotated(annotation) ?? given) : given
  }
  const spread = args.spread?.spread?.(name, fallback, annotation)
  if (spread !== undefined) return spread
  if (fallback !== undefined && !args.open) return fallback
  return annotated(annotation) ?? UNKNOWN
}

const simpleTypes = { int: 'integer', float: 'number', str: 'string', bool: 'boolean' } as const

function annotated(annotation: SyntaxNode | undefined): PyValue | undefined {
  const name = annotation?.text ?? ''
  return name in simpleTypes ? typed(simpleTypes[name as keyof typeof simpleTypes]) : undefined
}
