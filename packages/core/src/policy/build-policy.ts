import path from 'node:path'
import { quote, SkillLiteError } from '../errors.js'
import type { SkillInfo } from '../skill/skill-info.js'
import { resolveEnvironment } from './environment.js'
import { checkSkillDirectory, isWithin, resolveGrantedPaths } from './host-paths.js'
import { formatHostPattern, parseHostPattern } from './hosts/host-pattern.js'
import { resolveLimits } from './limits.js'
import { isPlainText } from './plain-text.js'
import { DEFAULT_SANDBOX_LEVEL, type PolicyOptions } from './policy-options.js'
import type { SandboxLevel, SandboxPolicy } from './sandbox-policy.js'

/** The policy of one run: every default and every grant, decided. Throws for options that cannot be meant. */
export function buildPolicy(
  skill: Pick<SkillInfo, 'directory'>,
  options: PolicyOptions,
  host: NodeJS.ProcessEnv = process.env,
): SandboxPolicy {
  const level = checkLevel(options.level ?? DEFAULT_SANDBOX_LEVEL)
  const cwd = options.cwd ?? process.cwd()
  if (level !== 1) checkSkillDirectory(skill.directory)
  const policy: SandboxPolicy = {
    level,
    skillDirectory: skill.directory,
    programs: textList('allowPrograms', options.allowPrograms),
    hosts: hostPatterns(options.allowHosts),
    readPaths: resolveGrantedPaths('allowRead', options.allowRead, cwd, skill.directory),
    writePaths: resolveGrantedPaths('allowWrite', options.allowWrite, cwd, skill.directory),
    files: checkFiles(options.files ?? 'listed'),
    environment: Object.keys(resolveEnvironment(options.env, host)),
    limits: resolveLimits(options),
    ...(options.outputDir === undefined
      ? {}
      : { outputDirectory: outputDirectory(options.outputDir, cwd, skill.directory) }),
  }
  return Object.freeze(policy)
}

function checkLevel(level: unknown): SandboxLevel {
  if (level === 1 || level === 2 || level === 3) return level
  throw new SkillLiteError(
    'OPTION_INVALID',
    `level must be 1, 2 or 3, got ${quote(level)}`,
    'Level 2 is the sandbox.',
  )
}

function checkFiles(files: unknown): SandboxPolicy['files'] {
  if (files === 'listed' || files === 'arguments') return files
  throw new SkillLiteError(
    'OPTION_INVALID',
    `files must be listed or arguments, got ${quote(files)}`,
    'Leave it out for listed.',
  )
}

/** The patterns, each in its one spelling. */
function hostPatterns(given: readonly string[] | undefined): readonly string[] {
  const patterns = textList('allowHosts', given).map((entry) => formatHostPattern(parseHostPattern(entry)))
  return [...new Set(patterns)]
}

function outputDirectory(given: unknown, cwd: string, skillDirectory: string): string {
  if (typeof given !== 'string' || given === '' || !isPlainText(given)) {
    throw new SkillLiteError(
      'OPTION_INVALID',
      `outputDir must be a path, got ${quote(given)}`,
      'Name a directory.',
    )
  }
  const absolute = path.resolve(cwd, given)
  if (isWithin(absolute, skillDirectory)) {
    throw new SkillLiteError(
      'OPTION_INVALID',
      `outputDir ${quote(absolute)} lies in the skill's own directory`,
      'Name a directory outside: nothing is written beside a skill.',
    )
  }
  return absolute
}

function textList(option: string, given: readonly string[] | undefined): readonly string[] {
  const list: unknown = given ?? []
  if (
    Array.isArray(list) &&
    list.every((entry) => typeof entry === 'string' && entry !== '' && isPlainText(entry))
  ) {
    return [...new Set(list as string[])]
  }
  throw new SkillLiteError(
    'OPTION_INVALID',
    `${option} must be a list of names, got ${quote(given)}`,
    `Give ${option} as ["…"].`,
  )
}
