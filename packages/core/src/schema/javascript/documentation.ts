import type { SyntaxNode } from '../../syntax/syntax-node.js'
import { commentLines, paragraphs } from '../head-comment.js'
import { stringText } from './literal.js'

const MAX_TEXT = 60_000

/** Lines of the comments before the first statement. */
export function headLines(root: SyntaxNode): string[] {
  const comments: SyntaxNode[] = []
  for (const node of root.children) {
    if (node.type === 'comment') comments.push(node)
    else if (node.type !== 'hash_bang_line' && !/^['"]use strict/.test(node.text.slice(0, 12))) break
  }
  return commentLines(paragraphs(comments))
}

/** The texts in which a script explains its use: the comment at its head, and the strings that it may print. */
export function helpText(root: SyntaxNode): string {
  const head = headLines(root)
  const strings: string[] = []
  let size = 0
  for (const node of root.find('string', 'template_string')) {
    const text = node.type === 'string' ? stringText(node) : node.text.slice(1, -1)
    if (size > MAX_TEXT) break
    if (text.length < 4) continue
    size += text.length
    strings.push(text)
  }
  return [...strings, ...head].join('\n').slice(0, 2 * MAX_TEXT)
}
