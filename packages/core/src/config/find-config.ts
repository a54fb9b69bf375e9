import { existsSync, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'

/** Names of configuration files, the first found wins. */
export const CONFIG_NAMES = ['ts', 'mts', 'js', 'mjs', 'cjs', 'json', 'yaml', 'yml'].map(
  (extension) => `skilllite.config.${extension}`,
)

/**
 * The configuration file of the project at `cwd`: there, or above it as far as the repository or the home directory
 * reaches; outside of both only there. What lies in a skill's directory is the skill's and is never looked at.
 */
export function findConfig(cwd: string): string | undefined {
  const directories = ownDirectories(realOf(cwd))
  for (const directory of directories) {
    const name = CONFIG_NAMES.find((entry) => existsSync(path.join(directory, entry)))
    if (name !== undefined) return path.join(directory, name)
  }
  return undefined
}

/** Whether a path lies in a directory with a `SKILL.md`. */
export function isInSkill(file: string): boolean {
  return ancestors(path.dirname(realOf(file))).some(isSkill)
}

function ownDirectories(cwd: string): readonly string[] {
  const all = ancestors(cwd)
  const home = realOf(homedir())
  const boundary = all.findIndex(
    (directory) => directory === home || existsSync(path.join(directory, '.git')),
  )
  return all.slice(all.findLastIndex(isSkill) + 1, Math.max(boundary, 0) + 1)
}

function ancestors(directory: string): string[] {
  const parent = path.dirname(directory)
  return parent === directory ? [directory] : [directory, ...ancestors(parent)]
}

const isSkill = (directory: string): boolean =>
  existsSync(path.join(directory, 'SKILL.md')) || existsSync(path.join(directory, 'skill.md'))

function realOf(entry: string): string {
  try {
    return realpathSync.native(entry)
  } catch {
    return path.resolve(entry)
  }
}
