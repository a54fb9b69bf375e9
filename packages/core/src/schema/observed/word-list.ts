/** The words of a command line, or those of them that are no flags, from one of them on. */
export interface WordList {
  /** Which words: all, or those that are no flags. */
  readonly only: 'all' | 'values'
  /** The first of them, counted from the first word after the script's name. */
  from: number
  /** Number of loops around the place where it was made. */
  readonly loops: number
  /** The first words with which alone it is used. */
  command?: readonly string[]
  /** What the code calls it. */
  name?: string
  /** Whether it is used as a whole: looped over, joined, handed on. */
  whole?: { readonly file: string; readonly line: number; readonly item?: string }
  /** Whether it is handed on to another program as it is. */
  handed?: boolean
  /** Whether a loop looks for flags in it. */
  searched?: boolean
}

export const wordList = (only: WordList['only'], from: number, loops: number): WordList => ({
  only,
  from,
  loops,
})
