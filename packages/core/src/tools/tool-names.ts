import { ownToolNames } from './own-tools.js'

const MAX_NAME = 64

/** A script that wants a name. */
export interface Nameable {
  readonly skill: string
  readonly script: string
  /** Whether the skill has no other tool. */
  readonly only: boolean
}

/**
 * Names for tools, in the order given: the skill's name where it has one tool, else `<skill>_<script stem>`. Equal
 * input gives equal names; a name never depends on what other skills stand after it in the list.
 */
export function nameTools(tools: readonly Nameable[]): string[] {
  const taken = new Set(ownToolNames)
  const stems = countStems(tools)
  return tools.map((tool) => {
    const identity = `${tool.skill}\n${tool.script}`
    let name = readableName(tool, stems, identity)
    for (let round = 0; taken.has(name); round++) name = withSuffix(name, hash(`${identity}\n${round}`))
    taken.add(name)
    return name
  })
}

function readableName(tool: Nameable, stems: ReadonlyMap<string, number>, identity: string): string {
  if (tool.only) return fit(tool.skill, identity)
  const ambiguous = (stems.get(stemKey(tool)) ?? 0) > 1
  return fit(`${tool.skill}_${ambiguous ? tool.script : stemOf(tool.script)}`, identity)
}

/** How many scripts of one skill share a stem. */
function countStems(tools: readonly Nameable[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const tool of tools) counts.set(stemKey(tool), (counts.get(stemKey(tool)) ?? 0) + 1)
  return counts
}

const stemKey = ({ skill, script }: Nameable): string => `${skill}\n${stemOf(script)}`

/** Makes a text a legal name; where that loses something, a hash of the whole keeps it apart from others. */
function fit(text: string, identity: string): string {
  const legal = text.replace(/[^a-zA-Z0-9_-]+/g, '_')
  const readable = /[a-zA-Z0-9]/.test(legal) ? legal : 'skill'
  const lossless = /^[\w./-]+$/.test(text)
  return lossless && readable.length <= MAX_NAME ? readable : withSuffix(readable, hash(identity))
}

const withSuffix = (name: string, suffix: string): string =>
  `${name.slice(0, MAX_NAME - suffix.length - 1)}_${suffix}`

function stemOf(script: string): string {
  const base = script.slice(script.lastIndexOf('/') + 1)
  const dot = base.lastIndexOf('.')
  return dot > 0 ? base.slice(0, dot) : base
}

/** FNV-1a: keeps names apart and stable; nothing secret depends on it. */
function hash(text: string): string {
  let state = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text)) state = Math.imul(state ^ byte, 0x01000193)
  return (state >>> 0).toString(16).padStart(8, '0')
}
