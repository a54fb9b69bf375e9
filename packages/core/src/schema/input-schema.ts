import type { Diagnostic, SkillInfo } from '../skill/skill-info.js'
import { compileSchema } from './compile-schema.js'

type Schema = Readonly<Record<string, unknown>>

export interface InputSchema {
  /** Nothing where none is declared: then the script's code says. */
  readonly schema?: Schema
  /** Why the declared schema cannot be used; the skill's tools are then not offered. */
  readonly problem?: Diagnostic
}

/** Says why a schema cannot be used, or nothing. */
export type SchemaProblem = (schema: Schema) => Promise<string | undefined>

/** By compiling it, which for all but plain schemas loads the full validator. */
export const compileProblem: SchemaProblem = async (schema) => {
  const compiled = await compileSchema(schema)
  return compiled.kind === 'ok' ? undefined : compiled.problem
}

/** The schema of a skill's arguments: the declared one, checked, or nothing. */
export async function readInputSchema(
  skill: SkillInfo,
  problemOf: SchemaProblem = compileProblem,
): Promise<InputSchema> {
  const declared = skill.runtime.inputSchema
  if (declared === undefined) return {}
  // Arguments are an object in any case, so a schema that forgets to say so means the same.
  const schema: Schema = declared.type === undefined ? { type: 'object', ...declared } : declared
  const problem = await problemOf(schema)
  if (problem === undefined) return { schema }
  return {
    schema,
    problem: {
      code: 'SKILL_SCHEMA_INVALID',
      severity: 'error',
      message: `The input_schema of ${skill.name} in ${skill.file} cannot be used: it ${fitSentence(problem)}`,
      hint: 'Make input_schema a JSON Schema (2020-12) of type object; see https://json-schema.org/draft/2020-12.',
      path: skill.file,
    },
  }
}

const fitSentence = (problem: string): string =>
  /^(is|has|refers|holds|takes) /.test(problem) ? problem : `is not valid: ${problem}`
