import { rmSync } from 'node:fs'
import type { CompletedRun } from './run-result.js'

/** The result without the artifacts for which there is a reason; they are removed from the host, and named as left out. */
export function dropArtifacts(
  result: CompletedRun,
  reasonFor: (name: string) => string | undefined,
): CompletedRun {
  const dropped = result.artifacts.flatMap((artifact) => {
    const reason = reasonFor(artifact.name)
    return reason === undefined ? [] : [{ artifact, reason }]
  })
  if (dropped.length === 0) return result
  // A run never replaces a file of the host: what is removed here is its own.
  for (const { artifact } of dropped) rmSync(artifact.path, { force: true })
  return {
    ...result,
    artifacts: result.artifacts.filter((entry) => !dropped.some(({ artifact }) => artifact === entry)),
    leftOut: [...result.leftOut, ...dropped.map(({ artifact, reason }) => ({ path: artifact.name, reason }))],
  }
}
