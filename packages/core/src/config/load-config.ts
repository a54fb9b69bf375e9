import { lstatSync, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { quote, SkillLiteError } from '../errors.js'
import type { Diagnostic } from '../skill/skill-info.js'
import { nearestName } from '../tools/nearest-name.js'
import { checkConfig, placeOf } from './check-config.js'
import type { ConfigGrants, SkillLiteConfig } from './config.js'
import { CONFIG_NAMES, isInSkill } from './find-config.js'
import type { LayeredOptions, LoadedConfig } from './loaded-config.js'
import { readConfigFile, readDotEnv } from './read-config-file.js'

/** Reads and checks a configuration file that was found (`found`) or that the host names. */
export async function loadConfigFile(given: string, how: 'found' | 'named'): Promise<LoadedConfig> {
  const file = realFile(given)
  if (isInSkill(file) || isInSkill(given)) {
    throw invalid(
      `${quote(given, 300)} lies in a skill's directory`,
      'A skill may not configure what it is granted.',
    )
  }
  if (!CONFIG_NAMES.some((name) => path.extname(name) === path.extname(file))) {
    throw invalid(`${quote(given, 300)} is no configuration file`, `Use one of ${CONFIG_NAMES.join(', ')}.`)
  }
  const directory = path.dirname(file)
  if (how === 'found')
    for (const entry of [path.resolve(given), path.join(directory, '.env')]) checkOwner(entry)
  const config = checkConfig(await readConfigFile(file), file)
  return loaded(config, directory, { file, variables: readDotEnv(directory) })
}

/** Checks a configuration that a program gives. */
export function loadConfigObject(config: SkillLiteConfig, cwd: string): LoadedConfig {
  return loaded(checkConfig(config, 'config'), cwd, { variables: {} })
}

function loaded(
  config: SkillLiteConfig,
  directory: string,
  source: Pick<LoadedConfig, 'file' | 'variables'>,
): LoadedConfig {
  const { skillsDir, discover, approvals, concurrency, defaults, skills = {} } = config
  const name = source.file ?? 'config'
  const absolute = (entry: string): string => path.resolve(directory, expandHome(entry))
  const layer = (place: string, grants: ConfigGrants | undefined) =>
    grants === undefined ? [] : [{ from: `${name}#${place}`, options: optionsOf(grants, absolute) }]
  return {
    ...source,
    ...(skillsDir === undefined ? {} : { skillsDir: [skillsDir].flat().map(absolute) }),
    ...(discover === undefined ? {} : { discover }),
    ...(approvals === undefined ? {} : { approvals: absolute(approvals) }),
    ...(concurrency === undefined ? {} : { concurrency }),
    layers: (skill) => [
      ...(skill !== undefined && Object.hasOwn(skills, skill)
        ? layer(placeOf(['skills', skill]), skills[skill])
        : []),
      ...layer('defaults', defaults),
    ],
    diagnostics: (known) =>
      Object.keys(skills)
        .filter((skill) => !known.includes(skill))
        .map((skill) => unknownSkill(skill, known, name)),
  }
}

/** Grants for a name that no skill has: mostly a slip of the pen, and then the skill has less than was meant. */
function unknownSkill(skill: string, known: readonly string[], source: string): Diagnostic {
  const meant = nearestName(skill, known)
  return {
    code: 'config-skill-unknown',
    severity: 'warning',
    message: `${placeOf(['skills', skill])} names no skill that was found`,
    hint: meant === undefined ? 'Check the name, and where skills are looked for.' : `Did you mean ${meant}?`,
    path: source,
  }
}

function optionsOf({ env, ...grants }: ConfigGrants, absolute: (entry: string) => string): LayeredOptions {
  const { allowRead, allowWrite, outputDir } = grants
  return {
    ...grants,
    ...(allowRead === undefined ? {} : { allowRead: allowRead.map(absolute) }),
    ...(allowWrite === undefined ? {} : { allowWrite: allowWrite.map(absolute) }),
    ...(outputDir === undefined ? {} : { outputDir: absolute(outputDir) }),
    ...(env === undefined ? {} : { env: Object.fromEntries(env.map((name) => [name, true as const])) }),
  }
}

function realFile(given: string): string {
  try {
    return realpathSync.native(given)
  } catch {
    throw invalid(`There is no configuration file ${quote(given, 300)}`, 'Check the path.')
  }
}

/**
 * What is found by itself must not have been put there by another user: it decides what may be touched, and may be code.
 * What is not there is no matter.
 */
function checkOwner(file: string): void {
  const user = process.getuid?.()
  const found = lstatSync(file, { throwIfNoEntry: false })
  if (user === undefined || found === undefined) return
  const directory = lstatSync(path.dirname(file))
  const isForeign = (uid: number) => uid !== user && uid !== 0
  const isOpen = (mode: number) => (mode & 0o002) !== 0
  const reasons: readonly (readonly [boolean, string])[] = [
    // Who made a link, and where it will lead, cannot be told from what it leads to.
    [found.isSymbolicLink(), 'is a symbolic link'],
    [isForeign(found.uid), 'belongs to another user'],
    [isOpen(found.mode), 'can be changed by everyone'],
    [isForeign(directory.uid), 'lies in a directory of another user'],
    [isOpen(directory.mode), 'lies in a directory that everyone can change'],
  ]
  const reason = reasons.find(([applies]) => applies)?.[1]
  if (reason === undefined) return
  throw invalid(`${file} ${reason}, so it is not used`, 'Name it with --config, or use --no-config.')
}

const expandHome = (entry: string): string =>
  entry === '~' || entry.startsWith('~/') ? path.join(homedir(), entry.slice(1)) : entry

const invalid = (message: string, hint: string): SkillLiteError =>
  new SkillLiteError('CONFIG_INVALID', message, hint)
