import type { SyntaxNode } from '../../syntax/syntax-node.js'
import { evaluate } from './evaluate.js'
import { type End, executeBlock, executeDoubtful } from './execute.js'
import type { Interpreter } from './interpreter.js'
import { truth } from './operators.js'
import { isObject, type PyScope, type PyValue } from './values.js'

/** An `if` with its `elif` and `else`: the branch that is certainly taken, or all that may be. */
export function executeBranches(node: SyntaxNode, scope: PyScope, run: Interpreter): End {
  const conditions: PyValue[] = []
  const ends: End[] = []
  const branches = [node, ...node.fields('alternative')]
  const counters = [...scope.names].filter(
    ([, value]) => isObject(value, 'typed') && value.step !== undefined,
  )
  for (const branch of branches) {
    // Each branch begins where the first one did.
    for (const [name, value] of counters) scope.names.set(name, value)
    const test = branch.field('condition')
    const block = branch.field('consequence') ?? branch.field('body')
    const condition = test === undefined ? true : evaluate(test, scope, run)
    const taken = truth(condition)
    if (taken === false) continue
    if (taken === true && conditions.length === 0) return executeBlock(block, scope, run)
    conditions.push(condition)
    ends.push(executeDoubtful(block, scope, run))
    if (taken === true) {
      settle(conditions, ends)
      return common(ends)
    }
  }
  settle(conditions, [...ends, 'next'])
  return 'next'
}

/** Tells conditions what follows from them. */
function settle(conditions: readonly PyValue[], ends: readonly End[]): void {
  const leaves = ends.map((end) => end === 'return' || end === 'exit')
  for (const [index, condition] of conditions.entries()) {
    if (!isObject(condition, 'native')) continue
    const otherwise = leaves.slice(index + 1)
    condition.decided?.({
      whenTrue: leaves[index] ?? false,
      whenFalse: otherwise.length > 0 && otherwise.every((leave) => leave),
    })
  }
}

function common(ends: readonly End[]): End {
  if (ends.includes('next')) return 'next'
  const [first = 'next'] = ends
  return ends.every((end) => end === first)
    ? first
    : ends.includes('continue') || ends.includes('break')
      ? 'continue'
      : 'return'
}
