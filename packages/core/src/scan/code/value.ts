import type { SyntaxNode } from '../../syntax/syntax-node.js'

/** Where a value comes from. */
export interface Taint {
  readonly kind:
    | 'secret-file'
    | 'environment'
    | 'variable'
    | 'download'
    | 'skill-file'
    | 'keyboard'
    | 'clipboard'
    | 'keychain'
    | 'socket'
    | 'home'
  /** Path, name or URL. */
  readonly what: string
}

/** A function of the skill's own. */
export interface FunctionValue {
  readonly node: SyntaxNode
  readonly scope: Scope
  readonly self?: Value
}

/** What is known of a value of a program. */
export interface Value {
  /** Texts that it may be; what is not known of a text stands there as `…`. */
  readonly texts: readonly string[]
  /** Whether the text was put together or decoded, instead of standing there. */
  readonly computed: boolean
  /** How it was decoded. */
  readonly decoded: readonly string[]
  readonly taints: readonly Taint[]
  /** Dotted name of something of the language or a library: `os.system`. */
  readonly path?: string
  /** Whether that name was reached in a way that hides it. */
  readonly disguised?: boolean
  readonly call?: FunctionValue
  readonly items?: readonly Value[]
  /** Properties and entries, also of modules and instances of the skill's own. */
  readonly entries?: Map<string, Value>
  /** Whether it is a class of the skill's own, or an instance of one. */
  readonly instance?: true
}

export const unknown: Value = { texts: [], computed: false, decoded: [], taints: [] }

const maxTexts = 12
const maxLength = 300_000
const maxTaints = 12

export function textValue(text: string): Value {
  return { ...unknown, texts: [text] }
}

export function pathValue(path: string, disguised = false): Value {
  return { ...unknown, path, ...(disguised && { disguised }) }
}

export function withTaint(value: Value, ...taints: readonly Taint[]): Value {
  return { ...value, taints: uniteTaints(value.taints, taints) }
}

export function uniteTaints(one: readonly Taint[], other: readonly Taint[]): readonly Taint[] {
  if (other.length === 0) return one
  if (one.length === 0) return other
  const all = [...one]
  for (const taint of other) {
    if (all.length >= maxTaints) break
    if (!all.some(({ kind, what }) => kind === taint.kind && what === taint.what)) all.push(taint)
  }
  return all
}

/** Either of two values. */
export function uniteValues(one: Value, other: Value): Value {
  if (one === unknown) return other
  if (other === unknown || one === other) return one
  const entries = one.entries ?? other.entries
  const path = one.path ?? other.path
  const call = one.call ?? other.call
  const items = one.items ?? other.items
  return {
    texts: [...new Set([...one.texts, ...other.texts])].slice(0, maxTexts),
    computed: one.computed || other.computed,
    decoded: uniteWords(one.decoded, other.decoded),
    taints: uniteTaints(one.taints, other.taints),
    ...(path !== undefined && { path }),
    ...((one.disguised || other.disguised) && { disguised: true }),
    ...(call !== undefined && { call }),
    ...(items !== undefined && { items }),
    ...(entries !== undefined && { entries }),
  }
}

export function uniteWords(one: readonly string[], other: readonly string[]): readonly string[] {
  return other.length === 0 ? one : [...new Set([...one, ...other])].slice(0, 6)
}

/** What comes out of an operation on values of which only the origins are known. */
export function derived(...values: readonly (Value | undefined)[]): Value {
  let taints: readonly Taint[] = []
  let decoded: readonly string[] = []
  for (const value of values) {
    if (value === undefined) continue
    taints = uniteTaints(taints, allTaints(value))
    decoded = uniteWords(decoded, value.decoded)
  }
  return taints.length === 0 && decoded.length === 0 ? unknown : { ...unknown, taints, decoded }
}

/** Taints of a value and of what it holds. */
export function allTaints(value: Value, depth = 0): readonly Taint[] {
  let taints = value.taints
  if (depth > 3) return taints
  for (const item of value.items?.slice(0, 50) ?? []) taints = uniteTaints(taints, allTaints(item, depth + 1))
  if (value.entries !== undefined && value.entries.size < 200) {
    for (const entry of value.entries.values()) {
      if (entry.call === undefined) taints = uniteTaints(taints, allTaints(entry, depth + 1))
    }
  }
  return taints
}

/** One text after the other. */
export function concatenate(parts: readonly Value[]): Value {
  let texts: string[] = ['']
  for (const part of parts) {
    const own = part.texts.length > 0 ? part.texts : ['…']
    const next: string[] = []
    for (const text of texts) {
      for (const other of own) {
        if (next.length < maxTexts && text.length + other.length <= maxLength) next.push(text + other)
      }
    }
    texts = next
  }
  const known = parts.some((part) => part.texts.length > 0)
  const literal = parts.filter((part) => part.texts.length > 0).length
  return {
    ...derived(...parts),
    texts: known ? texts : [],
    computed: literal > 1 || parts.some((part) => part.computed),
  }
}

/** The same value with its texts changed. */
export function mapTexts(
  value: Value,
  how: string | undefined,
  change: (text: string) => string | undefined,
): Value {
  const texts = value.texts.map(change).filter((text) => text !== undefined)
  return {
    ...unknown,
    texts,
    computed: true,
    decoded: how === undefined ? value.decoded : uniteWords(value.decoded, [how]),
    taints: allTaints(value),
  }
}

/** The names of a block of a program. */
export class Scope {
  readonly names = new Map<string, Value>()

  constructor(readonly parent?: Scope) {}

  get(name: string): Value | undefined {
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.parent) {
      const value = scope.names.get(name)
      if (value !== undefined) return value
    }
    return undefined
  }

  set(name: string, value: Value): void {
    this.names.set(name, value)
  }
}
