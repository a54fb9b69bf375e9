import { chmodSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { makeDirectory } from '../runtime/make-directory.js'
import { removeTree } from '../sandbox/remove-tree.js'
import { isAlive, ownIdentity } from './process-identity.js'

/** Where one environment is built. Nobody else uses it; when this process is gone, the next build removes it. */
export interface BuildDirectory {
  /** Files for the installer, which it cannot change. */
  readonly input: string
  /** What the installer may write to, and all of it. */
  readonly output: string
  write(name: string, text: string): string
  close(): Promise<void>
}

export async function openBuildDirectory(store: string): Promise<BuildDirectory> {
  const parent = path.join(store, 'building')
  makeDirectory(parent, 0o700)
  await removeAbandoned(parent)
  const own = realpathSync(mkdtempSync(path.join(parent, `${ownIdentity()}-`)))
  const input = path.join(own, 'input')
  const output = path.join(own, 'output')
  // Whatever the umask: in a sandbox that root starts, it is another user who reads and writes here.
  for (const directory of [input, output]) {
    mkdirSync(directory)
    chmodSync(directory, 0o755)
  }
  return {
    input,
    output,
    write(name, text) {
      const file = path.join(input, name)
      // Credentials for the index may stand in it.
      writeFileSync(file, text, { mode: 0o600, flag: 'wx' })
      return file
    },
    close: () => removeTree(own),
  }
}

/** Removes what builders have left that did not come to their end. Returns how many. */
export async function removeAbandoned(parent: string): Promise<number> {
  let names: string[] = []
  try {
    names = readdirSync(parent)
  } catch {
    // Nothing was ever built.
  }
  const abandoned = names.filter((name) => !isAlive(name.slice(0, name.lastIndexOf('-'))))
  await Promise.all(abandoned.map((name) => removeTree(path.join(parent, name))))
  return abandoned.length
}
