import { readFileSync } from 'node:fs'
import { SkillLiteError } from '../errors.js'
import type { BuildDirectory } from './build-directory.js'

/** The sandbox shows the system's certificates; others are copied in. */
export function copyCertificates(file: string, build: BuildDirectory): string | undefined {
  try {
    return build.write('certificates.pem', readFileSync(file, 'utf8'))
  } catch {
    throw new SkillLiteError(
      'DEPENDENCY_INSTALL_FAILED',
      `The certificates in ${file} cannot be read`,
      'Correct the setting of pip, npm or the environment that names this file.',
    )
  }
}
