import type { ValueType } from '../../parameter.js'

/** The JSON type that a builtin type of Python makes. */
export function builtinType(name: string): ValueType | undefined {
  switch (name) {
    case 'int':
      return 'integer'
    case 'float':
      return 'number'
    case 'bool':
      return 'boolean'
    case 'str':
      return 'string'
    case 'list':
    case 'tuple':
    case 'set':
      return 'array'
    case 'dict':
      return 'object'
    default:
      return undefined
  }
}

const textMethods = new Set(
  'lower upper strip lstrip rstrip title capitalize replace casefold removeprefix removesuffix format'.split(
    ' ',
  ),
)

/** `string` for a method of texts that gives a text. */
export const callValueType = (method: string): ValueType | undefined =>
  textMethods.has(method) ? 'string' : undefined
