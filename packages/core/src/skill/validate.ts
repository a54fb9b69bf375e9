import { realpathSync, statSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { SkillLiteError } from '../errors.js'
import { parseFrontMatter } from './front-matter.js'
import { readSkillFile } from './skill-file.js'

/** The fields of the Agent Skills specification. */
export const specificationFields: readonly string[] = [
  'allowed-tools',
  'compatibility',
  'description',
  'license',
  'metadata',
  'name',
]

const maxNameLength = 64
const maxDescriptionLength = 1_024
const maxCompatibilityLength = 500

/**
 * Checks a skill strictly, with the verdicts, texts and order of the reference library.
 *
 * @param path A skill directory, or the `SKILL.md` in it
 * @returns Every error found; none means valid
 */
export function validateSkill(path: string): string[] {
  let directory = resolve(path)
  try {
    const stats = statSync(directory)
    if (stats.isFile() && basename(directory).toLowerCase() === 'skill.md') directory = dirname(directory)
    else if (!stats.isDirectory()) return [`Not a directory: ${directory}`]
  } catch {
    return [`Path does not exist: ${directory}`]
  }
  try {
    const { text, encoding } = readSkillFile(realpathSync(directory))
    if (encoding === 'invalid') return ['SKILL.md is not valid UTF-8']
    return validateMetadata(parseFrontMatter(text).data, directory)
  } catch (error) {
    if (SkillLiteError.is(error)) return [error.message]
    throw error
  }
}

/** Checks front matter that is already parsed; with `directory`, also that its name equals the skill's. */
export function validateMetadata(data: Readonly<Record<string, unknown>>, directory?: string): string[] {
  const errors: string[] = []
  const unexpected = Object.keys(data).filter((key) => !specificationFields.includes(key))
  if (unexpected.length > 0) {
    const allowed = specificationFields.join(', ')
    errors.push(
      `Unexpected fields in frontmatter: ${unexpected.sort().join(', ')}. Only ${allowed} are allowed.`,
    )
  }
  if (Object.hasOwn(data, 'name')) errors.push(...nameErrors(data.name, directory))
  else errors.push('Missing required field in frontmatter: name')
  if (Object.hasOwn(data, 'description')) errors.push(...descriptionErrors(data.description))
  else errors.push('Missing required field in frontmatter: description')
  if (Object.hasOwn(data, 'compatibility')) errors.push(...compatibilityErrors(data.compatibility))
  return errors
}

/** What the specification says against a name, the directory aside if none is given. */
export function nameErrors(value: unknown, directory?: string): string[] {
  if (typeof value !== 'string' || value.trim() === '') return ["Field 'name' must be a non-empty string"]
  const name = normalizeName(value)
  const errors: string[] = []
  const length = codePoints(name)
  if (length > maxNameLength) {
    errors.push(`Skill name '${name}' exceeds ${maxNameLength} character limit (${length} chars)`)
  }
  if (name !== name.toLowerCase()) errors.push(`Skill name '${name}' must be lowercase`)
  if (name.startsWith('-') || name.endsWith('-')) {
    errors.push('Skill name cannot start or end with a hyphen')
  }
  if (name.includes('--')) errors.push('Skill name cannot contain consecutive hyphens')
  // Almost every name is ASCII, and compiling the pattern for the others takes longer than all the rest.
  if (!/^[a-zA-Z0-9-]*$/.test(name) && !/^[\p{L}\p{N}-]*$/u.test(name)) {
    errors.push(
      `Skill name '${name}' contains invalid characters. Only letters, digits, and hyphens are allowed.`,
    )
  }
  if (directory !== undefined) {
    const directoryName = basename(directory)
    if (directoryName.normalize('NFKC') !== name) {
      errors.push(`Directory name '${directoryName}' must match skill name '${name}'`)
    }
  }
  return errors
}

/** What the specification says against a description. */
export function descriptionErrors(value: unknown): string[] {
  if (typeof value !== 'string' || value.trim() === '')
    return ["Field 'description' must be a non-empty string"]
  const length = codePoints(value)
  if (length <= maxDescriptionLength) return []
  return [`Description exceeds ${maxDescriptionLength} character limit (${length} chars)`]
}

/** What the specification says against a compatibility text. */
export function compatibilityErrors(value: unknown): string[] {
  if (typeof value !== 'string') return ["Field 'compatibility' must be a string"]
  const length = codePoints(value)
  if (length <= maxCompatibilityLength) return []
  return [`Compatibility exceeds ${maxCompatibilityLength} character limit (${length} chars)`]
}

/** A name as it is compared: trimmed, and composed where it was written decomposed. */
export function normalizeName(name: string): string {
  return name.trim().normalize('NFKC')
}

function codePoints(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}
