import { isObject, isSequence, type PyClass, type PyValue } from './values.js'

/** What a loop over the value sees; nothing where that cannot be known. */
export function iterate(value: PyValue): readonly PyValue[] | undefined {
  if (typeof value === 'string') return [...value]
  if (isSequence(value)) return value.items
  if (isObject(value, 'dict')) return [...value.entries.values()].map(([key]) => key)
  if (isObject(value, 'native')) return value.iterate?.(undefined)
  return isObject(value, 'class') ? enumMembers(value) : undefined
}

/** The members of a class that is an `Enum`, as instances with `name` and `value`. */
export function enumMembers(type: PyClass): PyValue[] | undefined {
  if (!isEnum(type)) return undefined
  return [...type.members.values()].filter((member) => isObject(member, 'instance') && member.type === type)
}

/** Whether a class is an `Enum`, by itself or by a base. */
export function isEnum(type: PyClass): boolean {
  return type.bases.some((base) =>
    isObject(base, 'external')
      ? /(^|\.)(Str|Int|Int)?(Enum|Flag)$/.test(base.path)
      : isObject(base, 'class') && isEnum(base),
  )
}
