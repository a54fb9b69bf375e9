import { code } from './code.mjs'
import { files } from './files.mjs'
import { host } from './host.mjs'
import { network } from './network.mjs'
import { processes } from './processes.mjs'
import { resources } from './resources.mjs'

/**
 * `prepare` gets the world and returns the attack's `parameters`, `judge`, which tells the harm that was seen or is
 * false, and perhaps `close`.
 * @typedef {{ id: string, title: string, harm: string, attacks: string[], later?: string, watch?: boolean, prepare: Function }} Item
 */

/** @type {readonly { title: string, items: readonly Item[] }[]} */
export const groups = [
  { title: 'Files', items: files },
  { title: 'Network', items: network },
  { title: 'Processes', items: processes },
  { title: 'Resources', items: resources },
  { title: 'Code', items: code },
  { title: 'Host', items: host },
]

/** All 20. */
export const items = groups.flatMap((group) => group.items)
