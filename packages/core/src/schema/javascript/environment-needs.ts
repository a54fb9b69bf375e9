import type { SyntaxNode } from '../../syntax/syntax-node.js'
import { stringText } from './literal.js'

const MAX_NEEDS = 200
/** What every environment has, or what only tunes the runtime. */
const COMMON =
  /^(PATH|HOME|USER|PWD|TMPDIR|TEMP|TMP|SHELL|TERM|LANG|LC_\w+|NODE_ENV|DEBUG|CI|NO_COLOR|FORCE_COLOR)$/

/** Environment variables that the code reads. */
export function environmentNeeds(root: SyntaxNode): string[] {
  const names = new Set<string>()
  for (const node of root.find(
    'member_expression',
    'subscript_expression',
    'call_expression',
    'object_pattern',
  )) {
    for (const name of namesOf(node)) {
      if (/^[A-Za-z_]\w*$/.test(name) && !COMMON.test(name) && names.size < MAX_NEEDS) names.add(name)
    }
  }
  return [...names]
}

const ENVIRONMENT = /^(process\.env|Bun\.env|import\.meta\.env)$/

function namesOf(node: SyntaxNode): string[] {
  if (isWritten(node)) return []
  switch (node.type) {
    case 'member_expression':
      return isEnvironment(node.field('object')) ? [node.field('property')?.text ?? ''] : []
    case 'subscript_expression': {
      const index = node.field('index')
      return isEnvironment(node.field('object')) && index?.type === 'string' ? [stringText(index)] : []
    }
    case 'call_expression': {
      const [first] = node.field('arguments')?.parts ?? []
      return node.field('function')?.text === 'Deno.env.get' && first?.type === 'string'
        ? [stringText(first)]
        : []
    }
    default:
      return isEnvironment(node.parent?.field('value')) && node.role === 'name'
        ? node.parts.flatMap(patternKey)
        : []
  }
}

const isEnvironment = (node: SyntaxNode | undefined): boolean =>
  node !== undefined && node.end - node.start < 40 && ENVIRONMENT.test(node.text.replace('?.', '.'))

const isWritten = (node: SyntaxNode): boolean =>
  (node.role === 'left' && node.parent?.type === 'assignment_expression') ||
  (node.parent?.type === 'unary_expression' && node.parent.field('operator')?.text === 'delete')

function patternKey(part: SyntaxNode): string[] {
  const key =
    part.type === 'pair_pattern'
      ? part.field('key')
      : part.type === 'object_assignment_pattern'
        ? part.field('left')
        : part
  return key === undefined ? [] : [key.text]
}
