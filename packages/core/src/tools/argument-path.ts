import { quote } from '../errors.js'

/** Names and indices from the arguments' root. */
export type Path = readonly (string | number)[]

/** `a.b[0]`. */
export function displayPath(path: Path): string {
  if (path.length === 0) return 'the arguments'
  return path
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`
      const name = /^[\w$-]{1,64}$/.test(part) ? part : quote(part)
      return index === 0 ? name : `.${name}`
    })
    .join('')
}

/** What stands at a path, looking at own properties only. */
export function valueAt(args: unknown, path: Path): unknown {
  let value = args
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
    value = (value as Record<string | number, unknown>)[part]
  }
  return value
}
