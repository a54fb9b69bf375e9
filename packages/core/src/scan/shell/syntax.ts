/** Shell text as read: tolerant, since it also stands in prose and in strings. */
export interface Script {
  readonly pipelines: readonly Pipeline[]
}

export interface Pipeline {
  readonly commands: readonly Command[]
  readonly background: boolean
}

export interface Command {
  readonly words: readonly Word[]
  readonly redirects: readonly Redirect[]
  readonly offset: number
}

export interface Redirect {
  /** `>`, `>>`, `<`, `<<<`, `>&`, … or `<<` with the text of a here document. */
  readonly operator: string
  readonly target: Word
}

export interface Word {
  readonly segments: readonly Segment[]
  readonly offset: number
  readonly end: number
}

export type Segment =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string }
  /** `$(…)`, backquotes, `<(…)` and `(…)`. */
  | { readonly kind: 'script'; readonly script: Script }
