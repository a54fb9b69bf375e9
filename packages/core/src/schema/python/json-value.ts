import { isObject, type PyValue } from './values.js'

/** The value as JSON data; nothing where it, or anything in it, is not. */
export function toJson(value: PyValue): { readonly value: unknown } | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? { value } : undefined
  if (typeof value !== 'object' || value === null) return { value }
  switch (value.kind) {
    case 'float':
      return Number.isFinite(value.value) ? { value: value.value } : undefined
    case 'list':
    case 'tuple':
    case 'set': {
      const items = value.items.map(toJson)
      return items.includes(undefined) ? undefined : { value: items.map((item) => item?.value) }
    }
    case 'dict': {
      const object: Record<string, unknown> = Object.create(null)
      for (const [key, member] of value.entries.values()) {
        const folded = toJson(member)
        if (typeof key !== 'string' || folded === undefined) return undefined
        object[key] = folded.value
      }
      return { value: object }
    }
    case 'made': {
      const path = pathText(value)
      return path === undefined ? undefined : { value: path }
    }
    default:
      return undefined
  }
}

/** The text of `Path('a')`. */
export function pathText(value: PyValue | undefined): string | undefined {
  if (!isObject(value, 'made') || !/^pathlib\.(Pure|Posix|Windows|PurePosix)?Path$/.test(value.path))
    return undefined
  const parts = value.args.positional
  if (!parts.every((part) => typeof part === 'string')) return undefined
  const joined = parts.reduce<string>((path, part) => {
    return part.startsWith('/') || path === '' ? part : `${path}/${part}`
  }, '')
  const plain = joined
    .replace(/\/+/g, '/')
    .replace(/(^|\/)(\.\/)+/g, '$1')
    .replace(/(?<=.)\/\.?$/, '')
  return plain === '' ? '.' : plain
}
