import type { SyntaxNode } from '../../syntax/syntax-node.js'
import { evaluate } from './evaluate.js'
import type { Interpreter } from './interpreter.js'
import type { PyFunction, PyScope, PyValue } from './values.js'

/** A parameter of a function, as written. */
export interface FunctionParameter {
  readonly name: string
  readonly kind: 'normal' | 'keyword-only' | 'rest' | 'keywords'
  readonly annotation: SyntaxNode | undefined
  readonly default: SyntaxNode | undefined
  readonly node: SyntaxNode
}

/** The parameters of a `function_definition` or `lambda`. */
export function parametersOf(node: SyntaxNode): FunctionParameter[] {
  const parameters: FunctionParameter[] = []
  let kind: FunctionParameter['kind'] = 'normal'
  for (const part of node.field('parameters')?.parts ?? []) {
    if (part.type === 'keyword_separator') {
      kind = 'keyword-only'
      continue
    }
    if (part.type === 'positional_separator') continue
    const inner = part.type === 'typed_parameter' ? part.parts[0] : part
    const name = part.field('name') ?? inner
    if (name === undefined) continue
    const splat = inner?.type === 'list_splat_pattern' || inner?.type === 'dictionary_splat_pattern'
    parameters.push({
      name: name.text.replace(/^\*+/, '').trim(),
      kind: splat ? (inner.type === 'list_splat_pattern' ? 'rest' : 'keywords') : kind,
      annotation: part.field('type'),
      default: part.field('value'),
      node: part,
    })
    if (inner?.type === 'list_splat_pattern') kind = 'keyword-only'
  }
  return parameters
}

/** A function as a value; its defaults are known from now on. */
export function makeFunction(
  node: SyntaxNode,
  scope: PyScope,
  run: Interpreter,
  decorators: readonly PyValue[],
): PyFunction {
  const defaults = new Map<string, PyValue>()
  for (const parameter of parametersOf(node)) {
    if (parameter.default !== undefined) defaults.set(parameter.name, evaluate(parameter.default, scope, run))
  }
  const name = node.field('name')?.text ?? '<lambda>'
  const visible = scope.isClass === true && scope.parent !== undefined ? scope.parent : scope
  return { kind: 'function', name, node, scope: visible, file: scope.file, defaults, decorators }
}
