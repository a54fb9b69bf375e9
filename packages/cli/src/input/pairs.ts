import type { JsonSchema } from '@skilllite/core'
import { UsageError } from '../command-line/usage-error.js'

/** One `key=value` or `key:=json` of the command line. */
export interface Pair {
  readonly key: string
  /** As text, to be typed by the schema; or as data, whatever the schema says. */
  readonly value: { readonly text: string } | { readonly data: unknown }
}

/** Splits an operand at its first `=` or `:=`. */
export function readPair(operand: string): Pair {
  const match = /^([^=]*[^=:])(:?=)([\s\S]*)$/.exec(operand)
  const [, key, sign, value] = match ?? []
  if (key === undefined || value === undefined) {
    throw new UsageError(
      `Expected KEY=VALUE or KEY:=JSON, got ${JSON.stringify(operand)}.`,
      'A whole JSON object goes to --input.',
    )
  }
  return { key, value: sign === ':=' ? { data: parseJson(key, value) } : { text: value } }
}

/**
 * Arguments from pairs. `key=value` takes the type that the schema gives the key; what does not fit stays text, so
 * that the check of the arguments names it. A key given several times is a list.
 */
export function argumentsFromPairs(pairs: readonly Pair[], schema: JsonSchema): Record<string, unknown> {
  const collected = new Map<string, unknown[]>()
  for (const pair of pairs) {
    const { value: given } = pair
    const value = 'data' in given ? given.data : typed(given.text, propertyOf(schema, pair.key))
    collected.set(pair.key, [...(collected.get(pair.key) ?? []), value])
  }
  const result: Record<string, unknown> = {}
  for (const [key, values] of collected) {
    const list = values.length > 1 || (isListOnly(propertyOf(schema, key)) && !Array.isArray(values[0]))
    // defined, not assigned: a key may be called __proto__
    Object.defineProperty(result, key, {
      value: list ? values.flat() : values[0],
      enumerable: true,
      configurable: true,
      writable: true,
    })
  }
  return result
}

function parseJson(key: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new UsageError(
      `${key}:= needs JSON, got ${JSON.stringify(text)}: ${error instanceof Error ? error.message : String(error)}`,
      `For text, write ${key}=${text}.`,
    )
  }
}

type Property = Readonly<Record<string, unknown>>

function propertyOf(schema: JsonSchema, key: string): Property {
  const { properties } = schema
  return isRecord(properties) && Object.hasOwn(properties, key) && isRecord(properties[key])
    ? properties[key]
    : {}
}

/** Every type a property may have: its own, its alternatives', or that of its allowed values. */
function typesOf(property: Property): ReadonlySet<string> {
  const { type } = property
  if (typeof type === 'string') return new Set([type])
  if (Array.isArray(type)) return new Set(type.filter((name) => typeof name === 'string'))
  const types = new Set<string>()
  for (const list of [property.anyOf, property.oneOf]) {
    for (const alternative of Array.isArray(list) ? list : []) {
      if (isRecord(alternative)) for (const name of typesOf(alternative)) types.add(name)
    }
  }
  for (const value of Array.isArray(property.enum) ? property.enum : []) types.add(typeof value)
  return types
}

function isListOnly(property: Property): boolean {
  const types = typesOf(property)
  return types.has('array') && types.size === 1
}

function typed(text: string, property: Property): unknown {
  const types = typesOf(property)
  if (types.has('boolean') && (text === 'true' || text === 'false')) return text === 'true'
  // Number('') is 0 and Number(' 1') is 1: only what JSON would call a number, and what people write for one
  const numeric = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)
  if ((types.has('number') || types.has('integer')) && numeric) {
    const value = Number(text)
    // beyond 2^53 the number would silently become another one
    if (Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))) return value
  }
  if (types.has('null') && text === 'null') return null
  if ((types.has('array') && text.startsWith('[')) || (types.has('object') && text.startsWith('{'))) {
    try {
      return JSON.parse(text)
    } catch {
      return text
    }
  }
  if (isListOnly(property) && isRecord(property.items)) return typed(text, property.items)
  return text
}

function isRecord(value: unknown): value is Property {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
