import { isUtf8 } from 'node:buffer'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { SkillLiteError } from '../errors.js'
import { FileRefusal, readInside } from './safe-file.js'

/** No `SKILL.md` larger than this is read: a model could not take it in. */
export const maxSkillFileBytes = 1_048_576

/** A `SKILL.md` as text, with what was odd about its bytes. */
export interface SkillText {
  readonly file: string
  readonly text: string
  /** Whether the bytes were UTF-8; if not, `text` has U+FFFD in place of what was not. */
  readonly encoding: 'utf-8' | 'invalid'
}

/** The path of a directory's `SKILL.md`, else of its `skill.md`, as the reference library finds it. */
export function findSkillFile(directory: string): string | undefined {
  return ['SKILL.md', 'skill.md'].map((name) => join(directory, name)).find((file) => existsSync(file))
}

/** Reads the `SKILL.md` of `directory`, a real path: a regular file, within the directory and of bounded size. */
export function readSkillFile(directory: string): SkillText {
  const upper = join(directory, 'SKILL.md')
  try {
    return decode(upper, readInside(directory, upper, maxSkillFileBytes))
  } catch (error) {
    if (!(error instanceof FileRefusal)) throw error
    if (error.reason !== 'missing') throw asSkillError(error)
  }
  const lower = join(directory, 'skill.md')
  try {
    return decode(lower, readInside(directory, lower, maxSkillFileBytes))
  } catch (error) {
    throw error instanceof FileRefusal ? asSkillError(error) : error
  }
}

function decode(file: string, bytes: Buffer): SkillText {
  return { file, text: bytes.toString('utf8'), encoding: isUtf8(bytes) ? 'utf-8' : 'invalid' }
}

function asSkillError(refusal: FileRefusal): SkillLiteError {
  const cause = { cause: refusal }
  switch (refusal.reason) {
    case 'missing':
      return new SkillLiteError(
        'SKILL_FILE_MISSING',
        'Missing required file: SKILL.md',
        'A skill is a directory with a file named SKILL.md.',
        cause,
      )
    case 'outside':
      return new SkillLiteError(
        'RESOURCE_OUTSIDE_SKILL',
        'SKILL.md is a symbolic link that leads out of the skill directory',
        'Put the file itself into the skill directory.',
        cause,
      )
    case 'not-a-file':
      return new SkillLiteError(
        'SKILL_NOT_A_FILE',
        'SKILL.md is not a regular file',
        'Replace it with a text file.',
        cause,
      )
    case 'too-large':
      return new SkillLiteError(
        'SKILL_TOO_LARGE',
        `SKILL.md exceeds ${maxSkillFileBytes} byte limit`,
        'Move long material to files under references/.',
        cause,
      )
    case 'unreadable':
      return new SkillLiteError(
        'SKILL_UNREADABLE',
        'SKILL.md cannot be read',
        'Check the permissions of the file.',
        cause,
      )
  }
}
