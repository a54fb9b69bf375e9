import type { SyntaxNode } from '../../syntax/syntax-node.js'
import { evaluate } from './evaluate.js'
import type { Interpreter } from './interpreter.js'
import { iterate } from './iterate.js'
import { bind } from './scope.js'
import { isObject, isSequence, keyOf, type PyScope, type PyValue, sequence, UNKNOWN } from './values.js'

/** Assigns to a variable, an attribute, an item, or several at once. */
export function assign(
  target: SyntaxNode | undefined,
  value: PyValue,
  scope: PyScope,
  run: Interpreter,
  annotation?: SyntaxNode,
): void {
  switch (target?.type) {
    case 'identifier':
      bind(target.text, value, scope, run, annotation)
      break
    case 'attribute':
      setAttribute(evaluate(target.field('object'), scope, run), target.field('attribute')?.text ?? '', value)
      break
    case 'subscript':
      setItem(
        evaluate(target.field('value'), scope, run),
        evaluate(target.field('subscript'), scope, run),
        value,
        run,
      )
      break
    case 'pattern_list':
    case 'tuple_pattern':
    case 'list_pattern':
    case 'expression_list':
    case 'tuple':
    case 'list':
      unpack(target.parts, value, scope, run)
      break
    case 'parenthesized_expression':
      assign(target.parts[0], value, scope, run)
      break
  }
}

function unpack(targets: readonly SyntaxNode[], value: PyValue, scope: PyScope, run: Interpreter): void {
  const splat = targets.findIndex(({ type }) => type === 'list_splat_pattern')
  const items = isObject(value, 'native')
    ? value.iterate?.(splat < 0 ? targets.length : undefined)
    : iterate(value)
  const after = splat < 0 ? 0 : targets.length - splat - 1
  for (const [index, target] of targets.entries()) {
    if (index === splat) {
      const rest = items === undefined ? UNKNOWN : sequence('list', items.slice(splat, items.length - after))
      assign(target.parts[0], rest, scope, run)
    } else {
      const place = splat >= 0 && index > splat ? (items?.length ?? 0) - (targets.length - index) : index
      assign(target, items?.[place] ?? UNKNOWN, scope, run)
    }
  }
}

/** `value.name = to` */
export function setAttribute(value: PyValue, name: string, to: PyValue): void {
  if (isObject(value, 'instance', 'class')) value.members.set(name, to)
  else if (isObject(value, 'native')) value.assign?.(name, to)
  if (isObject(to, 'native')) to.named?.(name, undefined)
}

function setItem(value: PyValue, index: PyValue, to: PyValue, run: Interpreter): void {
  const key = keyOf(index)
  if (isObject(value, 'dict', 'list') && (key === undefined || run.uncertain > 0)) value.open = true
  if (isObject(value, 'dict') && key !== undefined) value.entries.set(key, [index, to])
  else if (isSequence(value) && typeof index === 'number' && index >= 0 && index < value.items.length) {
    value.items[index] = to
  }
}
