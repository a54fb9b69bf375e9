import type { SyntaxNode } from '../../syntax/syntax-node.js'
import type { FactList } from '../fact.js'
import type { Unit } from '../unit.js'
import type { Value } from './value.js'
import { Scope } from './value.js'

/** One file of code while it is followed. */
export interface Module {
  readonly unit: Unit
  readonly root: SyntaxNode
  readonly scope: Scope
  state: 'new' | 'running' | 'done'
}

/** What following a skill's code needs of the rest of the scan. */
export interface Program {
  readonly facts: FactList
  readonly scan: (unit: Unit) => void
  /** Code files by their path. */
  readonly modules: ReadonlyMap<string, Module>
  /** The text of a file of the skill whose path ends so, where it has one. */
  readonly readFile: (path: string) => { readonly path: string; readonly text: string } | undefined
  /** Steps left for the whole skill. */
  steps: number
}

/** Everything that a call is looked at with. */
export interface CallSite {
  readonly program: Program
  readonly unit: Unit
  readonly node: SyntaxNode
  /** Arguments by position. */
  readonly args: readonly Value[]
  /** Arguments by name, and entries of an options object. */
  readonly named: ReadonlyMap<string, Value>
  readonly receiver?: Value
}

export function newModule(unit: Unit, root: SyntaxNode): Module {
  return { unit, root, scope: new Scope(), state: 'new' }
}

export function noteAt(
  site: CallSite,
  name: string,
  what?: string,
  more: { host?: string; tags?: readonly string[] } = {},
): void {
  const text = what ?? site.node.text
  site.program.facts.add({
    name,
    unit: site.unit,
    offset: site.node.start,
    what: text.slice(0, 120),
    ...more,
  })
}
