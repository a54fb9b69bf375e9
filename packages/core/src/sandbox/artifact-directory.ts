// Not node:fs/promises: loading it takes as long as a whole small run's own work.
import { mkdtempSync, readdirSync, realpathSync, rmdirSync, statSync } from 'node:fs'
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
  close(): void
}

/** Makes a directory for artifacts: the named one, or a fresh one that nobody else can read. */
export function openArtifactDirectory(named: string | undefined): ArtifactDirectory {
  if (named === undefined) {
    const fresh = mkdtempSync(path.join(tmpdir(), 'skilllite-output-'))
    return { path: fresh, real: realpathSync(fresh), close: () => removeIfEmpty(fresh) }
  }
  try {
    const made = makeDirectory(named)
    if (!statSync(named).isDirectory()) throw new Error('it is not a directory')
    const real = realpathSync(named)
    return { path: named, real, close: () => (made ? removeIfEmpty(named) : undefined) }
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

function removeIfEmpty(directory: string): void {
  try {
    if (readdirSync(directory).length === 0) rmdirSync(directory)
  } catch {
    // Somebody else uses it now, or has removed it.
  }
}
