import { resolvePlainScalar, typedKey } from './plain-scalar.js'
import type { YamlMapping } from './yaml-mapping.js'

const maxDepth = 16
const keyLine = /^( *)([A-Za-z_][A-Za-z0-9_.-]*):(?: +(.*))?$/
const itemLine = /^ *- +(.*)$/
// No character beyond ASCII means anything to YAML at the start of a value.
const plainStart = /^[A-Za-z0-9_(./+\u0080-\uffff]/
// Spaces that YAML and JavaScript see differently, and tabs: left to the library.
const awkward = /[\t\r\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]/

const quotedScalar = /^"([^"\\]*)"$|^'([^']*)'$/
const flowItem = /^[A-Za-z0-9_][A-Za-z0-9_.@/<>=*()~^+ -]*$/

class NotSimple extends Error {}
const notSimple = new NotSimple('not simple')

/**
 * Reads the part of YAML that most front matter is written in: `key: value` lines, nested by indentation, lists of scalars, and
 * unfolded block scalars. Answers undefined for everything else; where it answers, the library gives the same data.
 */
export function parseSimpleYaml(text: string): YamlMapping | undefined {
  if (awkward.test(text)) return undefined
  try {
    return new SimpleReader(text.split('\n')).read()
  } catch (error) {
    if (error === notSimple) return undefined
    throw error
  }
}

class SimpleReader {
  private readonly lines = new Map<string, number>()
  private at = 0
  private typed = false
  private flowLine: number | undefined

  constructor(private readonly source: readonly string[]) {}

  read(): YamlMapping {
    const data = this.mapping(0, 0)
    if (this.at < this.source.length || this.lines.size === 0) throw notSimple
    return { data, lines: this.lines, ...(this.flowLine !== undefined && { flowLine: this.flowLine }) }
  }

  private mapping(indent: number, depth: number): Record<string, unknown> {
    if (depth > maxDepth) throw notSimple
    const data: Record<string, unknown> = Object.create(null)
    for (let line = this.peek(); line !== undefined; line = this.peek()) {
      const match = keyLine.exec(line)
      const [, spaces = '', key = '', value = ''] = match ?? []
      if (!match || spaces.length > indent) throw notSimple
      if (spaces.length < indent) break
      if (Object.hasOwn(data, key)) throw notSimple
      if (depth === 0) {
        this.lines.set(key, this.at + 1)
        this.typed = key === typedKey
      }
      this.at++
      data[key] = value === '' ? this.nested(indent, depth) : this.scalar(value, indent)
    }
    return data
  }

  private nested(indent: number, depth: number): unknown {
    const line = this.peek()
    const inner = line === undefined ? -1 : indentOf(line)
    if (line !== undefined && inner >= indent && itemLine.test(line)) return this.list(inner)
    if (inner > indent) return this.mapping(inner, depth + 1)
    return this.typed ? null : ''
  }

  private list(indent: number): unknown[] {
    const items: unknown[] = []
    for (let line = this.peek(); line !== undefined; line = this.peek()) {
      const depth = indentOf(line)
      const value = depth === indent ? itemLine.exec(line)?.[1] : undefined
      if (!value) {
        // A list may stand at the indent of its key, where the next key ends it.
        if (depth < indent || (depth === indent && !line.startsWith('-', depth))) break
        throw notSimple
      }
      if (/^[|>]/.test(value)) throw notSimple
      this.at++
      items.push(this.scalar(value, indent))
    }
    return items
  }

  private scalar(value: string, indent: number): unknown {
    if (/^[|>]-?$/.test(value)) return this.block(value, indent)
    if (value.startsWith('[') && value.endsWith(']')) return this.flowList(value.slice(1, -1))
    const quoted = quotedScalar.exec(value)
    if (quoted) return quoted[1] ?? quoted[2] ?? ''
    if (!plainStart.test(value) || value.includes(': ') || value.includes(' #') || value.endsWith(':')) {
      throw notSimple
    }
    return this.typed ? resolvePlainScalar(value) : value
  }

  private flowList(inner: string): unknown[] {
    this.flowLine ??= this.at
    if (inner.trim() === '') return []
    return inner.split(',').map((part) => {
      const item = part.trim()
      const quoted = quotedScalar.exec(item)
      if (quoted) return quoted[1] ?? quoted[2] ?? ''
      if (!flowItem.test(item)) throw notSimple
      return this.typed ? resolvePlainScalar(item) : item
    })
  }

  private block(header: string, indent: number): string {
    const lines: string[] = []
    let inner = 0
    for (; this.at < this.source.length; this.at++) {
      const line = this.source[this.at] ?? ''
      // An empty line is content, an end or a paragraph, depending on what follows; the library knows.
      if (line === '') {
        if (this.at < this.source.length - 1) throw notSimple
        continue
      }
      const depth = indentOf(line)
      if (lines.length === 0) inner = depth
      if (depth <= indent) break
      if (depth !== inner || line.endsWith(' ')) throw notSimple
      lines.push(line.slice(inner))
    }
    if (lines.length === 0) throw notSimple
    return lines.join(header.startsWith('>') ? ' ' : '\n') + (header.endsWith('-') ? '' : '\n')
  }

  /** The next line that is neither empty nor a comment; moves up to it. */
  private peek(): string | undefined {
    while (this.at < this.source.length) {
      const line = (this.source[this.at] ?? '').trimEnd()
      if (line !== '' && !/^ *#/.test(line)) return line
      this.at++
    }
    return undefined
  }
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length
}
