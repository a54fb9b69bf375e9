import type { Parameter } from '../../parameter.js'
import { textOf } from '../format-text.js'
import { iterate } from '../iterate.js'
import { toJson } from '../json-value.js'
import { isObject, isSequence, type PyValue } from '../values.js'

type Kind = Pick<Parameter, 'type' | 'list' | 'choices'>

/** A default as the script would see it, as JSON; nothing where it is not known or no value of the argument's kind. */
export function jsonDefault(value: PyValue | undefined, kind: Kind): unknown {
  if (isObject(value, 'typed')) return jsonDefault(value.fallback, kind)
  if (value === undefined || value === null) return undefined
  if (kind.list === undefined) return scalarDefault(value, kind)
  // A lone default of a list argument stays alone in the script; a list of it is the nearest that fits.
  const items = isSequence(value) ? iterate(value) : [value]
  const converted = items?.map((item) => scalarDefault(item, kind))
  return converted === undefined || converted.includes(undefined) ? undefined : converted
}

function scalarDefault(given: PyValue, { type, choices }: Kind): unknown {
  const value = isObject(given, 'instance') ? (given.members.get('value') ?? given) : given
  const converted = convert(value, type)
  if (converted === undefined) return undefined
  return choices === undefined || choices.includes(converted) ? converted : undefined
}

/** argparse applies the type to a default that is a text, and to no other. */
function convert(value: PyValue, type: Kind['type']): unknown {
  if (typeof value === 'string' && (type === 'integer' || type === 'number')) {
    const number = value.trim() === '' ? Number.NaN : Number(value.replaceAll('_', ''))
    return Number.isFinite(number) && (type === 'number' || Number.isInteger(number)) ? number : undefined
  }
  const json = toJson(value)?.value
  switch (type) {
    case 'integer':
      return Number.isInteger(json) ? json : undefined
    case 'number':
      return typeof json === 'number' ? json : undefined
    case 'boolean':
      return typeof json === 'boolean' ? json : undefined
    case 'string':
      return typeof json === 'number' ? textOf(value) : typeof json === 'string' ? json : undefined
    case 'array':
      return Array.isArray(json) ? json : undefined
    default:
      return json ?? undefined
  }
}
