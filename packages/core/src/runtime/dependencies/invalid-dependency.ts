import { SkillLiteError } from '../../errors.js'

/** A declaration of a skill that is not installed from. */
export function invalidDependency(place: string, problem: string): SkillLiteError {
  return new SkillLiteError(
    'DEPENDENCY_INVALID',
    `The dependencies in ${place} cannot be used: ${problem}`,
    'Declare packages by name and version, as in pandas>=2,<4; ask the author of the skill to.',
  )
}
