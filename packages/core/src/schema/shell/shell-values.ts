import type { Input } from '../observed/input.js'
import type { WordList } from '../observed/word-list.js'

/** What the reader knows of a value in a shell script: a text, or where it comes from. */
export type ShellValue =
  | string
  | { readonly kind: 'unknown' }
  | { readonly kind: 'input'; readonly input: Input }
  /** Any of the words, in a loop over them. */
  | { readonly kind: 'word'; readonly list: WordList }
  | { readonly kind: 'words'; readonly list: WordList }
  | { readonly kind: 'count'; readonly list: WordList }
  /** Of an array: what was put into it. */
  | { readonly kind: 'array'; readonly items: ShellValue[]; readonly words?: WordList }
  | { readonly kind: 'stdin' }

export const UNKNOWN = Object.freeze({ kind: 'unknown' }) satisfies ShellValue
export const STDIN = Object.freeze({ kind: 'stdin' }) satisfies ShellValue

export function isA<Kind extends Exclude<ShellValue, string>['kind']>(
  value: ShellValue | undefined,
  kind: Kind,
): value is Extract<ShellValue, { readonly kind: Kind }> {
  return typeof value === 'object' && value.kind === kind
}

/** `$1`, `$2`, … as they are now. */
export type Parameters =
  | { readonly kind: 'script'; list: WordList; readonly loops: number }
  | { readonly kind: 'given'; values: ShellValue[] }

/** What is the case where a condition holds. */
export interface ShellFacts {
  /** Inputs that are empty. */
  readonly missing: readonly Input[]
  /** There are fewer words than so many. */
  readonly fewer: readonly { readonly list: WordList; readonly count: number }[]
  /** An input is none of these. */
  readonly outside?: { readonly input: Input; readonly values: readonly string[] }
  /** The first word is one of these. */
  readonly command?: readonly string[]
  /** The word is one of these flags. */
  readonly flags?: { readonly names: readonly string[]; readonly joined: boolean }
}

export interface ShellTest {
  readonly yes: ShellFacts
  readonly no: ShellFacts
}

export const NO_FACTS: ShellFacts = Object.freeze({ missing: [], fewer: [] })
export const NO_TEST: ShellTest = Object.freeze({ yes: NO_FACTS, no: NO_FACTS })
