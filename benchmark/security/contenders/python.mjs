import { realpathSync } from 'node:fs'
import { versionOf } from '../peers.mjs'

/** The system's interpreter itself, not a version manager's shim. */
export const python = (() => {
  try {
    return realpathSync('/usr/bin/python3')
  } catch {
    return '/usr/bin/python3'
  }
})()

export async function requirePython() {
  const version = await versionOf(python)
  if (version === undefined)
    throw new Error('there is no /usr/bin/python3; install it with: apt-get install python3')
  return version
}
