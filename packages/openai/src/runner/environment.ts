import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parseEnv } from 'node:util'
import { quote, SkillLiteError } from '@skilllite/core'

/** A value, and where it stands. */
export interface Setting {
  readonly name: string
  readonly value: string
  readonly from: 'environment' | 'file'
}

/** Settings by name: those of the environment stand before those of the file. Nothing is put into `process.env`. */
export class Environment {
  constructor(
    private readonly environment: Readonly<Record<string, string | undefined>>,
    private readonly file: Readonly<Record<string, string | undefined>>,
  ) {}

  /** The first of these names that has a value. */
  find(...names: readonly string[]): Setting | undefined {
    for (const name of names) {
      const [own, written] = [this.environment[name]?.trim(), this.file[name]?.trim()]
      if (own !== undefined && own !== '') return { name, value: own, from: 'environment' }
      if (written !== undefined && written !== '') return { name, value: written, from: 'file' }
    }
    return undefined
  }

  value(...names: readonly string[]): string | undefined {
    return this.find(...names)?.value
  }
}

/**
 * The environment with an `.env` file behind it. Throws `OPTION_INVALID` for a file that is there and cannot be read, or
 * that was named and is not there.
 *
 * @param envFile Relative to `cwd`; false reads none; undefined reads `.env` where there is one
 */
export function readEnvironment(cwd: string, envFile: string | false | undefined): Environment {
  if (envFile === false) return new Environment(process.env, {})
  const file = path.resolve(cwd, envFile ?? '.env')
  try {
    return new Environment(process.env, parseEnv(readFileSync(file, 'utf8')) as Record<string, string>)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' && envFile === undefined) return new Environment(process.env, {})
    throw new SkillLiteError(
      'OPTION_INVALID',
      `The settings in ${quote(file)} cannot be read${code === undefined ? '' : ` (${code})`}`,
      undefined,
      { cause: error },
    )
  }
}
