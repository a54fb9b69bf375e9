/**
 * A value that the code states as a literal, however roundabout; `undefined` where it cannot be known. A value that
 * cannot be known is left out, never guessed.
 */
export type Folded<Value = unknown> = { readonly value: Value } | undefined

export const known = <Value>(value: Value): { readonly value: Value } => ({ value })

/** The value, where it is known and a text. */
export function knownText(folded: Folded): string | undefined {
  return typeof folded?.value === 'string' ? folded.value : undefined
}

/** The value, where it is known and a list. */
export function knownList(folded: Folded): readonly unknown[] | undefined {
  return Array.isArray(folded?.value) ? folded.value : undefined
}

/** Folds an expression of one language. */
export interface ConstantFolder<Node> {
  readonly fold: (node: Node) => Folded
}
