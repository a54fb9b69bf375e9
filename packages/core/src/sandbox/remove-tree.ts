import { chmod, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'

/** Far below the longest path that a system takes. */
const LONG_PATH = 500
/** What is still running may make more meanwhile. */
const ROUNDS = 3

/** Removes a directory with all below it: also what lies deeper than a path can name, or in a locked directory. */
export async function removeTree(directory: string): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    try {
      return await rm(directory, { recursive: true, force: true })
    } catch {
      await flatten(directory, round)
    }
  }
}

/** Opens every directory, and moves those with a long path up to the top. Links are not followed. */
async function flatten(top: string, round: number): Promise<void> {
  let moved = 0
  const open = [top]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    await chmod(at, 0o700).catch(() => {})
    for (const entry of await readdir(at, { withFileTypes: true }).catch(() => [])) {
      if (!entry.isDirectory()) continue
      const deep = path.join(at, entry.name)
      const near = path.join(top, `${round}.${moved}`)
      const isLong = deep.length > top.length + LONG_PATH
      if (!isLong) open.push(deep)
      else if (
        (await chmod(deep, 0o700).then(
          () => rename(deep, near),
          () => 'failed',
        )) !== 'failed'
      ) {
        moved++
        open.push(near)
      }
    }
  }
}
