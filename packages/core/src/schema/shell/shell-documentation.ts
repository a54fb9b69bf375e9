import type { SyntaxNode } from '../../syntax/syntax-node.js'
import { commentLines, paragraphs } from '../head-comment.js'

const MAX_TEXT = 60_000

/** Lines of the comments before the first statement. */
export function headLines(root: SyntaxNode): string[] {
  const comments: SyntaxNode[] = []
  for (const node of root.children) {
    if (node.type === 'comment') comments.push(node)
    else if (node.named && !/^set( |$)/.test(node.text.slice(0, 4))) break
  }
  return commentLines(paragraphs(comments))
}

/** The texts in which a script explains its use. */
export function helpText(root: SyntaxNode): string {
  const texts: string[] = []
  let size = 0
  for (const node of root.find('heredoc_body', 'string', 'raw_string')) {
    if (size > MAX_TEXT) break
    const text = node.type === 'heredoc_body' ? node.text : node.text.slice(1, -1)
    if (text.length < 4) continue
    size += text.length
    texts.push(text)
  }
  const comments = root.children.flatMap(({ type, text }) => (type === 'comment' ? [text] : []))
  return [...texts, ...commentLines(comments)].join('\n').slice(0, 2 * MAX_TEXT)
}
