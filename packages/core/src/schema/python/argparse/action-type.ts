import type { ValueType } from '../../parameter.js'
import { externalBase } from '../attributes.js'
import { callValue } from '../call.js'
import { EndOfReading, type Interpreter } from '../interpreter.js'
import { enumMembers, isEnum } from '../iterate.js'
import { toJson } from '../json-value.js'
import { typeOfValue } from '../operators.js'
import { type CallArguments, isObject, type PyValue, typed } from '../values.js'

/** What the `type` of an argument means for its values and for the words of the command line. */
export interface ActionType {
  readonly type: ValueType
  readonly encoding?: 'json' | 'python'
  readonly words?: readonly [string, string]
  readonly path?: boolean
  readonly choices?: readonly unknown[]
}

const TEXT: ActionType = { type: 'string' }
const PATH: ActionType = { type: 'string', path: true }

const known: Readonly<Record<string, ActionType>> = {
  'builtins.int': { type: 'integer' },
  'builtins.float': { type: 'number' },
  // bool('False') is True: only the empty word is false.
  'builtins.bool': { type: 'boolean', words: ['True', ''] },
  'json.loads': { type: 'any', encoding: 'json' },
  'ast.literal_eval': { type: 'any', encoding: 'python' },
  'builtins.open': PATH,
  'pathlib.Path': PATH,
  'pathlib.PurePath': PATH,
}

/** The meaning of a `type=`; a function of the script is asked what it makes of a text. */
export function actionType(type: PyValue | undefined, args: CallArguments, run: Interpreter): ActionType {
  if (isObject(type, 'external')) return Object.hasOwn(known, type.path) ? (known[type.path] ?? TEXT) : TEXT
  if (isObject(type, 'made') && type.path === 'argparse.FileType') return PATH
  if (typeof type === 'string') return known[`builtins.${type}`] ?? TEXT
  if (isObject(type, 'class')) {
    if (isEnum(type)) return { type: 'string', choices: enumChoices(type) }
    const base = externalBase(type)
    return base === undefined ? TEXT : (known[base] ?? TEXT)
  }
  if (!isObject(type, 'function', 'bound') && !(isObject(type, 'made') && type.path === 'functools.partial'))
    return TEXT
  return typeOfResult(resultOf(type, args, run))
}

function enumChoices(type: Extract<PyValue, { kind: 'class' }>): unknown[] {
  const values = enumMembers(type)?.map((member) =>
    isObject(member, 'instance') ? member.members.get('value') : undefined,
  )
  return (values ?? []).flatMap((value) => (value === undefined ? [] : [toJson(value)?.value]))
}

function resultOf(type: PyValue, args: CallArguments, run: Interpreter): PyValue | undefined {
  try {
    return callValue(type, { ...args, positional: [typed('string')], keywords: new Map(), open: false }, run)
  } catch (error) {
    if (error instanceof EndOfReading) return undefined
    throw error
  } finally {
    run.exits = false
  }
}

function typeOfResult(result: PyValue | undefined): ActionType {
  const type = result === undefined ? undefined : typeOfValue(result)
  if (type === 'boolean') return { type, words: ['true', 'false'] }
  if (isObject(result, 'made') && result.path === 'json.loads') return { type: 'any', encoding: 'json' }
  return type === 'integer' || type === 'number' ? { type } : TEXT
}
