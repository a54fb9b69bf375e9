import type { SyntaxNode } from '../../syntax/syntax-node.js'
import { hasType } from '../observed/input.js'
import { baggedFlag } from './item.js'
import type { Reading } from './reading.js'
import { externalValue } from './scope.js'
import { type JsScope, type JsValue, NO_MEMBER, UNKNOWN } from './values.js'

const TEXT_MEMBERS = /^(length|constructor|prototype|then|catch|finally)$/

/** `value.name` */
export function memberOf(
  value: JsValue,
  name: string,
  node: SyntaxNode,
  scope: JsScope,
  run: Reading,
): JsValue {
  if (typeof value === 'string')
    return name === 'length' ? value.length : { kind: 'bound', self: value, method: name }
  if (typeof value !== 'object' || value === null) return UNKNOWN
  switch (value.kind) {
    case 'array':
      if (name !== 'length') return { kind: 'bound', self: value, method: name }
      return value.words === undefined ? value.items.length : { kind: 'length', list: value.words }
    case 'words':
      return name === 'length'
        ? { kind: 'length', list: value.list }
        : { kind: 'bound', self: value, method: name }
    case 'object':
      if (value.members.has(name)) return value.members.get(name)
      if (value.flags !== undefined && !TEXT_MEMBERS.test(name) && !isCallee(node)) {
        return baggedFlag(value.flags, name, node, scope, run)
      }
      return isCallee(node) ? { kind: 'bound', self: value, method: name } : undefined
    case 'external':
      return externalValue(`${value.path}.${name}`, run)
    case 'native': {
      const member = isCallee(node) && value.method !== undefined ? NO_MEMBER : value.member?.(name)
      return member === NO_MEMBER || member === undefined
        ? { kind: 'bound', self: value, method: name }
        : member
    }
    case 'input':
      if (isCallee(node)) return { kind: 'bound', self: value, method: name }
      if (value.input.source === 'member' && name !== 'length') hasType(value.input, 'object')
      return UNKNOWN
    case 'unknown':
      return isCallee(node) ? { kind: 'bound', self: value, method: name } : UNKNOWN
    default:
      return { kind: 'bound', self: value, method: name }
  }
}

export const isCallee = (node: SyntaxNode): boolean =>
  node.role === 'function' && node.parent?.type === 'call_expression'
