import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { parseEnv } from 'node:util'
import { SkillLiteError } from '../errors.js'
import { defineConfig } from './config.js'

const MAX_BYTES = 1024 * 1024

/** What a configuration file holds, not yet checked. Code in it runs. Throws `CONFIG_INVALID`. */
export async function readConfigFile(file: string): Promise<unknown> {
  const extension = path.extname(file)
  try {
    if (extension === '.json') return JSON.parse(readText(file))
    if (extension === '.yaml' || extension === '.yml') {
      const { parse } = await import('./parse-yaml.js')
      return parse(readText(file))
    }
    return await evaluate(file)
  } catch (error) {
    if (SkillLiteError.is(error)) throw error
    const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error)
    throw new SkillLiteError(
      'CONFIG_INVALID',
      `${file} cannot be read: ${reason}`,
      'Correct it, or use --no-config.',
      {
        cause: error,
      },
    )
  }
}

/** Variables in the file `.env` beside a configuration; none where there is no such file. */
export function readDotEnv(directory: string): NodeJS.ProcessEnv {
  const file = path.join(directory, '.env')
  try {
    return parseEnv(readText(file))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    const reason = (error as NodeJS.ErrnoException).code ?? 'it is too large or no file'
    throw new SkillLiteError('CONFIG_INVALID', `${file} cannot be read: ${reason}`, 'Correct or remove it.')
  }
}

function readText(file: string): string {
  const stats = statSync(file)
  if (!stats.isFile() || stats.size > MAX_BYTES) throw new Error('it is too large or no file')
  return readFileSync(file, 'utf8').replace(/^\ufeff/, '')
}

/** TypeScript and both kinds of JavaScript, on every Node; nothing is cached. What it imports is found from the file. */
async function evaluate(file: string): Promise<unknown> {
  const { createJiti } = await import('jiti')
  // A command that was fetched for one use is not installed where the file could find it.
  const self = { defineConfig }
  const jiti = createJiti(file, {
    fsCache: false,
    moduleCache: false,
    virtualModules: { skilllite: self, '@skilllite/core': self },
  })
  return jiti.import(file, { default: true })
}
