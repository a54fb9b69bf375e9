import { createRequire } from 'node:module'
import type * as Yaml from 'yaml'
import { resolvePlainScalar, typedKey } from './plain-scalar.js'
import { parseSimpleYaml } from './simple-yaml.js'

/** A YAML mapping as plain data: objects without prototype, every scalar a string (typed below `input_schema`). */
export interface YamlMapping {
  readonly data: Record<string, unknown>
  /** 1-based line of each top-level key, counted from the start of the YAML text. */
  readonly lines: ReadonlyMap<string, number>
  /** The first use of flow style, which the reference library does not accept. */
  readonly flowLine?: number
}

/** YAML that was not accepted. `line` is 1-based within the YAML text. */
export class YamlProblem extends Error {
  constructor(
    message: string,
    readonly line?: number,
    readonly kind: 'invalid' | 'not-a-mapping' = 'invalid',
  ) {
    super(message)
  }
}

const maxCharacters = 32_768
const maxDepth = 64
const maxIndent = 200
const maxIndicatorsPerLine = 20

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what YAML forbids
const unprintable = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/

/** Reads YAML written by a stranger: bounded in size and depth; no tags, anchors, aliases, duplicate keys or engines. */
export function parseYamlMapping(text: string): YamlMapping {
  // `yaml` compares each key of a mapping with all others, so size is what bounds its time.
  if (text.length > maxCharacters) throw new YamlProblem(`more than ${maxCharacters} characters of YAML`)
  const control = unprintable.exec(text)
  if (control) {
    const code = control[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
    throw new YamlProblem(`control character U+${code}`, lineAt(text, control.index))
  }
  return parseSimpleYaml(text) ?? parseWithLibrary(text)
}

let library: typeof Yaml | undefined

// Loading the library costs more than most commands have; plain front matter never needs it.
function loadLibrary(): typeof Yaml {
  library ??= createRequire(import.meta.url)('yaml') as typeof Yaml
  return library
}

function parseWithLibrary(text: string): YamlMapping {
  const yaml = loadLibrary()
  checkTokens(yaml, text)
  let document: Yaml.Document.Parsed
  try {
    // With logLevel 'silent' a second document would be dropped without an error.
    document = yaml.parseDocument(text, {
      schema: 'failsafe',
      uniqueKeys: true,
      prettyErrors: false,
      logLevel: 'error',
    })
  } catch (error) {
    throw new YamlProblem(error instanceof Error ? error.message : String(error))
  }
  const problem = document.errors[0] ?? document.warnings[0]
  if (problem) throw new YamlProblem(problem.message, lineAt(text, problem.pos[0]))
  if (!yaml.isMap(document.contents)) {
    throw new YamlProblem('the front matter is not a mapping', 1, 'not-a-mapping')
  }
  const reader = new NodeReader(yaml, text)
  const data = reader.mapping(document.contents, 0)
  return { data, lines: reader.lines, ...(reader.flowLine !== undefined && { flowLine: reader.flowLine }) }
}

/**
 * Bounds nesting before the library builds a tree. It recurses per level, and V8 aborts the whole process when a regular
 * expression is compiled on an almost full stack: `'- '.repeat(32_768)` is enough, and no `catch` helps.
 */
function checkTokens(yaml: typeof Yaml, text: string): void {
  let offset = 0
  let flowDepth = 0
  let indicators = 0
  let lineStart = true
  let scalarFollows = false
  for (const lexeme of new yaml.Lexer().lex(text)) {
    const type = scalarFollows ? 'scalar' : yaml.CST.tokenType(lexeme)
    const refuse = (what: string): never => {
      throw new YamlProblem(what, lineAt(text, offset))
    }
    if (type === 'anchor' || type === 'alias') refuse('anchors and aliases are not allowed')
    if (type === 'tag') refuse('tags are not allowed')
    if (type === 'directive-line') refuse('directives are not allowed')
    if (type === 'doc-start' || type === 'doc-end') refuse('only one YAML document is allowed')
    if (type === 'flow-map-start' || type === 'flow-seq-start') flowDepth++
    if (type === 'flow-map-end' || type === 'flow-seq-end') flowDepth--
    if (type === 'seq-item-ind' || type === 'explicit-key-ind' || type === 'map-value-ind') indicators++
    if (flowDepth > 0 && type === 'comma') indicators = 0
    const indent = lineStart && type === 'space' ? lexeme.length : 0
    if (flowDepth > maxDepth || indicators > maxIndicatorsPerLine || indent > maxIndent) {
      refuse('nested too deeply')
    }
    if (type === 'newline') indicators = 0
    lineStart = type === 'newline'
    if (!scalarFollows && lexeme === yaml.CST.SCALAR) {
      scalarFollows = true
    } else {
      scalarFollows = false
      if (type !== 'doc-mode' && type !== 'flow-error-end') offset += lexeme.length
    }
  }
}

class NodeReader {
  readonly lines = new Map<string, number>()
  flowLine: number | undefined
  private typed = false

  constructor(
    private readonly yaml: typeof Yaml,
    private readonly text: string,
  ) {}

  mapping(node: Yaml.YAMLMap, depth: number): Record<string, unknown> {
    this.enter(node, depth)
    const data: Record<string, unknown> = Object.create(null)
    for (const { key, value } of node.items) {
      if (!this.yaml.isScalar(key)) throw new YamlProblem('a key must be plain text', this.line(node))
      const name = String(key.value ?? '')
      if (depth === 0) {
        this.lines.set(name, this.line(key) ?? 1)
        this.typed = name === typedKey
      }
      data[name] = this.value(value, depth + 1)
    }
    return data
  }

  private value(node: unknown, depth: number): unknown {
    if (this.yaml.isMap(node)) return this.mapping(node, depth)
    if (this.yaml.isSeq(node)) {
      this.enter(node, depth)
      return node.items.map((item) => this.value(item, depth + 1))
    }
    if (node === null || node === undefined) return this.typed ? null : ''
    if (!this.yaml.isScalar(node)) throw new YamlProblem('anchors and aliases are not allowed')
    const text = String(node.value ?? '')
    return this.typed && node.type === 'PLAIN' ? resolvePlainScalar(text) : text
  }

  private enter(node: Yaml.YAMLMap | Yaml.YAMLSeq, depth: number): void {
    if (depth > maxDepth) throw new YamlProblem('nested too deeply', this.line(node))
    if (node.flow) this.flowLine ??= this.line(node)
  }

  private line(node: Yaml.Node): number | undefined {
    return node.range ? lineAt(this.text, node.range[0]) : undefined
  }
}

function lineAt(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++
  return line
}
