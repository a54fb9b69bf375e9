import { dropParsers, loadParser, type SyntaxLanguage } from './grammar.js'
import { readTree } from './read-tree.js'
import type { SyntaxNode } from './syntax-node.js'

/** Bounds of one parse. */
export interface ParseBounds {
  /** Larger texts are not parsed.
   *  @default 1 MiB, in UTF-16 units */
  readonly maxLength?: number
  /** @default 3000 */
  readonly maxMs?: number
  /** @default 500000 */
  readonly maxNodes?: number
  /** What is nested deeper is left out of the tree.
   *  @default 600 */
  readonly maxDepth?: number
}

/** What is wrong with a text, or was too much to read. */
export interface SyntaxProblem {
  readonly code:
    | 'syntax-error'
    | 'source-too-large'
    | 'source-too-deep'
    | 'source-too-slow'
    | 'parser-unavailable'
  /** In one sentence, without the name of the file. */
  readonly message: string
  /** 1-based. */
  readonly line?: number
}

/** A text as read: its tree, unless it could not be read at all, and what is wrong with it. */
export interface ParsedSource {
  /** With a syntax error, the tree holds what could be understood, and `ERROR` nodes. */
  readonly root?: SyntaxNode
  readonly problems: readonly SyntaxProblem[]
}

/** Reads a text as a syntax tree. Never throws and never runs anything: a text that is no program gives problems. */
export async function parseSource(
  language: SyntaxLanguage,
  text: string,
  { maxLength = 1_048_576, maxMs = 3_000, maxNodes = 500_000, maxDepth = 600 }: ParseBounds = {},
): Promise<ParsedSource> {
  if (text.length > maxLength) {
    return problem('source-too-large', `has ${text.length} characters; at most ${maxLength} are read`)
  }
  try {
    const parser = await loadParser(language)
    const deadline = performance.now() + maxMs
    const tree = parser.parse(text, null, { progressCallback: () => performance.now() > deadline })
    if (tree === null) {
      // Else the next parse would go on where this one was stopped.
      parser.reset()
      return problem('source-too-slow', `takes longer than ${maxMs} ms to read`)
    }
    try {
      const { root, errorLine, tooDeep, tooMany } = readTree(tree, text, { maxNodes, maxDepth })
      const problems: SyntaxProblem[] = []
      if (errorLine !== undefined) {
        problems.push({ code: 'syntax-error', message: `is not valid ${language}`, line: errorLine })
      }
      if (tooMany) {
        problems.push({ code: 'source-too-large', message: `has more than ${maxNodes} syntax nodes` })
      }
      if (tooDeep) {
        problems.push({ code: 'source-too-deep', message: `is nested deeper than ${maxDepth} levels` })
      }
      return { root, problems }
    } finally {
      tree.delete()
    }
  } catch (error) {
    dropParsers()
    return problem('parser-unavailable', `cannot be read as ${language}: ${String(error).slice(0, 200)}`)
  }
}

const problem = (code: SyntaxProblem['code'], message: string): ParsedSource => ({
  problems: [{ code, message }],
})
