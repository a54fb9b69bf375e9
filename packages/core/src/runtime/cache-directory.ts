import { lstatSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { isOursAlone } from '../skill/own-file.js'
import { makeDirectory } from './make-directory.js'

/**
 * The cache directory, made where it does not exist; nothing where it is not ours alone. What it holds decides which
 * programs are started, so another user must not be able to write there.
 */
export function cacheDirectory(environment: NodeJS.ProcessEnv): string | undefined {
  const directory = chosenDirectory(environment)
  if (directory === undefined) return undefined
  try {
    makeDirectory(directory, 0o700)
    const stats = lstatSync(directory)
    return stats.isDirectory() && isOursAlone(stats) ? directory : undefined
  } catch {
    return undefined
  }
}

function chosenDirectory(environment: NodeJS.ProcessEnv): string | undefined {
  const own = environment.SKILLLITE_CACHE_DIR
  if (own !== undefined && own !== '') return path.resolve(own)
  const base = environment.XDG_CACHE_HOME
  // The XDG specification says to ignore a relative path.
  if (base !== undefined && path.isAbsolute(base)) return path.join(base, 'skilllite')
  const home = environment.HOME ?? homedir()
  return path.isAbsolute(home) ? path.join(home, '.cache', 'skilllite') : undefined
}
