import { lstatSync, readlinkSync, renameSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { bind, type RuntimeMount } from '../runtime/runtime-mount.js'
import type { Environment } from './environment-store.js'

/**
 * Lets the scripts of a skill's private copy find the packages of an environment, by a link beside the copy: Node looks
 * for `node_modules` in every directory above a file, for `import` as for `require`, and knows no other place for
 * `import`. A `node_modules` of the skill's own comes first.
 */
export function linkNodeModules(copy: string, { tree }: Environment): readonly RuntimeMount[] {
  const link = path.join(path.dirname(copy), 'node_modules')
  const target = path.join(tree, 'node_modules')
  if (lstatSync(link, { throwIfNoEntry: false }) === undefined || readlinkSync(link) !== target) {
    const fresh = `${link}.${process.pid}`
    symlinkSync(target, fresh)
    renameSync(fresh, link)
  }
  return [bind(tree), { kind: 'symlink', path: link, target }]
}
