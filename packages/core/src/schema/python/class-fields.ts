import type { SyntaxNode } from '../../syntax/syntax-node.js'
import { isObject, type PyClass, type PyValue, sequence } from './values.js'

/** A field of a dataclass, a pydantic model or the like. */
export interface ClassField {
  readonly name: string
  readonly annotation: SyntaxNode | undefined
  /** Nothing where it must be given. */
  readonly fallback: PyValue | undefined
}

/** The annotated names of a class and of those that it is derived from. */
export function fieldsOf(type: PyClass, depth = 0): ClassField[] {
  const fields = new Map<string, ClassField>()
  for (const base of type.bases) {
    if (isObject(base, 'class') && depth < 10)
      for (const field of fieldsOf(base, depth + 1)) fields.set(field.name, field)
  }
  for (const statement of type.node.field('body')?.parts ?? []) {
    const [assignment] = statement.type === 'expression_statement' ? statement.parts : []
    const name = assignment?.field('left')?.text
    const annotation = assignment?.field('type')
    if (assignment?.type !== 'assignment' || name === undefined || annotation === undefined) continue
    if (/^ClassVar\b|\bClassVar\[/.test(annotation.text) || name === 'model_config') continue
    const given = assignment.field('right')
    fields.set(name, {
      name,
      annotation,
      fallback: given === undefined ? undefined : defaultOf(type.members.get(name), given),
    })
  }
  return [...fields.values()]
}

/** `Field(5)`, `field(default_factory=list)`, or the value itself. */
function defaultOf(value: PyValue | undefined, node: SyntaxNode): PyValue | undefined {
  if (!isObject(value, 'made') || !/(^|\.)(Field|field)$/.test(value.path)) return value
  const { positional, keywords } = value.args
  const factory = keywords.get('default_factory')
  if (isObject(factory, 'external')) {
    return /\.(list|set|tuple)$/.test(factory.path) ? sequence('list', []) : null
  }
  if (factory !== undefined) return null
  const given = keywords.get('default') ?? positional[0]
  const [first] = node.field('arguments')?.parts ?? []
  return first?.type === 'ellipsis' ? undefined : given
}
