import { mkdtemp, readdir, realpath, rmdir, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { quote, SkillLiteError } from '../errors.js'
import { makeDirectory } from '../runtime/make-directory.js'

/** Where artifacts of one run go. */
export interface ArtifactDirectory {
  /** As the host named it. */
  readonly path: string
  /** Without links: what collects follows none. */
  readonly real: string
  /** Removes what was made here, if the run left nothing in it. */
  close(): Promise<void>
}

/** Makes a directory for artifacts: the named one, or a fresh one that nobody else can read. */
export async function openArtifactDirectory(named: string | undefined): Promise<ArtifactDirectory> {
  if (named === undefined) {
    const fresh = await mkdtemp(path.join(tmpdir(), 'skilllite-output-'))
    return { path: fresh, real: await realpath(fresh), close: () => removeIfEmpty(fresh) }
  }
  try {
    const made = makeDirectory(named)
    if (!(await stat(named)).isDirectory()) throw new Error('it is not a directory')
    const real = await realpath(named)
    return { path: named, real, close: async () => (made ? removeIfEmpty(named) : undefined) }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new SkillLiteError(
      'OPTION_INVALID',
      `outputDir ${quote(named, 300)} cannot be used: ${reason}`,
      'Name a directory.',
      {
        cause: error,
      },
    )
  }
}

async function removeIfEmpty(directory: string): Promise<void> {
  const entries = await readdir(directory).catch(() => ['?'])
  if (entries.length === 0) await rmdir(directory).catch(() => {})
}
