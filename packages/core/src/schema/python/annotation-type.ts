import type { SyntaxNode } from '../../syntax/syntax-node.js'
import type { ValueType } from '../parameter.js'
import { builtinType } from './argv/conversions.js'
import { plainString } from './string-literal.js'

/** What an annotation says of a value. */
export interface AnnotatedType {
  readonly type: ValueType
  /** It is a list of such values. */
  readonly list?: boolean
  readonly choices?: readonly unknown[]
  /** `None` is allowed. */
  readonly optional?: boolean
}

const ANY: AnnotatedType = { type: 'any' }
const texts = new Set([
  'Path',
  'PurePath',
  'UUID',
  'date',
  'datetime',
  'EmailStr',
  'HttpUrl',
  'AnyUrl',
  'FilePath',
  'DirectoryPath',
])
const lists = new Set(['list', 'List', 'Sequence', 'Iterable', 'set', 'Set', 'tuple', 'Tuple', 'frozenset'])
const wrappers = new Set(['Annotated', 'Final', 'ClassVar', 'Required'])

/** Reads `int`, `Optional[str]`, `list[float]`, `Literal['a', 'b']`, `str | None`. */
export function annotationType(annotation: SyntaxNode | undefined, depth = 0): AnnotatedType {
  if (annotation === undefined || depth > 10) return ANY
  const node = annotation.type === 'type' ? annotation.parts[0] : annotation
  switch (node?.type) {
    case 'identifier':
    case 'attribute':
      return named(node.text)
    case 'none':
      return { type: 'any', optional: true }
    case 'string': {
      const name = plainString(node) ?? ''
      return /^[\w.]+$/.test(name) ? named(name) : ANY
    }
    case 'binary_operator':
      return either([node.field('left'), node.field('right')], depth)
    case 'union_type':
      return either(node.parts, depth)
    case 'generic_type':
    case 'subscript':
      return generic(node, depth)
    default:
      return ANY
  }
}

function named(path: string): AnnotatedType {
  const name = path.slice(path.lastIndexOf('.') + 1)
  if (lists.has(name)) return { type: 'any', list: true }
  if (name === 'Dict' || name === 'Mapping') return { type: 'object' }
  const type = builtinType(name) ?? (texts.has(name) ? 'string' : undefined)
  return { type: type ?? 'any' }
}

function either(nodes: readonly (SyntaxNode | undefined)[], depth: number): AnnotatedType {
  const types = nodes.map((node) => annotationType(node, depth + 1))
  const [only, ...others] = types.filter((type) => type.optional !== true || type.type !== 'any')
  const optional = types.some((type) => type.optional === true)
  if (only === undefined || others.some((other) => other.type !== only.type)) return { ...ANY, optional }
  return { ...only, ...(optional ? { optional } : {}) }
}

function generic(node: SyntaxNode, depth: number): AnnotatedType {
  const [head, ...rest] = node.parts
  const name = (head?.text ?? '').replace(/^.*\./, '')
  const parameters = rest.flatMap((part) => (part.type === 'type_parameter' ? part.parts : [part]))
  const [first] = parameters
  if (name === 'Literal') return literal(parameters)
  if (name === 'Optional') return { ...annotationType(first, depth + 1), optional: true }
  if (name === 'Union') return either(parameters, depth)
  if (wrappers.has(name)) return annotationType(first, depth + 1)
  if (name === 'dict' || name === 'Dict' || name === 'Mapping') return { type: 'object' }
  if (!lists.has(name)) return ANY
  const items = annotationType(first, depth + 1)
  return { ...(items.list === true ? { type: 'array' as const } : items), list: true }
}

function literal(parameters: readonly SyntaxNode[]): AnnotatedType {
  const choices = parameters.map((part) => {
    const node = part.type === 'type' ? part.parts[0] : part
    return node?.type === 'integer' ? Number(node.text) : plainString(node)
  })
  if (choices.includes(undefined)) return ANY
  return { type: choices.every((choice) => typeof choice === 'number') ? 'integer' : 'string', choices }
}
