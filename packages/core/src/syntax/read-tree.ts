import type { Tree } from 'web-tree-sitter'
import { type Source, SyntaxNode } from './syntax-node.js'

/** A tree as read, and what was left out of it. */
export interface ReadTree {
  readonly root: SyntaxNode
  /** Line of the first thing that the grammar does not know. */
  readonly errorLine: number | undefined
  /** Whether nodes were left out because they are nested too deeply. */
  readonly tooDeep: boolean
  /** Whether nodes were left out because there are too many. */
  readonly tooMany: boolean
}

export interface TreeBounds {
  readonly maxNodes: number
  readonly maxDepth: number
}

const UNKNOWN = 'ERROR'

/** Most of a tree. Asking the parser costs more than anything else here, and of these all is known but the place. */
const punctuation = new Set(['(', ')', '[', ']', '{', '}', ',', ':', '.', ';'])

/** Copies a tree out of the parser's memory, without recursion. What is beyond the bounds is left out. */
export function readTree(tree: Tree, text: string, { maxNodes, maxDepth }: TreeBounds): ReadTree {
  const source: Source = { text, lineAt: lineCounter(text) }
  const { types, fields } = tree.language
  const cursor = tree.walk()
  const damaged = tree.rootNode.hasError
  let errorLine: number | undefined
  let [tooDeep, tooMany] = [false, false]
  let parent: SyntaxNode | undefined
  let previous: SyntaxNode | undefined
  let root: SyntaxNode | undefined
  try {
    for (let depth = 0, count = 1; ; count++) {
      const type = types[cursor.nodeTypeId] ?? UNKNOWN
      const plain = punctuation.has(type)
      const fieldId = plain ? 0 : cursor.currentFieldId
      const start = cursor.startIndex
      const node = new SyntaxNode(
        source,
        type,
        !plain && cursor.nodeIsNamed,
        fieldId === 0 ? undefined : (fields[fieldId] ?? undefined),
        start,
        plain ? start + 1 : cursor.endIndex,
        parent,
      )
      root ??= node
      parent?.children.push(node)
      if (previous !== undefined) previous.next = node
      previous = node
      if (damaged && errorLine === undefined && (node.type === UNKNOWN || cursor.nodeIsMissing)) {
        errorLine = node.line
      }
      if (count >= maxNodes) {
        tooMany = true
        break
      }
      if (depth < maxDepth) {
        if (node.named && cursor.gotoFirstChild()) {
          depth++
          parent = node
          previous = undefined
          continue
        }
      } else tooDeep ||= node.named && node.end - node.start > 1
      while (!cursor.gotoNextSibling()) {
        if (!cursor.gotoParent()) return { root, errorLine, tooDeep, tooMany }
        depth--
        previous = parent
        parent = parent?.parent
      }
    }
    return { root, errorLine, tooDeep, tooMany }
  } finally {
    cursor.delete()
  }
}

/** Lines by offset; the ends of the lines are looked up only when the first line is asked for. */
function lineCounter(text: string): (offset: number) => number {
  let ends: number[] | undefined
  return (offset) => {
    ends ??= [...text.matchAll(/\n/g)].map(({ index }) => index)
    let [low, high] = [0, ends.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((ends[middle] ?? 0) < offset) low = middle + 1
      else high = middle
    }
    return low + 1
  }
}
