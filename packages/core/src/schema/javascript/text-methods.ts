import { array, type CallArguments, type JsValue, UNKNOWN } from './values.js'

const MAX_PARTS = 1_000

/** A method of a known text. */
export function textMethod(text: string, method: string, { values }: CallArguments): JsValue {
  const [first, second] = values
  switch (method) {
    case 'trim':
      return text.trim()
    case 'toLowerCase':
      return text.toLowerCase()
    case 'toUpperCase':
      return text.toUpperCase()
    case 'toString':
      return text
    case 'slice':
    case 'substring':
      if (typeof first !== 'number' || (second !== undefined && typeof second !== 'number')) return UNKNOWN
      return text[method](first, second)
    case 'split':
      return typeof first === 'string' ? array(text.split(first).slice(0, MAX_PARTS)) : UNKNOWN
    case 'startsWith':
    case 'endsWith':
    case 'includes':
      return typeof first === 'string' ? text[method](first) : UNKNOWN
    case 'replace':
    case 'replaceAll':
      return typeof first === 'string' && typeof second === 'string'
        ? text[method](first, () => second)
        : UNKNOWN
    case 'concat':
      return typeof first === 'string' ? text + first : UNKNOWN
    default:
      return UNKNOWN
  }
}
