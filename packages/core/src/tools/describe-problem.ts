import { quote } from '../errors.js'
import type { ArgumentProblem } from '../schema/argument-problem.js'
import { nearestName } from './nearest-name.js'

const MAX_LISTED = 20

/** One problem in words that a model can act on: which argument, what was given, what is allowed. */
export function describeProblem({ path, fault }: ArgumentProblem, args: unknown): string {
  const where = displayPath(path)
  const got = `got ${quote(valueAt(args, path))}`
  switch (fault.kind) {
    case 'missing':
      return `${where} is missing`
    case 'unknown': {
      const nearest = nearestName(String(path.at(-1)), fault.known)
      const suggestion = nearest === undefined ? '' : `; did you mean ${nearest}?`
      const known = fault.known.length === 0 ? 'there are none' : `there are ${listed(fault.known, String)}`
      return `${where} is not an argument${suggestion} (${known})`
    }
    case 'choice': {
      const given = valueAt(args, path)
      const texts = fault.allowed.filter((value) => typeof value === 'string')
      const nearest = typeof given === 'string' ? nearestName(given, texts) : undefined
      const suggestion = nearest === undefined ? '' : `; did you mean ${quote(nearest)}?`
      return `${where} must be ${fault.allowed.length === 1 ? '' : 'one of '}${listed(fault.allowed, quote)}, ${got}${suggestion}`
    }
    case 'type':
      return `${where} must be ${fault.types.map(withArticle).join(' or ')}, ${got} (${withArticle(typeOf(valueAt(args, path)))})`
    case 'bound':
      return `${where} must be ${fault.comparison} ${fault.limit}, ${got}`
    case 'size':
      return `${where} must have ${fault.comparison === '>=' ? 'at least' : 'at most'} ${fault.limit} ${fault.unit}, ${got}`
    case 'other':
      return path.length === 0 ? `the arguments ${fault.text}` : `${where} ${fault.text}, ${got}`
  }
}

/** `a.b[0]`. */
function displayPath(path: readonly (string | number)[]): string {
  if (path.length === 0) return 'the arguments'
  return path
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`
      const name = /^[\w$-]{1,64}$/.test(part) ? part : quote(part)
      return index === 0 ? name : `.${name}`
    })
    .join('')
}

function valueAt(args: unknown, path: readonly (string | number)[]): unknown {
  let value = args
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
    value = (value as Record<string | number, unknown>)[part]
  }
  return value
}

function listed<T>(values: readonly T[], show: (value: T) => string): string {
  const shown = values.slice(0, MAX_LISTED).map((value) => show(value))
  const rest = values.length - shown.length
  return shown.join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

const withArticle = (type: string): string => {
  if (type === 'null' || type === 'undefined') return type
  return /^[aeio]/.test(type) ? `an ${type}` : `a ${type}`
}
