import type { SyntaxNode } from '../../syntax/syntax-node.js'
import type { ValueType } from '../parameter.js'

/**
 * What the reader knows of a Python value. Texts, whole numbers, booleans and `None` (null) are themselves; the rest is
 * an object with a `kind`. What cannot be known is {@link UNKNOWN}.
 */
export type PyValue =
  | string
  | number
  | boolean
  | null
  | PyUnknown
  | PyFloat
  | PyTyped
  | PySequence
  | PyDict
  | PyFunction
  | PyClass
  | PyInstance
  | PyExternal
  | PyMade
  | PyBound
  | PyNative

export interface PyUnknown {
  readonly kind: 'unknown'
}
export interface PyFloat {
  readonly kind: 'float'
  readonly value: number
}
/** A value of which only the type is known, and perhaps where it comes from. */
export interface PyTyped {
  readonly kind: 'typed'
  readonly type: ValueType
  /** What it is unless something outside the code says else: `os.environ.get('X', 'y')`. */
  readonly fallback?: PyValue
  /** For the counter of a loop: how far it is ahead of where the round began. */
  readonly step?: number
}
export interface PySequence {
  readonly kind: 'list' | 'tuple' | 'set'
  readonly items: PyValue[]
  /** Whether there may be more in it, or less. */
  open?: boolean
}
export interface PyDict {
  readonly kind: 'dict'
  open?: boolean
  /** By {@link keyOf}. */
  readonly entries: Map<string, readonly [PyValue, PyValue]>
}
export interface PyFunction {
  readonly kind: 'function'
  readonly name: string
  /** `function_definition` or `lambda`. */
  readonly node: SyntaxNode
  readonly scope: PyScope
  readonly file: string
  readonly defaults: ReadonlyMap<string, PyValue>
  /** Calls of decorators, nearest last. */
  readonly decorators: readonly PyValue[]
}
export interface PyClass {
  readonly kind: 'class'
  readonly name: string
  readonly node: SyntaxNode
  readonly file: string
  readonly bases: readonly PyValue[]
  readonly members: Map<string, PyValue>
  readonly decorators: readonly PyValue[]
}
export interface PyInstance {
  readonly kind: 'instance'
  readonly type: PyClass
  readonly members: Map<string, PyValue>
}
/** Something of a module that is not the skill's: `argparse.ArgumentParser`, `sys.argv`. Builtins too: `int`. */
export interface PyExternal {
  readonly kind: 'external'
  readonly path: string
}
/** What came of calling something external: `click.Choice(['a'])`. */
export interface PyMade {
  readonly kind: 'made'
  readonly path: string
  readonly args: CallArguments
  /** What it was a method of. */
  readonly self?: PyValue
}
/** A method and what it is a method of. */
export interface PyBound {
  readonly kind: 'bound'
  readonly self: PyValue
  readonly method: PyFunction | string
}
/** An object that a style reader acts for: a parser, the command line. What it does not say is unknown. */
export interface PyNative {
  readonly kind: 'native'
  /** The value of an attribute; nothing where it is a method. */
  readonly attribute?: (name: string) => PyValue | undefined
  readonly call?: (method: string, args: CallArguments) => PyValue
  readonly assign?: (name: string, value: PyValue) => void
  readonly item?: (index: PyValue) => PyValue
  readonly slice?: (from: PyValue, to: PyValue) => PyValue
  /** What a loop over it, or unpacking it, sees; `count` names are waiting for it. */
  readonly iterate?: (count: number | undefined) => readonly PyValue[]
  readonly length?: () => PyValue
  /** The result of a builtin type called on it: `int(x)`. */
  readonly convert?: (type: string) => PyValue
  /** Arithmetic with it: `x - 1`. */
  readonly calculate?: (operator: string, other: PyValue) => PyValue
  /** That it goes by this name now, in a variable or as a parameter. */
  readonly named?: (name: string, annotation: SyntaxNode | undefined) => void
  /** A comparison: `x == 'a'`; `other in x` where it is the right side. */
  readonly compare?: (operator: string, other: PyValue, side: 'left' | 'right') => PyValue
  /** One value where the code takes one of two, this or `other`. */
  readonly join?: (other: PyValue) => PyValue
  /** For a condition: which of its branches end the program or the function. */
  readonly decided?: (stops: { readonly whenTrue: boolean; readonly whenFalse: boolean }) => void
  /** For `f(**value)`: what it gives to a parameter. */
  readonly spread?: (
    parameter: string,
    fallback: PyValue | undefined,
    annotation: SyntaxNode | undefined,
  ) => PyValue
  /** The object itself, for the reader that made it. */
  readonly subject: unknown
}

/** What a call is given. */
export interface CallArguments {
  readonly positional: readonly PyValue[]
  readonly keywords: ReadonlyMap<string, PyValue>
  /** Whether more was given that cannot be known. */
  readonly open: boolean
  readonly node: SyntaxNode
  readonly file: string
  /** `**value` of a native object. */
  readonly spread?: PyNative
}

/** Names of a module, a class body or a call of a function. */
export interface PyScope {
  readonly names: Map<string, PyValue>
  readonly parent: PyScope | undefined
  /** Names declared `global` or `nonlocal`. */
  readonly outer: Set<string>
  readonly file: string
  /** Names of a class body are not seen from its methods. */
  readonly isClass?: boolean
  /** For `super()`. */
  readonly self?: { readonly value: PyValue; readonly type: PyClass }
}

export const UNKNOWN: PyUnknown = Object.freeze({ kind: 'unknown' })

export const pyFloat = (value: number): PyFloat => ({ kind: 'float', value })
export const typed = (type: ValueType): PyTyped => ({ kind: 'typed', type })
export const external = (path: string): PyExternal => ({ kind: 'external', path })
export const sequence = (kind: PySequence['kind'], items: PyValue[]): PySequence => ({ kind, items })

type OfKind<Value, Kind> = Value extends { readonly kind: infer Own }
  ? [Kind & Own] extends [never]
    ? never
    : Value
  : never

export function isObject<Kind extends Exclude<PyValue, string | number | boolean | null>['kind']>(
  value: PyValue | undefined,
  ...kinds: readonly Kind[]
): value is OfKind<PyValue, Kind> {
  return typeof value === 'object' && value !== null && (kinds as readonly string[]).includes(value.kind)
}

export const isSequence = (value: PyValue | undefined): value is PySequence =>
  isObject(value, 'list', 'tuple', 'set')

/** The dictionary key that a value is. */
export function keyOf(value: PyValue): string | undefined {
  if (typeof value === 'object' && value !== null) {
    return value.kind === 'external' ? `external ${value.path}` : undefined
  }
  return `${typeof value} ${value}`
}

export function dict(pairs: Iterable<readonly [string, PyValue]> = []): PyDict {
  return { kind: 'dict', entries: new Map([...pairs].map(([key, value]) => [`string ${key}`, [key, value]])) }
}

/** The value of a text key. */
export function member({ entries }: PyDict, key: string): PyValue | undefined {
  return entries.get(`string ${key}`)?.[1]
}
