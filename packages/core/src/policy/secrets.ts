import { quote, SkillLiteError } from '../errors.js'
import type { SkillInfo } from '../skill/skill-info.js'
import { isGrantable } from './environment.js'

/** Asked for each variable that a skill declares, when it runs; nothing means that it does not get this one. */
export type SecretProvider = (skill: string, name: string) => Promise<string | undefined>

/**
 * Variables that single skills get, by the name of the skill: names, whose values are taken from the host's environment,
 * or values (`true` again for the host's own). Or a function that is asked.
 */
export type Secrets =
  | SecretProvider
  | Readonly<Record<string, readonly string[] | Readonly<Record<string, string | true>>>>

type Granted = Readonly<Record<string, string | true>>

/** The variables that a list or mapping gives to one skill. Throws `OPTION_INVALID` for what is neither. */
export function secretsOf(secrets: Secrets | undefined, skill: string): Granted {
  if (secrets === undefined || typeof secrets === 'function') return {}
  if (typeof secrets !== 'object' || secrets === null)
    throw invalid(`secrets must be a mapping or a function`)
  const given: unknown = Object.hasOwn(secrets, skill) ? secrets[skill] : undefined
  if (given === undefined) return {}
  if (Array.isArray(given) && given.every((name) => typeof name === 'string')) {
    return Object.fromEntries(given.map((name: string) => [name, true]))
  }
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return given as Granted
  throw invalid(`secrets of ${quote(skill)} must be a list of names or a mapping`)
}

/** The variables that a skill may be asked about: those that it declares and that it has not got otherwise. */
export function askedNames(
  { runtime }: Pick<SkillInfo, 'runtime'>,
  given: Granted | undefined,
): readonly string[] {
  return (runtime.env ?? []).filter((name) => !Object.hasOwn(given ?? {}, name) && isGrantable(name))
}

/** Asks the provider. What it throws becomes an error without the text of the cause, which may hold the value. */
export async function askProvider(
  provider: SecretProvider,
  skill: string,
  names: readonly string[],
): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const name of names) {
    let value: unknown
    try {
      value = await provider(skill, name)
    } catch {
      throw new SkillLiteError(
        'OPTION_INVALID',
        `The provider of secrets failed for ${name} of ${skill}`,
        'Let it answer undefined for what it does not have.',
      )
    }
    if (value === undefined) continue
    if (typeof value !== 'string')
      throw invalid(`The provider of secrets gave no text for ${name} of ${skill}`)
    found[name] = value
  }
  return found
}

const invalid = (message: string): SkillLiteError =>
  new SkillLiteError('OPTION_INVALID', message, "Give secrets as { skill: ['NAME'] }, or as a function.")
