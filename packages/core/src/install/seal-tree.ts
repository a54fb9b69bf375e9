import { chmod, lstat, opendir, rm } from 'node:fs/promises'
import path from 'node:path'

/**
 * Makes a built tree what is mounted later: readable by everybody, writable by its owner, without set-uid bits, and
 * without anything that is neither file, directory nor link. Returns the bytes in it.
 */
export async function sealTree(directory: string): Promise<number> {
  let bytes = 0
  await chmod(directory, 0o755)
  for await (const entry of await opendir(directory)) {
    const at = path.join(directory, entry.name)
    if (entry.isDirectory()) bytes += await sealTree(at)
    else if (entry.isFile()) {
      const { mode, size } = await lstat(at)
      bytes += size
      const wanted = (mode & 0o100) === 0 ? 0o644 : 0o755
      if ((mode & 0o7777) !== wanted) await chmod(at, wanted)
    } else if (!entry.isSymbolicLink()) await rm(at, { force: true })
  }
  return bytes
}
