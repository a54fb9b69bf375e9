import type { SyntaxNode } from '../../syntax/syntax-node.js'
import type { Input } from '../observed/input.js'
import type { WordList } from '../observed/word-list.js'

/**
 * What the reader knows of a JavaScript value. Primitives are themselves; the rest is an object with a `kind`. What
 * cannot be known is {@link UNKNOWN}.
 */
export type JsValue = string | number | boolean | null | undefined | JsThing

export type JsThing =
  | { readonly kind: 'unknown' }
  | JsArray
  | JsObject
  | JsFunction
  | JsClass
  | JsExternal
  | JsBound
  | JsNative
  | JsInput
  | JsWords
  | JsWord
  | JsCursor
  | JsLength
  | JsFlagIndex
  | JsTest
  | JsLookup
  | { readonly kind: 'stdin' }

export interface JsArray {
  readonly kind: 'array'
  readonly items: JsValue[]
  /** Words of the command line that were pushed into it. */
  words?: WordList
}
export interface JsObject {
  readonly kind: 'object'
  readonly members: Map<string, JsValue>
  /** Set where the keys are flags of the command line, whatever they are. */
  flags?: FlagBag
}
/** Reading a member of it is reading a flag of that name. */
export interface FlagBag {
  /** Whether the value is in the same word: `--name=value`. */
  joined: boolean
  /** Whether a word after the flag can be its value. */
  separate: boolean
}
export interface JsFunction {
  readonly kind: 'function'
  readonly node: SyntaxNode
  readonly scope: JsScope
  readonly self?: JsValue
}
export interface JsClass {
  readonly kind: 'class'
  readonly node: SyntaxNode
  readonly scope: JsScope
}
/** Something that is not the skill's: a global or an export of a package, as `process.argv`, `commander.Command`. */
export interface JsExternal {
  readonly kind: 'external'
  readonly path: string
}
/** A method and what it is a method of. */
export interface JsBound {
  readonly kind: 'bound'
  readonly self: JsValue
  readonly method: string
}
/** An object that a style reader acts for. What it does not say is unknown. */
export interface JsNative {
  readonly kind: 'native'
  readonly member?: (name: string) => JsValue | NoMember
  readonly method?: (name: string, args: CallArguments) => JsValue
  readonly invoke?: (args: CallArguments) => JsValue
  /** That the code calls it so. */
  readonly named?: (name: string) => void
}
export const NO_MEMBER = Symbol('no member')
export type NoMember = typeof NO_MEMBER
/** A value that comes from outside, perhaps converted. */
export interface JsInput {
  readonly kind: 'input'
  readonly input: Input
}
/** The words of the command line, or some of them. */
export interface JsWords {
  readonly kind: 'words'
  readonly list: WordList
}
/** Any of the words, in a loop over them. */
export interface JsWord {
  readonly kind: 'word'
  readonly list: WordList
  /** How far beyond the loop's own word it was read. */
  readonly plus: number
  /** What of the word it is: all, the name of a flag in it, the value behind `=`, or its first letter. */
  readonly piece: 'whole' | 'name' | 'value' | 'pair' | 'letter'
}
/** A number that goes along the words in a loop. */
export interface JsCursor {
  readonly kind: 'cursor'
  readonly plus: number
}
/** Number of words. */
export interface JsLength {
  readonly kind: 'length'
  readonly list: WordList
}
/** Where a flag stands. */
export interface JsFlagIndex {
  readonly kind: 'flag-index'
  readonly list: WordList
  readonly flags: readonly string[]
  readonly joined: boolean
  readonly plus: number
}
/** A condition on the command line. */
export interface JsTest {
  readonly kind: 'test'
  readonly yes: Facts
  readonly no: Facts
}
/** `TABLE[input]`. */
export interface JsLookup {
  readonly kind: 'lookup'
  readonly input: Input
  readonly keys: readonly string[]
}

/** What is the case where a condition holds. */
export interface Facts {
  /** Inputs that were not given. */
  readonly missing?: readonly Input[]
  /** There are fewer words than so many. */
  readonly fewer?: readonly { readonly list: WordList; readonly count: number }[]
  /** The first word is one of these. */
  readonly command?: readonly string[]
  /** A word is one of these flags. */
  readonly flag?: FlagMatch
  /** An input is none of these. */
  readonly outside?: { readonly input: Input; readonly values: readonly unknown[] }
  /** The word begins as a flag does. */
  readonly anyFlag?: boolean
}

export interface FlagMatch {
  readonly list: WordList
  readonly flags: readonly string[]
  /** The word begins so, and goes on with the value. */
  readonly joined: boolean
  /** Offset of the word that matched. */
  readonly plus: number
}

export interface CallArguments {
  readonly values: readonly JsValue[]
  readonly node: SyntaxNode
  readonly scope: JsScope
}

/** Names of a module, a function call or a block. */
export interface JsScope {
  readonly names: Map<string, JsValue>
  readonly parent: JsScope | undefined
  readonly file: string
}

export const UNKNOWN: JsThing = Object.freeze({ kind: 'unknown' })
export const STDIN: JsThing = Object.freeze({ kind: 'stdin' })

export const external = (path: string): JsExternal => ({ kind: 'external', path })
export const array = (items: readonly JsValue[]): JsArray => ({ kind: 'array', items: [...items] })
export const object = (members: Iterable<readonly [string, JsValue]> = []): JsObject => ({
  kind: 'object',
  members: new Map(members),
})

export function is<Kind extends JsThing['kind']>(
  value: JsValue,
  ...kinds: readonly Kind[]
): value is Extract<JsThing, { readonly kind: Kind }> {
  return typeof value === 'object' && value !== null && (kinds as readonly string[]).includes(value.kind)
}

/** Whether the value is known to be true or false in a condition. */
export function truth(value: JsValue): boolean | undefined {
  if (typeof value !== 'object' || value === null) return Boolean(value)
  return is(value, 'array', 'object', 'function', 'class') && !hasWords(value) ? true : undefined
}

const hasWords = (value: JsThing): boolean =>
  (value.kind === 'array' && value.words !== undefined) ||
  (value.kind === 'object' && value.flags !== undefined)

/** The value as JSON data; nothing where it, or anything in it, is not. */
export function toJson(value: JsValue, depth = 0): { readonly value: unknown } | undefined {
  if (value === undefined || depth > 20) return undefined
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'number' && !Number.isFinite(value) ? undefined : { value }
  }
  if (value.kind === 'array' && value.words === undefined) {
    const items = value.items.map((item) => toJson(item, depth + 1))
    return items.includes(undefined) ? undefined : { value: items.map((item) => item?.value) }
  }
  if (value.kind !== 'object' || value.flags !== undefined) return undefined
  const plain: Record<string, unknown> = Object.create(null)
  for (const [key, member] of value.members) {
    const folded = toJson(member, depth + 1)
    if (folded === undefined || key === '__proto__') return undefined
    plain[key] = folded.value
  }
  return { value: plain }
}
