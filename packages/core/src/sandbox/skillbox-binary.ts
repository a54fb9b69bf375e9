import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { SkillLiteError } from '../errors.js'
import { isExecutable } from '../runtime/find-program.js'

/** The native binary: the one that `SKILLLITE_SKILLBOX` names, else the package's own. */
export function skillboxPath(environment: NodeJS.ProcessEnv = process.env): string {
  const named = environment.SKILLLITE_SKILLBOX
  if (named !== undefined && named !== '') return path.resolve(named)
  // As built, all code lies in dist/; in the repository, this file lies one level deeper.
  const up = import.meta.url.endsWith('.ts') ? '../../bin/skillbox' : '../bin/skillbox'
  return fileURLToPath(new URL(up, import.meta.url))
}

/** As {@link skillboxPath}, but throws `SANDBOX_BINARY_MISSING` where nothing can be run. */
export function requireSkillbox(environment: NodeJS.ProcessEnv = process.env): string {
  const binary = skillboxPath(environment)
  if (isExecutable(binary)) return binary
  throw new SkillLiteError(
    'SANDBOX_BINARY_MISSING',
    `The sandbox binary ${binary} is missing or not executable`,
    'Build it with: npm run build',
  )
}
