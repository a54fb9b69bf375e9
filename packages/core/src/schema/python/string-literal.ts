import type { SyntaxNode } from '../../syntax/syntax-node.js'

const simple: Readonly<Record<string, string>> = {
  ...{ n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v', '\\': '\\', "'": "'", '"': '"' },
  '\n': '',
}

/** The value of one piece of a string as it stands in the code. */
export function decode(text: string, raw: boolean): string {
  if (raw || !text.includes('\\')) return text
  const pattern =
    /\\(\r\n|[\s\S]|$)(?:(?<=\\x)[0-9a-fA-F]{2}|(?<=\\u)[0-9a-fA-F]{4}|(?<=\\U)[0-9a-fA-F]{8}|(?<=\\N)\{[^}]*\}|(?<=\\[0-7])[0-7]{1,2})?/g
  return text.replace(pattern, (whole, mark: string) => {
    if (mark === '\r\n') return ''
    const rest = whole.slice(2)
    if ((mark === 'x' || mark === 'u' || mark === 'U') && rest !== '') {
      const code = Number.parseInt(rest, 16)
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole
    }
    if (/[0-7]/.test(mark)) return String.fromCodePoint(Number.parseInt(mark + rest, 8))
    return simple[mark] ?? whole
  })
}

export interface StringParts {
  /** `f'…'` and the like; lower case. */
  readonly prefix: string
  /** Texts, and the interpolations between them. */
  readonly parts: readonly (string | SyntaxNode)[]
}

/** The pieces of a `string` node. */
export function stringParts(node: SyntaxNode): StringParts {
  const opening = node.child('string_start')
  const prefix = (/^[a-zA-Z]*/.exec(opening?.text ?? '')?.[0] ?? '').toLowerCase()
  const raw = prefix.includes('r')
  const closing = node.child('string_end')
  const parts: (string | SyntaxNode)[] = []
  let from = opening?.end ?? node.start
  const until = closing?.start ?? node.end
  const text = (start: number, end: number): string => {
    const piece = decode(node.source.text.slice(start, end), raw)
    return prefix.includes('f') ? piece.replace(/\{\{|\}\}/g, (pair) => pair.charAt(0)) : piece
  }
  for (const child of node.children) {
    if (child.type !== 'interpolation') continue
    if (child.start > from) parts.push(text(from, child.start))
    parts.push(child)
    from = child.end
  }
  if (until > from) parts.push(text(from, until))
  return { prefix, parts }
}

/** The text of a string without interpolations, or of several side by side. */
export function plainString(node: SyntaxNode | undefined): string | undefined {
  if (node === undefined) return undefined
  if (node.type === 'parenthesized_expression') return plainString(node.parts[0])
  if (node.type === 'concatenated_string') {
    const texts = node.parts.map(plainString)
    return texts.includes(undefined) ? undefined : texts.join('')
  }
  if (node.type !== 'string') return undefined
  const { prefix, parts } = stringParts(node)
  return prefix.includes('b') || parts.some((part) => typeof part !== 'string') ? undefined : parts.join('')
}
