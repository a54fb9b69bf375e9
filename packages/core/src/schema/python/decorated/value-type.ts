import type { Parameter, ValueType } from '../../parameter.js'
import { isEnum, iterate } from '../iterate.js'
import { toJson } from '../json-value.js'
import { typeOfValue } from '../operators.js'
import { isObject, type PyValue } from '../values.js'

/** What a `type=` of click means. */
export type ValueKind = Pick<Parameter, 'type' | 'choices'>

const names: Readonly<Record<string, ValueType>> = {
  ...{
    int: 'integer',
    INT: 'integer',
    IntRange: 'integer',
    float: 'number',
    FLOAT: 'number',
    FloatRange: 'number',
  },
  ...{ bool: 'boolean', BOOL: 'boolean' },
}

/** `int`, `click.INT`, `click.Choice(['a', 'b'])`, `click.IntRange(1, 5)`; by its default where no type is given. */
export function clickType(type: PyValue | undefined, fallback: PyValue | undefined): ValueKind {
  if (isObject(type, 'external', 'made')) {
    const name = type.path.slice(type.path.lastIndexOf('.') + 1)
    if (name === 'Choice' && isObject(type, 'made')) {
      const choices = valuesOf(type.args.positional[0] ?? type.args.keywords.get('choices'))
      return choices === undefined ? { type: 'string' } : { type: 'string', choices }
    }
    return { type: names[name] ?? 'string' }
  }
  if (type !== undefined && type !== null) return { type: 'string' }
  const known = fallback === undefined || fallback === null ? undefined : typeOfValue(fallback)
  return { type: known === 'integer' || known === 'number' || known === 'boolean' ? known : 'string' }
}

/** Whether a `type=` of click, or what typer is annotated with, is a path. */
export function pathType(type: PyValue | undefined): { path?: true } {
  return isObject(type, 'external', 'made') && /(^|\.)(Path|File|FileText\w*|FileBinary\w*)$/.test(type.path)
    ? { path: true }
    : {}
}

/** The values of a list, or the names of an `Enum`. */
function valuesOf(list: PyValue | undefined): unknown[] | undefined {
  if (list === undefined) return undefined
  const key = isObject(list, 'class') && isEnum(list) ? 'name' : 'value'
  const values = iterate(list)?.map((item) =>
    toJson(isObject(item, 'instance') ? (item.members.get(key) ?? item) : item),
  )
  return values === undefined || values.includes(undefined) ? undefined : values.map((value) => value?.value)
}
