import type { SyntaxNode } from '../../syntax/syntax-node.js'
import type { SourceFile } from '../script-source.js'
import { plainString } from './string-literal.js'

const readers = /^(?:os\.)?(?:environ\.get|getenv|environ\.setdefault|environ\.pop)$/

/** Environment variables that files read by a literal name, sorted. */
export function environmentNeeds(files: readonly SourceFile[]): string[] {
  const names = new Set<string>()
  for (const { root } of files) {
    for (const node of root.find('call', 'subscript', 'comparison_operator')) {
      const name = nameRead(node)
      if (name !== undefined && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) names.add(name)
    }
  }
  return [...names].sort()
}

function nameRead(node: SyntaxNode): string | undefined {
  if (node.type === 'call') {
    const called = node.field('function')?.text ?? ''
    return readers.test(called) ? plainString(node.field('arguments')?.parts[0]) : undefined
  }
  if (node.type === 'subscript') {
    const assigned = node.role === 'left' && node.parent?.type === 'assignment'
    const read = /^(?:os\.)?environ$/.test(node.field('value')?.text ?? '')
    return read && !assigned ? plainString(node.field('subscript')) : undefined
  }
  const [left, right] = node.parts
  return /^(?:os\.)?environ$/.test(right?.text ?? '') ? plainString(left) : undefined
}
