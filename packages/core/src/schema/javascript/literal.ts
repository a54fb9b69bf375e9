import type { SyntaxNode } from '../../syntax/syntax-node.js'

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  '0': '\0',
}

/** The text of a string's fragments, or of one piece of a template. */
export function fragmentText(node: SyntaxNode): string {
  return node.type === 'escape_sequence' ? plainEscape(node.text) : node.text
}

export function stringText(node: SyntaxNode): string {
  return node.parts.map(fragmentText).join('')
}

function plainEscape(text: string): string {
  const body = text.slice(1)
  const code = /^(?:x([\da-f]{2})|u([\da-f]{4})|u\{([\da-f]{1,6})\})$/i.exec(body)
  const digits = code?.slice(1).find((group) => group !== undefined)
  if (digits !== undefined) {
    const point = Number.parseInt(digits, 16)
    return point <= 0x10ffff ? String.fromCodePoint(point) : ''
  }
  if (body === '\n' || body === '\r\n') return ''
  return ESCAPES[body] ?? body
}

export function numberValue(text: string): number {
  return Number(text.replaceAll('_', '').replace(/n$/, ''))
}
