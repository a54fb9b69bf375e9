import type { SyntaxNode } from '../../syntax/syntax-node.js'
import { assign } from './assign.js'
import { evaluate } from './evaluate.js'
import type { Interpreter } from './interpreter.js'
import { iterate } from './iterate.js'
import { truth } from './operators.js'
import { innerScope } from './scope.js'
import { isObject, keyOf, type PyDict, type PyScope, type PyValue, sequence, UNKNOWN } from './values.js'

/** `[a for a in sys.argv[1:] if …]` is the same list, as far as can be known. */
function filteredList(node: SyntaxNode, scope: PyScope, run: Interpreter): PyValue | undefined {
  const [body, clause] = node.parts
  if (clause?.type !== 'for_in_clause' || body?.text !== clause.field('left')?.text) return undefined
  const list = evaluate(clause.field('right'), scope, run)
  if (!isObject(list, 'native') || list.slice === undefined) return undefined
  // Without a condition, it is a loop over the words like any other.
  if (!node.parts.some(({ type }) => type === 'if_clause')) list.iterate?.(undefined)
  return list
}

/** A list, set, dictionary or generator in one expression; unknown where what it runs over is. */
export function comprehension(node: SyntaxNode, outer: PyScope, run: Interpreter): PyValue {
  const scope = innerScope(outer, outer.file)
  const [body, ...clauses] = node.parts
  const items: PyValue[] = []
  const entries: PyDict['entries'] = new Map()
  let open = false
  const filtered = filteredList(node, outer, run)
  if (filtered !== undefined) return filtered
  const go = (index: number): void => {
    const clause = clauses[index]
    if (clause === undefined) {
      if (body?.type === 'pair') {
        const key = evaluate(body.field('key'), scope, run)
        const value = evaluate(body.field('value'), scope, run)
        const name = keyOf(key)
        if (name === undefined) open = true
        else entries.set(name, [key, value])
      } else items.push(evaluate(body, scope, run))
    } else if (clause.type === 'if_clause') {
      const taken = truth(evaluate(clause.parts[0], scope, run))
      open ||= taken === undefined
      if (taken !== false) go(index + 1)
    } else {
      const values = iterate(evaluate(clause.field('right'), scope, run))
      open ||= values === undefined
      for (const value of values ?? [UNKNOWN]) {
        assign(clause.field('left'), value, scope, run)
        go(index + 1)
      }
    }
  }
  go(0)
  if (open) return UNKNOWN
  if (node.type === 'dictionary_comprehension') return { kind: 'dict', entries }
  return sequence(node.type === 'set_comprehension' ? 'set' : 'list', items)
}
