import { isWithin } from './host-paths.js'
import type { SandboxPolicy } from './sandbox-policy.js'

/** The skill's own place, where the host grants writing around it: a run uses a copy, and may not change the original. */
export function protectedDirectories({ originalDirectory, writePaths }: SandboxPolicy): readonly string[] {
  if (originalDirectory === undefined) return []
  return writePaths.some((path) => isWithin(originalDirectory, path)) ? [originalDirectory] : []
}
