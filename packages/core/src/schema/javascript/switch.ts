import type { SyntaxNode } from '../../syntax/syntax-node.js'
import { learnFromEnd } from './conditions.js'
import { evaluate } from './evaluate.js'
import { branch, type Ending } from './execute.js'
import type { Reading } from './reading.js'
import { innerScope } from './scope.js'
import { type Facts, is, type JsScope, type JsValue } from './values.js'

/** A `switch`: each group of cases is a branch. */
export function executeSwitch(node: SyntaxNode, scope: JsScope, run: Reading): Ending {
  const subject = evaluate(node.field('value'), scope, run)
  const values: JsValue[] = []
  let group: JsValue[] = []
  let ending: Ending
  const inner = innerScope(scope)
  for (const part of node.field('body')?.parts ?? []) {
    const isCase = part.type === 'switch_case'
    if (isCase) group.push(evaluate(part.field('value'), scope, run))
    const statements = part.fields('body')
    if (statements.length === 0 && isCase) continue
    values.push(...group)
    const taken = branch(statements, isCase ? factsOf(subject, group) : {}, inner, run)
    if (!isCase) {
      if (taken === 'exit' || (taken === 'return' && run.stack.length > 0)) noOther(subject, values, run)
      ending = taken === 'exit' ? undefined : ending
    }
    group = []
  }
  return ending
}

function factsOf(subject: JsValue, group: readonly JsValue[]): Facts {
  if (is(subject, 'input') && subject.input.position?.index === 0) {
    const command = group.filter((value) => typeof value === 'string')
    for (const value of command)
      if (!subject.input.compared.includes(value)) subject.input.compared.push(value)
    return { command }
  }
  const flags = group.filter(
    (value) => typeof value === 'string' && value.startsWith('-') && value.length > 1,
  )
  if (!is(subject, 'word') || flags.length === 0) {
    if (!is(subject, 'word') || subject.piece === 'whole' || group.length === 0) return {}
    const names = group.filter((value) => typeof value === 'string')
    return {
      flag: {
        list: subject.list,
        flags: names.map((name) => `--${name}`),
        joined: subject.piece === 'pair',
        plus: subject.plus,
      },
    }
  }
  subject.list.searched = true
  return { flag: { list: subject.list, flags: flags.map(String), joined: false, plus: subject.plus } }
}

function noOther(subject: JsValue, values: readonly JsValue[], run: Reading): void {
  const known = values.filter((value) => typeof value === 'string' || typeof value === 'number')
  if (is(subject, 'input') && known.length > 0) {
    const given = known.filter((value) => !/^-/.test(String(value)) && value !== 'help')
    learnFromEnd({ outside: { input: subject.input, values: given } }, run)
  }
}
