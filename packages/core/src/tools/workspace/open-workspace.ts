import { realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import { quote, SkillLiteError } from '../../errors.js'
import type { Workspace } from './workspace-tools.js'

/** A directory, and whether it may only be read. */
export type WorkspaceOption =
  | string
  | {
      readonly directory: string
      /** @default false */
      readonly readOnly?: boolean
    }

/** The workspace that a host names. Throws `OPTION_INVALID` unless it is a directory. */
export function openWorkspace(option: WorkspaceOption, cwd = process.cwd()): Workspace {
  const { directory, readOnly = false } = typeof option === 'string' ? { directory: option } : option
  try {
    const real = realpathSync(path.resolve(cwd, directory))
    if (statSync(real).isDirectory()) return { directory: real, readOnly }
  } catch {
    // said below
  }
  throw new SkillLiteError(
    'OPTION_INVALID',
    `The workspace ${quote(directory)} is not a directory`,
    'Make it, or name another.',
  )
}
