import type { SyntaxNode } from '../../syntax/syntax-node.js'
import { evaluate } from './evaluate.js'
import type { Interpreter } from './interpreter.js'
import { join, truth } from './operators.js'
import { isObject, type PyNative, type PyScope, type PyValue, typed, UNKNOWN } from './values.js'

/** `a or b`, `a and b` */
export function evaluateBoolean(node: SyntaxNode, scope: PyScope, run: Interpreter): PyValue {
  const left = evaluate(node.field('left'), scope, run)
  const known = truth(left)
  const wants = node.field('operator')?.text === 'or'
  if (known !== undefined && known === wants) return left
  const right = evaluate(node.field('right'), scope, run)
  if (known !== undefined) return right
  if ([left, right].some(isCondition)) return combined(wants, left, right)
  // `os.environ.get('X') or 'default'` cannot be known; `argv[1] or 'default'` is a default.
  if (wants && isObject(left, 'typed') && left.fallback !== undefined) return { ...left, fallback: right }
  return isObject(left, 'unknown', 'typed') ? softJoin(left, right) : join(left, right)
}

/** Whether a value is there to be asked for its outcome, and not for anything else. */
const isCondition = (value: PyValue): boolean =>
  isObject(value, 'native') && value.decided !== undefined && value.named === undefined

/** `not value` */
const negated = ({ decided, subject }: PyNative): PyValue => ({
  kind: 'native',
  subject,
  decided: ({ whenTrue, whenFalse }) => decided?.({ whenTrue: whenFalse, whenFalse: whenTrue }),
})

/** `a or b`, `a and b`: what its outcome says of each. */
function combined(or: boolean, ...parts: readonly PyValue[]): PyValue {
  return {
    kind: 'native',
    subject: parts,
    decided: ({ whenTrue, whenFalse }) => {
      for (const part of parts) {
        if (!isObject(part, 'native')) continue
        part.decided?.(or ? { whenTrue, whenFalse: false } : { whenTrue: false, whenFalse })
      }
    },
  }
}

const softJoin = (left: PyValue, right: PyValue): PyValue =>
  isObject(right, 'native') ? join(left, right) : UNKNOWN

/** `not value` */
export function opposite(operand: PyValue): PyValue {
  const value = truth(operand)
  if (value !== undefined) return !value
  return isObject(operand, 'native') ? negated(operand) : typed('boolean')
}

/** `a if condition else b` */
export function evaluateConditional(node: SyntaxNode, scope: PyScope, run: Interpreter): PyValue {
  const [yes, condition, no] = node.parts
  const known = truth(evaluate(condition, scope, run))
  if (known !== undefined) return evaluate(known ? yes : no, scope, run)
  return join(evaluate(yes, scope, run), evaluate(no, scope, run))
}
